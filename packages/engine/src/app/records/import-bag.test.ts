import assert from "node:assert/strict";
import {
  appendFileSync,
  chmodSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  rmSync,
  statSync,
  unlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";
import { type TestContext, test } from "node:test";
import { createBags } from "../../adapters/bag/bags.ts";
import { openFragmentStore } from "../../adapters/files/fragment-store.ts";
import { localInputFiles } from "../../adapters/files/input-files.ts";
import { openCatalog } from "../../adapters/sqlite/open.ts";
import { ridNumber } from "../../adapters/sqlite/rids.ts";
import { isAlmanacError } from "../../core/errors.ts";
import type { Rid } from "../../core/identity/rid.ts";
import { versionDigest } from "../../core/records/version-digest.ts";
import { testDatasetReader } from "../../ports/dataset-reader.contract.ts";
import { unobserved } from "../../ports/durable.ts";
import { fillWithDatasets, type SampleDatasets } from "../../ports/sample-datasets.contract.ts";
import { sampleRun } from "../../ports/sample-run.contract.ts";
import { localPlace } from "./asset-file.ts";
import { createDatasetReader } from "./dataset-reader.ts";
import { exportBag } from "./export-bag.ts";
import { importBag } from "./import-bag.ts";

const { signal } = new AbortController();

const bags = createBags({
  observer: unobserved,
  cache: {
    fetch: async () => {
      throw new Error("nothing is elsewhere");
    },
  },
});

/** A catalog in memory with its results in a folder, and bags of its datasets. */
async function emptyProject(t: TestContext) {
  const folder = mkdtempSync(join(tmpdir(), "almanac-import-"));
  const catalog = await openCatalog({ file: ":memory:" });
  t.after(async () => {
    await catalog.close();
    rmSync(folder, { recursive: true });
  });
  const results = openFragmentStore(join(folder, "results"), unobserved);
  const places = { results, projectFolder: folder };
  const reader = createDatasetReader(catalog, {
    source: "the catalog",
    fileOf: (asset) => localPlace(asset, places),
  });
  return {
    ...{ folder, catalog, reader },
    fill: () =>
      fillWithDatasets(catalog, (fragment, { path, text }) => {
        const file = join(results.folder(fragment), path);
        mkdirSync(dirname(file), { recursive: true });
        writeFileSync(file, text);
      }),
    exported: async (rid: Rid, version: string): Promise<string> => {
      const bag = join(folder, `${rid}@${version}`);
      const ports = { ...catalog, reader, bags, places };
      await exportBag({ spec: { rid, version }, folder: bag, files: "all", signal }, ports);
      return bag;
    },
    imported: (bag: string) =>
      importBag(
        { folder: bag, signal },
        {
          ...{ bags, imports: catalog.imports, assets: catalog.assets, ...places },
          asStore: (of) => ({
            store: openFragmentStore(dirname(of), unobserved),
            fragment: basename(of),
          }),
          sizeOf: (file) => statSync(file, { throwIfNoEntry: false })?.size,
          digestOfFile: async (file) => (await localInputFiles().describe(file))?.sha256,
        },
      ),
  };
}

/** A project that has the sample datasets, and a bag of all of them. */
async function source(t: TestContext) {
  const project = await emptyProject(t);
  const sample = await project.fill();
  return { ...project, sample, bag: await project.exported(sample.all, "0.2.0") };
}

/** A project whose first RIDs are all taken. */
async function otherProject(t: TestContext) {
  const project = await emptyProject(t);
  const { catalog } = project;
  for (let at = 0; at < 6; at++) await catalog.runs.record(sampleRun(`other-${at}`), undefined);
  for (let at = 0; at < 6; at++)
    await catalog.authored.create([
      { description: "", types: [], members: [], at: "2020-01-01T00:00:00.000Z" },
    ]);
  return project;
}

/** The sample under the RIDs that it has here. */
function renamedSample(
  sample: SampleDatasets,
  renamed: readonly { readonly was: Rid; readonly now: Rid }[],
): SampleDatasets {
  const now = new Map(renamed.map((each) => [each.was, each.now]));
  const text = JSON.stringify(sample, (_, value: unknown) =>
    typeof value === "string" ? (now.get(value as Rid) ?? value) : value,
  );
  return JSON.parse(text) as SampleDatasets;
}

testDatasetReader("empty catalog after an import", async (t) => {
  const { sample, bag } = await source(t);
  const { imported, reader } = await emptyProject(t);
  const { renamed, root } = await imported(bag);
  assert.deepEqual(renamed, []);
  assert.deepEqual(root, { rid: sample.all, version: "0.2.0" });
  return { reader, sample };
});

testDatasetReader("catalog with other records after an import", async (t) => {
  const { sample, bag } = await source(t);
  const { imported, reader } = await otherProject(t);
  const { renamed } = await imported(bag);
  assert.ok(renamed.length > 0);
  return { reader, sample: renamedSample(sample, renamed) };
});

for (const [name, open] of [
  ["an empty catalog", emptyProject],
  ["a catalog with other records", otherProject],
] as const)
  test(`importing twice is importing once: ${name}`, async (t) => {
    const { bag } = await source(t);
    const { imported, catalog, exported } = await open(t);
    const first = await imported(bag);
    assert.deepEqual(first.datasets, { made: 3, known: 0 });
    assert.deepEqual(first.assets, { made: 4, known: 0 });
    assert.deepEqual(first.features, { made: 2, known: 0 });
    assert.deepEqual(first.stored, { files: 4, bytes: 18 });
    const assets = await catalog.assets.list({});
    const second = await imported(bag);
    assert.deepEqual(second, {
      ...first,
      ...{ datasets: { made: 0, known: 3 }, assets: { made: 0, known: 4 }, records: { made: 0, known: 2 } },
      ...{ features: { made: 0, known: 2 }, executions: { made: 0, known: 2 } },
      stored: { files: 0, bytes: 0 },
    });
    assert.deepEqual(await catalog.assets.list({}), assets);
    // What was imported can be exported again, and is valid.
    const again = await exported(second.root.rid, second.root.version);
    assert.deepEqual((await bags.verify(again, { signal })).problems, []);
  });

test("digests of versions are the same in every catalog", async (t) => {
  const { reader, sample, bag } = await source(t);
  const other = await otherProject(t);
  const { root } = await other.imported(bag);
  const [here] = await reader.versions(sample.all);
  const [there] = await other.reader.versions(root.rid);
  assert.equal(there?.digest, here?.digest);
});

test("a bag back into the catalog it came from changes nothing", async (t) => {
  const { bag, imported, sample } = await source(t);
  const report = await imported(bag);
  assert.deepEqual(report.root.rid, sample.all);
  for (const taken of [report.datasets, report.assets, report.records, report.features, report.executions])
    assert.equal(taken.made, 0);
  assert.equal(report.stored.files, 0);
});

test("versions come in any order, newer on top of older ones and older among newer ones", async (t) => {
  const { exported, sample, bag } = await source(t);
  const older = await exported(sample.all, "0.1.0");
  const other = await otherProject(t);
  const first = await other.imported(older);
  const second = await other.imported(bag);
  assert.equal(second.root.rid, first.root.rid);
  assert.deepEqual(
    (await other.reader.versions(second.root.rid)).map(({ version }) => version),
    ["0.2.0", "0.1.0"],
  );
  assert.deepEqual(second.datasets, { made: 2, known: 1 });
  const difference = await other.catalog.authored.difference(second.root.rid, { from: "0.1.0", to: "0.2.0" });
  assert.equal(difference.changed.length, 1);

  const third = await otherProject(t);
  const { root } = await third.imported(bag);
  const before = await third.catalog.authored.members({ dataset: root.rid, version: "0.2.0" });
  const draft = await third.catalog.authored.members({ dataset: root.rid });
  assert.deepEqual((await third.imported(older)).datasets, second.datasets);
  const { authored } = third.catalog;
  assert.deepEqual(
    (await third.reader.versions(root.rid)).map(({ version, digest }) => [version, digest]),
    (await other.reader.versions(root.rid)).map(({ version, digest }) => [version, digest]),
  );
  assert.deepEqual(await authored.members({ dataset: root.rid, version: "0.2.0" }), before);
  assert.deepEqual(await authored.members({ dataset: root.rid }), draft);
  assert.deepEqual(
    await authored.members({ dataset: root.rid, version: "0.1.0" }),
    await other.catalog.authored.members({ dataset: root.rid, version: "0.1.0" }),
  );
  assert.deepEqual(await authored.difference(root.rid, { from: "0.1.0", to: "0.2.0" }), difference);
  // Again is nothing, and it can go on from here.
  assert.equal((await third.imported(older)).datasets.made, 0);
  await authored.change(root.rid, { remove: [before[0]?.rid as Rid] });
  const at = "2026-02-01T00:00:00.000Z";
  const [released] = (await authored.release(root.rid, { at })).slice(-1);
  assert.deepEqual([released?.version, released?.ordinal], ["0.3.0", 3]);
});

test("a bag whose dataset is not what its digest says is not imported", async (t) => {
  const { bag } = await source(t);
  const other = await emptyProject(t);
  const contents = await bags.contents(bag);
  const datasets = contents.datasets.map((each, at) =>
    at === 0 ? { ...each, version: { ...each.version, digest: "0".repeat(64) } } : each,
  );
  await assert.rejects(
    other.catalog.imports.take({ ...contents, datasets }),
    (error) => isAlmanacError(error, "BAG_INVALID") && /digest/.test(error.message),
  );
});

test("a file of the project that has changed since is no content of the bag's", async (t) => {
  const { bag } = await source(t);
  const other = await emptyProject(t);
  const [asset] = (await bags.contents(bag)).assets.filter(({ sizeBytes }) => sizeBytes > 0);
  assert.ok(asset !== undefined);
  const file = join(other.folder, "mine.txt");
  await other.catalog.assets.add({
    ...{ kind: "file", fileName: "mine.txt", sizeBytes: asset.sizeBytes, sha256: asset.sha256 },
    ...{ url: "mine.txt", types: [], metadata: {}, description: "" },
  });
  writeFileSync(file, "?".repeat(asset.sizeBytes));
  const { root } = await other.imported(bag);
  const { items } = await other.catalog.assets.list({ sha256: asset.sha256 });
  assert.ok(items.some(({ url }) => url.startsWith(`results:datasets/${root.rid}/`)));
});

test("the RID of another catalog that is far up takes none of the numbers there are", async (t) => {
  const { bag } = await source(t);
  const other = await emptyProject(t);
  const contents = await bags.contents(bag);
  const rid = "ZZ-ZZZZ" as Rid;
  const [first] = contents.datasets;
  assert.ok(first !== undefined && ridNumber(rid) < 2 ** 31 && ridNumber(rid) > 2 ** 29);
  const alone = { ...first, dataset: { ...first.dataset, rid }, members: [] };
  const digest = versionDigest([]);
  const { root, renamed } = await other.catalog.imports.take({
    ...contents,
    ...{ assets: [], records: [], features: [], executions: [] },
    datasets: [{ ...alone, version: { ...alone.version, memberCount: 0, digest } }],
    root: { rid, version: alone.version.version },
  });
  assert.deepEqual(renamed, [{ was: rid, now: root.rid }]);
  const [next] = await other.catalog.authored.create([
    { description: "", types: [], members: [], at: "2026-01-01T00:00:00.000Z" },
  ]);
  assert.ok(ridNumber(next?.rid as Rid) < 1000, next?.rid);
  assert.equal((await other.catalog.authored.dataset(rid))?.rid, root.rid, "the old RID still finds it");
});

test("a draft that was changed here is not overwritten", async (t) => {
  const { exported, sample, bag } = await source(t);
  const other = await emptyProject(t);
  await other.imported(await exported(sample.all, "0.1.0"));
  await other.catalog.authored.change(sample.train, { remove: [sample.a] });
  await assert.rejects(
    other.imported(bag),
    (error) => isAlmanacError(error, "CONFLICT") && /draft/.test(error.message),
  );
});

test("a damaged bag is not imported: all that is wrong is named, nothing is written", async (t) => {
  const { bag, folder } = await source(t);
  const damaged = join(folder, "damaged");
  cpSync(bag, damaged, { recursive: true });
  chmodSync(join(damaged, "data/first/x/a.txt"), 0o644);
  appendFileSync(join(damaged, "data/first/x/a.txt"), "!");
  unlinkSync(join(damaged, "data/first/x/mask"));
  const { imported, catalog } = await emptyProject(t);
  await assert.rejects(
    imported(damaged),
    (error) => isAlmanacError(error, "BAG_INVALID") && /a\.txt.*mask/.test(error.message),
  );
  assert.equal((await catalog.assets.list({})).total, 0);
  assert.equal((await catalog.authored.list({})).total, 0);
});

test("something declared otherwise here: nothing of the bag is taken over", async (t) => {
  const { bag } = await source(t);
  const { imported, catalog } = await emptyProject(t);
  await catalog.typedRecords.define({
    ...{ name: "Site", description: "Another place" },
    columns: [{ name: "name", holds: "value", type: "text", required: true }],
  });
  await assert.rejects(imported(bag), (error) => isAlmanacError(error, "CONFLICT"));
  assert.equal((await catalog.assets.list({})).total, 0);
});
