import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import type { RunContext } from "../../core/execution/run-context.ts";
import type { Rid } from "../../core/identity/rid.ts";
import type { Project } from "../project.ts";
import { open } from "./open.ts";
import { type RunModelOptions, runModel } from "./run.ts";

type Given = Pick<RunModelOptions, "datasets" | "allowDraft">;

interface Lab {
  readonly project: Project;
  readonly run: (given: Given, model: (execution: RunContext) => unknown) => ReturnType<typeof runModel>;
  /** Datasets `inner`, of a.txt and b.txt, and `outer`, with inner as its child and b.txt; both released. */
  readonly inner: Rid;
  readonly outer: Rid;
}

async function lab(t: TestContext): Promise<Lab> {
  const folder = mkdtempSync(join(tmpdir(), "almanac-inputs-"));
  writeFileSync(join(folder, "almanac.config.json"), "{}");
  const code = join(folder, "analysis.ts");
  writeFileSync(code, "// the code of the runs");
  const project = await open({ folder, access: "create" });
  t.after(async () => {
    await project[Symbol.asyncDispose]();
    rmSync(folder, { recursive: true, force: true });
  });
  const run: Lab["run"] = (given, model) =>
    runModel({ project, code, ...given, model: ({ execution }) => model(execution) });
  const made = await run({}, (execution) => {
    for (const name of ["a", "b"]) writeFileSync(execution.outputPath(`d/${name}.txt`), name);
    const inner = execution.createDataset({
      ...{ name: "inner", members: ["d/a.txt", "d/b.txt"], facets: { site: "north" } },
    });
    execution.createDataset({
      name: "outer",
      members: [
        { member: inner, path: "in" },
        { member: "d/b.txt", path: "b.txt" },
      ],
    });
  });
  assert.equal(made.state, "published", made.failure?.message);
  const { items } = await project.catalog.authored.list({});
  const [inner, outer] = items.map(({ rid }) => rid);
  return { project, run, inner: inner as Rid, outer: outer as Rid };
}

test("a released version is pinned, and its files, also of children, are in the folder of the run", async (t) => {
  const { project, run, outer } = await lab(t);
  const seen: unknown[] = [];
  const report = await run({ datasets: ["outer@0.1.0"] }, ({ inputs, folder }) => {
    for (const { id, files, localPaths, authored } of inputs)
      seen.push([
        id,
        authored?.rid,
        localPaths.map((path, at) => [
          path.slice(folder.length),
          readFileSync(path, "utf8"),
          files[at]?.asset?.fileName,
        ]),
      ]);
  });
  assert.equal(report.state, "published", report.failure?.message);
  const place = `/inputs/${outer}@0.1.0/data`;
  assert.deepEqual(seen, [
    [
      ...[`${outer}@0.1.0`, outer],
      [
        [`${place}/in/d/a.txt`, "a", "a.txt"],
        [`${place}/in/d/b.txt`, "b", "b.txt"],
      ],
    ],
  ]);
  const definition = await project.catalog.executions.definition(report.rid);
  const [version] = await project.catalog.authored.versions(outer);
  assert.deepEqual(definition?.datasets[0]?.authored, { rid: outer, digest: version?.digest });
  assert.deepEqual(
    report.stored.map(({ fileName }) => fileName),
    ["environment.json"],
    "inputs are no outputs",
  );
});

test("without its files a dataset is pinned by its digest alone", async (t) => {
  const { project, run, inner } = await lab(t);
  const datasets = [{ rid: inner, version: "0.1.0", materialize: false }];
  const report = await run({ datasets }, ({ inputs: [input] }) => {
    assert.deepEqual([input?.localPaths, input?.facets], [[], { site: "north" }]);
  });
  assert.equal(report.state, "published", report.failure?.message);
  const definition = await project.catalog.executions.definition(report.rid);
  assert.equal(definition?.datasets[0]?.authored?.materialize, false);
});

test("a draft is an input only where that is allowed, and it is recorded", async (t) => {
  const { project, run, inner } = await lab(t);
  const [first] = await project.catalog.authored.members({ dataset: inner });
  await project.catalog.authored.change(inner, { remove: [first?.rid as Rid] });
  const datasets = [`${inner}@draft`];
  await assert.rejects(
    run({ datasets }, () => {}),
    /is not released and may change: --allow-draft/,
  );
  const report = await run({ datasets, allowDraft: true }, ({ inputs: [input] }) => {
    assert.equal(input?.localPaths.length, 1);
  });
  assert.equal(report.state, "published", report.failure?.message);
  const definition = await project.catalog.executions.definition(report.rid);
  assert.equal(definition?.datasets[0]?.authored?.draft, true);
});

test("everything wrong with datasets is told at once, and nothing is recorded", async (t) => {
  const { project, run, inner, outer } = await lab(t);
  await project.catalog.authored.create([
    { name: "loose", description: "", types: [], members: [], at: "2026-01-01T00:00:00.000Z" },
  ]);
  const before = (await project.catalog.executions.list({})).total;
  const datasets = [
    ...["nothing@0.1.0", "inner", "inner@9.0.0", "inner@0.1", "loose"],
    ...[`${outer}@0.1.0`, "outer@0.1.0", `${inner}@0.1.0`, `${inner}@draft`],
  ];
  await assert.rejects(
    run({ datasets, allowDraft: true }, () => {}),
    (error: Error) => {
      const parts = [
        /there is no dataset nothing@0.1.0/,
        new RegExp(`${inner} is an authored dataset and needs a version; there are ${inner}@0.1.0`),
        new RegExp(`${inner} has no version 9.0.0`),
        /"0.1" in "inner@0.1" is not a version/,
        /needs a version; it has no released version/,
        new RegExp(`the dataset ${outer}@0.1.0 is named twice`),
        new RegExp(`the dataset ${inner} is named with several versions: 0.1.0, draft`),
      ];
      for (const part of parts) assert.match(error.message, part);
      return true;
    },
  );
  assert.equal((await project.catalog.executions.list({})).total, before);
});

test("lineage leads through versions of datasets, both ways", async (t) => {
  const { project, run, inner, outer } = await lab(t);
  const used = await run({ datasets: [`${outer}@0.1.0`] }, (execution) => {
    execution.createDataset({ name: "next", members: [], derivation: { of: `${inner}@0.1.0` } });
  });
  assert.equal(used.state, "published", used.failure?.message);
  const followed = async (
    text: { readonly rid: Rid; readonly version?: string },
    direction: "up" | "down",
  ): Promise<readonly string[]> => {
    const lineage = await project.catalog.lineage.lineage({ ...text, direction });
    return (lineage?.nodes ?? []).filter(({ kind }) => kind !== "asset").map(({ name }) => name);
  };
  assert.deepEqual(await followed({ rid: used.rid }, "up"), [
    ...["analysis", "outer@0.1.0", "analysis", "inner@0.1.0"],
  ]);
  assert.deepEqual(await followed({ rid: inner, version: "0.1.0" }, "down"), [
    ...["inner@0.1.0", "outer@0.1.0", "next@0.1.0", "analysis"],
  ]);
  const [first] = await project.catalog.authored.members({ dataset: inner, version: "0.1.0" });
  const impact = await followed({ rid: first?.rid as Rid }, "down");
  assert.deepEqual(new Set(impact), new Set(["inner@0.1.0", "outer@0.1.0", "next@0.1.0", "analysis"]));
  assert.deepEqual(await followed({ rid: outer }, "down"), [
    ...["outer", "outer@0.1.0", "analysis", "next@0.1.0"],
  ]);
  assert.deepEqual(await followed({ rid: outer, version: "3.0.0" }, "down"), []);
  const at = "2026-01-01T00:00:00.000Z";
  const about = { description: "", types: [], members: [], at, release: {} };
  const made = await project.catalog.authored.create(
    [`${inner}@0.1.0`, `${inner}@9.0.0`, "somewhere else"].map((of) => ({
      ...about,
      name: of,
      derivation: { of },
    })),
  );
  const [derived, ...others] = await Promise.all(
    made.map(({ rid }) => followed({ rid, version: "0.1.0" }, "up")),
  );
  assert.deepEqual(derived, [`${inner}@0.1.0@0.1.0`, "inner@0.1.0", "analysis"]);
  assert.deepEqual(
    others.map((names) => names.length),
    [1, 1],
  );
});
