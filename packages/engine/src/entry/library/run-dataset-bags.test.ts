import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { type TestContext, test } from "node:test";
import { isAlmanacError } from "../../core/errors.ts";
import type { RunContext } from "../../core/execution/run-context.ts";
import type { Rid } from "../../core/identity/rid.ts";
import type { DatasetFolder } from "../../core/records/dataset-reading.ts";
import { open } from "./open.ts";
import { type RunModelOptions, runModel } from "./run.ts";

const { signal } = new AbortController();

/** A project with a released dataset of one drawn file and one site. */
async function studio(t: TestContext) {
  const folder = mkdtempSync(join(tmpdir(), "almanac-run-datasets-"));
  writeFileSync(join(folder, "almanac.config.json"), "{}");
  const code = join(folder, "analysis.ts");
  writeFileSync(code, "// the code of the runs");
  const project = await open({ folder, access: "create" });
  t.after(async () => {
    await project[Symbol.asyncDispose]();
    rmSync(folder, { recursive: true, force: true });
  });
  const { features, typedRecords, authored, assets } = project.catalog;
  await typedRecords.define({
    ...{ name: "Site", description: "" },
    columns: [{ name: "name", holds: "value", type: "text", required: true }],
  });
  await features.define({
    ...{ target: { kind: "asset", name: "execution-asset" }, name: "drawn", description: "" },
    columns: [{ name: "mask", holds: "asset", required: true }],
  });
  const run = async (model: (execution: RunContext) => unknown, more: Partial<RunModelOptions> = {}) => {
    const report = await runModel({ project, code, model: ({ execution }) => model(execution), ...more });
    assert.equal(report.failure, undefined, report.failure?.message);
    return report;
  };
  const made = await run((execution) => {
    writeFileSync(execution.outputPath("a b.txt"), "alpha");
    writeFileSync(execution.outputPath("mask.bin"), "mask");
    writeFileSync(execution.recordTable("Site"), "name\nBern\n");
    execution.addFeatures([
      { feature: "execution-asset/drawn", target: "a b.txt", values: { mask: "mask.bin" } },
    ]);
  });
  const { items } = await assets.list({ execution: made.rid, kind: ["execution-asset"] });
  const [file, mask] = items.map(({ rid }) => rid) as [Rid, Rid];
  const [site] = (await typedRecords.list({ type: "Site" })).items;
  const members = [{ rid: file, path: "x/first.txt" }, { rid: site?.rid as Rid }];
  const [dataset] = await authored.create([
    {
      ...{ name: "set", description: "", types: [], members, release: {} },
      at: "2024-01-01T00:00:00.000Z",
    },
  ]);
  const spec = { rid: dataset?.rid as Rid, version: "0.1.0" };
  return { project, run, file, mask, spec, name: `${spec.rid}@${spec.version}` };
}

/** Everything that a run can find out from the folder of a dataset. */
async function seen({ rid, version, folder, catalog }: DatasetFolder, { folder: at }: RunContext) {
  const members: string[] = [];
  for await (const member of catalog.members({ rid, version })) members.push(member.kind);
  const masks: unknown[] = [];
  for await (const { values } of catalog.values({ feature: "execution-asset/drawn" }))
    masks.push(values["mask"]);
  const sites: unknown[] = [];
  for await (const { values } of catalog.records({ type: "Site" })) sites.push(values["name"]);
  return { place: relative(at, folder), members, masks, sites };
}

test("a dataset that is an input is a bag in the folder of the run, with all that belongs to it", async (t) => {
  const { project, run, spec, name, mask, file } = await studio(t);
  let found: Awaited<ReturnType<typeof seen>> | undefined;
  const report = await run(
    async (execution) => {
      const dataset = await execution.useDataset(name);
      found = await seen(dataset, execution);
      const bags = await project.bags();
      assert.deepEqual((await bags.verify(dataset.folder, { signal })).problems, []);
      const [input] = execution.inputs;
      assert.deepEqual(input?.localPaths, [join(dataset.folder, "data/x/first.txt")]);
      for (const rid of [file, mask]) {
        const local = (await dataset.catalog.asset(rid))?.file ?? "";
        assert.ok(local.startsWith(`${dataset.folder}/data/`));
        assert.equal(statSync(local).mode & 0o222, 0);
      }
      assert.equal(await execution.useDataset({ rid: "set", version: "0.1.0" }), dataset);
      assert.equal((await execution.catalog.versions(spec.rid)).length, 1);
      await assert.rejects(dataset.catalog.change(spec.rid), (error) =>
        isAlmanacError(error, "CATALOG_READ_ONLY"),
      );
    },
    { datasets: [name] },
  );
  assert.deepEqual(found, {
    ...{ place: `inputs/${name}`, members: ["record", "asset"], masks: [mask], sites: ["Bern"] },
  });
  const { items } = await project.catalog.assets.list({ execution: report.rid, role: "Output" });
  assert.ok(items.every(({ url }) => !url.includes("inputs/")));
});

test("without its files a dataset is a bag that says what they are", async (t) => {
  const { project, run, spec } = await studio(t);
  await run(
    async (execution) => {
      const { folder, catalog } = await execution.useDataset({ ...spec });
      const bags = await project.bags();
      assert.equal((await bags.status(folder)).state, "metadata-only");
      for await (const { kind, rid } of catalog.members(spec))
        if (kind === "asset") assert.equal((await catalog.asset(rid))?.file, undefined);
      assert.deepEqual(execution.inputs[0]?.localPaths, []);
    },
    { datasets: [{ ...spec, materialize: false }] },
  );
});

test("a dataset that is used while a run goes on makes its files inputs of the run", async (t) => {
  const { project, run, name, file } = await studio(t);
  const report = await run(async (execution) => {
    const dataset = await execution.useDataset(name);
    assert.equal(readFileSync(join(dataset.folder, "data/x/first.txt"), "utf8"), "alpha");
    assert.deepEqual((await seen(dataset, execution)).sites, ["Bern"]);
  });
  const { items } = await project.catalog.assets.list({ execution: report.rid, role: "Input" });
  assert.deepEqual(
    items.map(({ rid }) => rid),
    [file],
  );
});

test("a part of a run takes datasets of its own, and none of the whole", async (t) => {
  const { project, run, spec, name } = await studio(t);
  const ends: { readonly rid: Rid; readonly state: string }[] = [];
  await run(
    async (execution) => {
      const work = (part: RunContext): void => {
        assert.equal(part.inputs.length, 1);
        assert.equal(readFileSync(part.inputs[0]?.localPaths[0] ?? "", "utf8"), "alpha");
      };
      ends.push(await execution.nested({ datasets: [spec], run: work }));
      ends.push(await execution.nested({ run: (part) => assert.deepEqual(part.inputs, []) }));
      const wrong = execution.nested({ datasets: [`${spec.rid}@9.0.0`, spec.rid], run: work });
      await assert.rejects(wrong, { code: "RUN_INVALID", message: /no version 9\.0\.0[^]*needs a version/ });
    },
    { datasets: [{ ...spec, materialize: false }] },
  );
  assert.deepEqual(
    ends.map(({ state }) => state),
    ["published", "published"],
  );
  const parts = await Promise.all(ends.map(({ rid }) => project.catalog.executions.execution(rid)));
  assert.deepEqual(
    parts.map((part) => part?.datasets.map(({ id }) => id)),
    [[name], []],
  );
});

test("what is no released version is refused, saying why", async (t) => {
  const { run, spec } = await studio(t);
  await run(async ({ useDataset }) => {
    await assert.rejects(useDataset("nothing@0.1.0"), (error) => isAlmanacError(error, "UNKNOWN_NAME"));
    await assert.rejects(useDataset(`${spec.rid}@9.0.0`), (error) => isAlmanacError(error, "UNKNOWN_NAME"));
    await assert.rejects(useDataset(spec.rid), (error) => isAlmanacError(error, "USAGE"));
    await assert.rejects(useDataset(`${spec.rid}@draft`), (error) => isAlmanacError(error, "USAGE"));
  });
});

test("a dataset that a run made comes into a catalog whose RIDs are taken, twice as once", async (t) => {
  const { project, run } = await studio(t);
  const made = await run((execution) => {
    writeFileSync(execution.outputPath("c.txt"), "gamma");
    execution.createDataset({ name: "of a run", members: ["c.txt"] });
  });
  const { items } = await project.catalog.authored.list({ madeBy: made.rid });
  const folder = join(project.folder, "bag");
  const spec = { rid: items[0]?.rid as Rid, version: "0.1.0" };
  await project.exportBag({ spec, folder, files: "all", signal });
  const other = await studio(t);
  await other.run(() => {});
  const first = await other.project.importBag({ folder, signal });
  assert.notEqual(first.root.rid, spec.rid);
  assert.deepEqual(first.datasets, { made: 1, known: 0 });
  const second = await other.project.importBag({ folder, signal });
  assert.deepEqual(second.root, first.root);
  assert.deepEqual(second.datasets, { made: 0, known: 1 });
  const imported = await other.project.catalog.authored.dataset(first.root.rid);
  assert.notEqual(imported?.madeBy, made.rid);
  assert.ok(first.renamed.some(({ was, now }) => was === made.rid && now === imported?.madeBy));
});
