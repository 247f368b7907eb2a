import assert from "node:assert/strict";
import { appendFileSync, cpSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import type { RunContext } from "../../core/execution/run-context.ts";
import type { AuthoredDataset } from "../../core/records/authored-dataset.ts";
import type { Project } from "../project.ts";
import { open } from "./open.ts";
import { runModel, withExecution } from "./run.ts";

interface Lab {
  readonly project: Project;
  readonly run: (model: (execution: RunContext) => unknown) => ReturnType<typeof runModel>;
}

/** A project with the record type Subject. */
async function lab(t: TestContext): Promise<Lab> {
  const folder = mkdtempSync(join(tmpdir(), "almanac-datasets-"));
  writeFileSync(join(folder, "almanac.config.json"), "{}");
  const code = join(folder, "analysis.ts");
  writeFileSync(code, "// the code of the runs");
  const project = await open({ folder, access: "create" });
  t.after(async () => {
    await project[Symbol.asyncDispose]();
    rmSync(folder, { recursive: true, force: true });
  });
  const run = (model: (execution: RunContext) => unknown) =>
    runModel({ project, code, model: ({ execution }) => model(execution) });
  return { project, run };
}

const subject = {
  ...{ name: "Subject", description: "" },
  columns: [{ name: "age", holds: "value", type: "number", required: true }],
} as const;

async function named(project: Project, name: string): Promise<AuthoredDataset> {
  const { items } = await project.catalog.authored.list({ names: [name] });
  assert.equal(items.length, 1, name);
  return items[0] as AuthoredDataset;
}

test("a run makes datasets of its files, its rows, other records and each other; they are there when it is published", async (t) => {
  const { project, run } = await lab(t);
  await project.catalog.typedRecords.define(subject);
  const earlier = await run((execution) => writeFileSync(execution.outputPath("old.txt"), "old"));
  const old = earlier.stored.find(({ fileName }) => fileName === "old.txt")?.rid ?? "";
  const report = await run(async (execution) => {
    writeFileSync(execution.outputPath("data/a b.txt"), "a");
    const absolute = execution.outputPath("c.txt");
    writeFileSync(absolute, "c");
    appendFileSync(execution.recordTable("Subject"), "40\n50\n");
    const part = execution.createDataset({
      name: "part",
      description: "Two files",
      types: ["train"],
      members: ["data/a b.txt", absolute, { member: `rid:${old}`, path: "older/old.txt" }],
      facets: { site: "north" },
    });
    execution.createDataset({
      name: "whole",
      members: [
        { member: part, path: "part" },
        { recordType: "Subject", row: 1 },
      ],
      version: "1.0.0",
      notes: "the first",
    });
    execution.createDataset({ name: "later", members: [], draft: true });
    assert.equal((await project.catalog.authored.list({})).total, 0);
  });
  assert.equal(report.state, "published", report.failure?.message);
  const { authored } = project.catalog;
  const part = await named(project, "part");
  assert.deepEqual([part.types, part.version, part.madeBy], [["Training"], "0.1.0", report.rid]);
  assert.deepEqual(part.facets, { site: "north" });
  const members = await authored.members({ dataset: part.rid, version: "0.1.0" });
  assert.deepEqual(
    members.map(({ path }) => path),
    ["older/old.txt", "data/a b.txt", "c.txt"],
  );
  const whole = await named(project, "whole");
  const [version] = await authored.versions(whole.rid);
  assert.deepEqual([version?.version, version?.notes, version?.madeBy], ["1.0.0", "the first", report.rid]);
  const { items: subjects } = await project.catalog.typedRecords.list({ type: "Subject" });
  const held = await authored.members({ dataset: whole.rid, version: "1.0.0" });
  assert.deepEqual(
    held.map(({ rid, kind, path }) => [rid, kind, path]),
    [
      [part.rid, "dataset", "part"],
      [subjects[1]?.rid, "record", undefined],
    ],
  );
  assert.equal((await named(project, "later")).version, undefined);
});

test("a run that fails, or was not published, leaves no dataset", async (t) => {
  const { project, run } = await lab(t);
  const failed = await run((execution) => {
    execution.createDataset({ members: [] });
    execution.fail("no");
  });
  assert.equal(failed.state, "failed");
  assert.equal((await project.catalog.authored.list({})).total, 0);
});

test("what is wrong with a dataset is told at once, where it is made; what only the catalog knows, when it is published", async (t) => {
  const { project, run } = await lab(t);
  const wrong = await run((execution) =>
    execution.createDataset({
      name: "bad",
      types: ["trian"],
      version: "1",
      members: ["none.txt", { dataset: 0 }, { member: "3JSE", path: "../x" }, "3JSE@draft"],
    }),
  );
  assert.equal(wrong.failure?.code, "DATASET_REFUSED");
  for (const part of [
    /"trian".*did you mean train/,
    /"1" is not major/,
    /"none.txt" is neither/,
    /no dataset 1/,
    /"\.\.\/x"/,
    /3JSE@draft is a draft/,
  ])
    assert.match(wrong.failure?.message ?? "", part);
  const absent = await run((execution) => {
    execution.createDataset({ name: "first", members: [] });
    execution.createDataset({ name: "bad", members: ["3JSE"] });
  });
  assert.equal(absent.state, "failed");
  assert.match(absent.failure?.message ?? "", /staged a dataset bad that cannot be stored.*there is no 3JSE/);
  assert.equal((await project.catalog.authored.list({})).total, 0);
});

const digest = "0".repeat(64);

test("files from elsewhere become assets by URL, in datasets that mirror their folders", async (t) => {
  const { project, run } = await lab(t);
  const files = [
    { url: "https://host.example/d/2020/one.nc", sizeBytes: 10, sha256: digest },
    { url: "https://host.example/d/2020/two%20b.nc", sizeBytes: 20, md5: "1".repeat(32) },
    { url: "https://host.example/d/2021/x/three.nc", sizeBytes: 30, sha256: digest },
  ];
  const report = await run((execution) => {
    execution.addFiles(files, { name: "archive", description: "Elsewhere" });
  });
  assert.equal(report.state, "published", report.failure?.message);
  const { authored, assets } = project.catalog;
  const archive = await named(project, "archive");
  const children = await authored.children({ dataset: archive.rid, version: "0.1.0", recursive: true });
  assert.deepEqual(
    children.map(({ depth }) => depth),
    [1, 1, 2],
  );
  const [first] = await authored.members({ dataset: (await named(project, "2020")).rid, version: "0.1.0" });
  assert.deepEqual(archive.types, ["File"]);
  const held = await authored.members({ dataset: (await named(project, "2020")).rid, version: "0.1.0" });
  assert.deepEqual(
    held.map((member) => [
      member.path,
      "checksum" in member && member.checksum,
      "sizeBytes" in member && member.sizeBytes,
    ]),
    [
      ["two b.nc", `md5:${"1".repeat(32)}`, 20],
      ["one.nc", `sha256:${digest}`, 10],
    ],
  );
  const asset = first === undefined ? undefined : await assets.asset(first.rid);
  assert.deepEqual([asset?.kind, asset?.madeBy], ["file", report.rid]);
  const bad = await run((execution) => {
    execution.addFiles([
      ...files,
      ...files,
      { url: "x", sizeBytes: -1 },
      { url: "https://a.b/c", sizeBytes: 1 },
    ]);
  });
  for (const part of [/comes twice/, /"x" is no URL/, /neither sha256 nor md5/])
    assert.match(bad.failure?.message ?? "", part);
});

test("results taken into an empty catalog give the same datasets once, with the same RIDs and digests", async (t) => {
  const { project, run } = await lab(t);
  await project.catalog.vocabularies.add("Dataset_Type", { name: "Pilot", description: "", synonyms: [] });
  const report = await run((execution) => {
    writeFileSync(execution.outputPath("a.txt"), "a");
    const inner = execution.createDataset({ name: "inner", types: ["Pilot"], members: ["a.txt"] });
    execution.createDataset({ name: "outer", members: [inner] });
  });
  assert.equal(report.state, "published", report.failure?.message);
  const facts = async ({ catalog: { authored } }: Project) => {
    const { items } = await authored.list({});
    return Promise.all(items.map(async (item) => [item, await authored.versions(item.rid)]));
  };
  const before = await facts(project);
  await project.catalog.authored.describe((await named(project, "inner")).rid, {
    description: "changed since",
  });
  await project.reingest(report.rid);
  assert.equal((await named(project, "inner")).description, "changed since");
  const { project: again } = await lab(t);
  cpSync(project.results.folder("runs"), again.results.folder("runs"), { recursive: true });
  for (let time = 0; time < 2; time += 1) {
    const { failed } = await again.ingestResults([]);
    assert.deepEqual(failed, []);
    assert.deepEqual(await facts(again), before);
  }
});

test("results are taken in whatever the order: a dataset waits for what other runs made", async (t) => {
  const { project } = await lab(t);
  const named = (name: string, model: (execution: RunContext) => unknown) =>
    withExecution({ project, workflow: { name, url: `file:///${name}`, checksum: name } }, model);
  const { report } = await named("z-last", (execution) => writeFileSync(execution.outputPath("a.txt"), "a"));
  const file = report.stored.find(({ fileName }) => fileName === "a.txt")?.rid ?? "";
  await named("m-middle", (execution) =>
    execution.createDataset({ name: "inner", members: [`rid:${file}`] }),
  );
  const [inner] = (await project.catalog.authored.list({})).items;
  await named("a-first", (execution) =>
    execution.createDataset({ name: "outer", members: [`${inner?.rid}@0.1.0`] }),
  );
  const before = (await project.catalog.authored.list({})).items;
  assert.deepEqual(
    before.map(({ name }) => name),
    ["inner", "outer"],
  );
  const { project: again } = await lab(t);
  for (const missing of [["z-last"], []]) {
    cpSync(project.results.folder("runs"), again.results.folder("runs"), {
      recursive: true,
      filter: (from) => !missing.some((name) => from.includes(name)),
    });
    const { failed } = await again.ingestResults([]);
    assert.equal(failed.length, missing.length * 2);
    assert.deepEqual((await again.catalog.authored.list({})).items, missing.length > 0 ? [] : before);
  }
});
