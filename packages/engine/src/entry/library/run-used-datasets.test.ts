import assert from "node:assert/strict";
import { cpSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import type { RunContext } from "../../core/execution/run-context.ts";
import type { Rid } from "../../core/identity/rid.ts";
import type { Project } from "../project.ts";
import { open } from "./open.ts";
import { runModel } from "./run.ts";

interface Lab {
  readonly project: Project;
  readonly run: (model: (execution: RunContext) => unknown) => ReturnType<typeof runModel>;
}

async function lab(t: TestContext): Promise<Lab> {
  const folder = mkdtempSync(join(tmpdir(), "almanac-used-datasets-"));
  writeFileSync(join(folder, "almanac.config.json"), "{}");
  const code = join(folder, "analysis.ts");
  writeFileSync(code, "// the code of the runs");
  const project = await open({ folder, access: "create" });
  t.after(async () => {
    await project[Symbol.asyncDispose]();
    rmSync(folder, { recursive: true, force: true });
  });
  await project.catalog.typedRecords.define({
    ...{ name: "Site", description: "" },
    columns: [{ name: "name", holds: "value", type: "text", required: true }],
  });
  return { project, run: (model) => runModel({ project, code, model: ({ execution }) => model(execution) }) };
}

/** A released dataset of a file, and one of records only. */
async function released({ project, run }: Lab): Promise<readonly [files: string, records: string]> {
  const made = await run((execution) => {
    writeFileSync(execution.outputPath("a.txt"), "alpha");
    writeFileSync(execution.recordTable("Site"), "name\nBern\n");
  });
  const { assets, authored, typedRecords } = project.catalog;
  const [file] = (await assets.list({ execution: made.rid, kind: ["execution-asset"] })).items;
  const [site] = (await typedRecords.list({ type: "Site" })).items;
  const at = "2024-01-01T00:00:00.000Z";
  const dataset = (name: string, rid: Rid | undefined) => ({
    ...{ name, description: "", types: [], members: [{ rid: rid as Rid }], release: {}, at },
  });
  const [files, records] = await authored.create([dataset("files", file?.rid), dataset("sites", site?.rid)]);
  return [`${files?.rid}@0.1.0`, `${records?.rid}@0.1.0`];
}

async function inputsOf({ catalog }: Project, rid: Rid): Promise<readonly string[]> {
  return (await catalog.executions.execution(rid))?.datasets.map(({ id }) => id) ?? [];
}

test("versions that are used while a run goes on are inputs of it, those of records only too", async (t) => {
  const made = await lab(t);
  const { project, run } = made;
  const [files, records] = await released(made);
  let meanwhile: readonly string[] = [];
  const used = await run(async (execution) => {
    await execution.useDataset(records);
    await execution.useDataset("files@0.1.0");
    await execution.useDataset(files);
    meanwhile = await inputsOf(project, execution.rid);
  });
  assert.equal(used.state, "published", used.failure?.message);
  assert.deepEqual(meanwhile, [records, files]);
  assert.deepEqual(await inputsOf(project, used.rid), [records, files]);
  const { lineage } = project.catalog;
  const up = await lineage.lineage({ rid: used.rid, direction: "up" });
  const names = up?.nodes.map(({ name }) => name) ?? [];
  assert.ok(names.includes("sites@0.1.0") && names.includes("files@0.1.0"), names.join());
  const [sites = ""] = records.split("@");
  const down = await lineage.lineage({ rid: sites as Rid, version: "0.1.0", direction: "down" });
  assert.ok(down?.nodes.some(({ rid }) => rid === used.rid));
  await assert.rejects(project.catalog.removal.dataset(sites as Rid), { code: "IN_USE" });
});

test("a run that failed keeps what it used on its way, also in a catalog made from its results folder", async (t) => {
  const made = await lab(t);
  const [files] = await released(made);
  const kept = await made.run((execution) => writeFileSync(execution.outputPath("b.txt"), "beta"));
  const beta = kept.stored.find(({ fileName }) => fileName === "b.txt");
  const used = await made.run(async (execution) => {
    await execution.useDataset(files);
    await execution.useAsset(String(beta?.rid));
    execution.fail("enough");
  });
  const names = async ({ catalog }: Project) =>
    (await catalog.assets.list({ execution: used.rid, role: "Input" })).items
      .map(({ fileName }) => fileName)
      .sort();
  assert.equal(used.state, "failed");
  assert.deepEqual(await names(made.project), ["a.txt", "b.txt"]);
  const { project } = await lab(t);
  cpSync(made.project.results.folder("runs"), project.results.folder("runs"), { recursive: true });
  for (let time = 0; time < 2; time += 1) {
    const report = await project.ingestResults([]);
    assert.deepEqual([report.failed, report.warnings], [[], []]);
    assert.deepEqual(
      [await inputsOf(project, used.rid), await names(project)],
      [[files], ["a.txt", "b.txt"]],
    );
  }
});

test("a results folder alone says which versions a run used on its way", async (t) => {
  const made = await lab(t);
  const [files, records] = await released(made);
  const used = await made.run(async (execution) => {
    await execution.useDataset(files);
    await execution.useDataset(records);
  });
  const { project } = await lab(t);
  cpSync(made.project.results.folder("runs"), project.results.folder("runs"), { recursive: true });
  for (let time = 0; time < 2; time += 1) {
    const report = await project.ingestResults([]);
    assert.deepEqual([report.failed, report.warnings], [[], []]);
    assert.deepEqual(await inputsOf(project, used.rid), [files, records]);
  }
});
