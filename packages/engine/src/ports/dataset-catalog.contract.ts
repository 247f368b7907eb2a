import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { isDeepStrictEqual } from "node:util";
import type { Dataset } from "../core/catalog/dataset.ts";
import { buildTable } from "../core/catalog/snapshot-builder.ts";
import { requireSourceType } from "../core/catalog/source-types.ts";
import { datasetAt } from "../core/catalog/table-rows.ts";
import type { DatasetCatalog, IngestBatch } from "./dataset-catalog.ts";
import { sampleDataset } from "./sample-records.contract.ts";

/** An empty catalog for one test. */
export interface DatasetCatalogUnderTest {
  readonly datasets: DatasetCatalog;
  close(): Promise<void>;
}

const nothing: IngestBatch = { datasets: [], invalidFiles: [], warnings: [], missing: [] };

/** Registers the tests that every `DatasetCatalog` passes. @param open an empty catalog that knows `cmip6` */
export function testDatasetCatalog(name: string, open: () => Promise<DatasetCatalogUnderTest>): void {
  const withCatalog = (title: string, body: (datasets: DatasetCatalog) => Promise<void>): void => {
    test(title, async () => {
      const catalog = await open();
      try {
        await body(catalog.datasets);
      } finally {
        await catalog.close();
      }
    });
  };
  describe(`dataset catalog: ${name}`, () => {
    testSnapshots(withCatalog);
    testFinalising(withCatalog);
    testFiles(withCatalog);
    testListings(withCatalog);
    testChanges(withCatalog);
  });
}

type WithCatalog = (title: string, body: (datasets: DatasetCatalog) => Promise<void>) => void;

function testChanges(withCatalog: WithCatalog): void {
  withCatalog("changes since a mark are the datasets that a snapshot shows differently", async (datasets) => {
    const [tas, pr] = [sampleDataset("tas", { years: [1850, 1851] }), sampleDataset("pr")];
    const steps: readonly (readonly [string, () => Promise<unknown>])[] = [
      ["added", () => datasets.ingest({ ...nothing, datasets: [tas, pr] })],
      [
        "a facet changed",
        () => datasets.ingest({ ...nothing, datasets: [{ ...tas, facets: { ...tas.facets, units: "C" } }] }),
      ],
      ["retracted", () => datasets.setRetracted(pr.id, true)],
      ["restored", () => datasets.setRetracted(pr.id, false)],
      [
        "a file missing",
        () => datasets.ingest({ ...nothing, missing: tas.files.slice(0, 1).map(({ path }) => path) }),
      ],
      ["invalid", () => datasets.ingest({ ...nothing, invalidDatasets: [{ ...pr, invalid: "disagree" }] })],
    ];
    const earlier: { readonly mark: string; readonly before: ReadonlyMap<string, Dataset> }[] = [];
    for (const [what, step] of steps) {
      await step();
      const after = await shownBy(datasets);
      for (const { mark, before } of earlier) {
        const changes = await datasets.changes(mark);
        assert.ok(changes, what);
        const told = new Map(changes.datasets.map(({ id, now }) => [id, now]));
        for (const id of new Set([...before.keys(), ...after.keys()])) {
          assert.ok(
            isDeepStrictEqual(before.get(id), after.get(id)) || told.has(id),
            `${what}: ${id} is told`,
          );
          if (told.has(id)) assert.deepEqual(asShown(told.get(id)), after.get(id), what);
        }
        assert.equal(changes.mark, (await datasets.snapshot()).mark);
      }
      earlier.push({ mark: await datasets.mark(), before: after });
    }
  });

  withCatalog("a file that another dataset takes over changes both", async (datasets) => {
    const [tas, pr] = [sampleDataset("tas", { years: [1850, 1851] }), sampleDataset("pr")];
    await datasets.ingest({ ...nothing, datasets: [tas, pr] });
    const mark = await datasets.mark();
    const files = [...pr.files, ...tas.files.slice(0, 1)];
    await datasets.ingest({ ...nothing, datasets: [{ ...pr, files }] });
    const changes = await datasets.changes(mark);
    assert.deepEqual(changes?.datasets.map(({ id }) => id).sort(), [pr.id, tas.id].sort());
  });

  withCatalog("without change the mark stays; a mark of elsewhere is not known", async (datasets) => {
    const batch = { ...nothing, datasets: [sampleDataset("tas")] };
    await datasets.ingest(batch);
    const mark = await datasets.mark();
    await datasets.ingest(batch);
    assert.equal(await datasets.mark(), mark);
    assert.deepEqual((await datasets.changes(mark))?.datasets, []);
    assert.equal(await datasets.changes(`${await datasets.revision()}.12345`), undefined);
    assert.equal(await datasets.changes("not a mark"), undefined);
  });
}

async function shownBy(datasets: DatasetCatalog): Promise<ReadonlyMap<string, Dataset>> {
  const table = (await datasets.snapshot()).tables.get("cmip6");
  return new Map(table?.ids.map((id, at) => [id, datasetAt(table, at)]));
}

/** A dataset as a snapshot gives it back: without what a table does not hold. */
function asShown(dataset: Dataset | undefined): Dataset | undefined {
  return dataset && datasetAt(buildTable(requireSourceType("cmip6"), [dataset]), 0);
}

function testSnapshots(withCatalog: WithCatalog): void {
  withCatalog("a snapshot is the table of what was ingested, in any order", async (datasets) => {
    const [tas, pr] = [sampleDataset("tas", { years: [1850, 1851] }), sampleDataset("pr")];
    await datasets.ingest({ ...nothing, datasets: [tas] });
    await datasets.ingest({ ...nothing, datasets: [pr] });
    const { tables, revision } = await datasets.snapshot();
    assert.deepEqual(tables.get("cmip6"), buildTable(requireSourceType("cmip6"), [pr, tas]));
    assert.equal(revision, await datasets.revision());
    assert.deepEqual([...(await datasets.snapshot(["obs4mips"])).tables], []);
  });

  withCatalog("the revision rises with changes a snapshot shows, and only with them", async (datasets) => {
    const seen: number[] = [await datasets.revision()];
    const step = async (batch: Partial<IngestBatch>): Promise<boolean> => {
      await datasets.ingest({ ...nothing, ...batch });
      seen.push(await datasets.revision());
      return (seen.at(-1) ?? 0) > (seen.at(-2) ?? 0);
    };
    const tas = sampleDataset("tas");
    assert.equal(await step({ datasets: [tas] }), true);
    assert.equal(await step({ datasets: [tas] }), false);
    assert.equal(await step({ warnings: [{ sourceType: "cmip6", id: tas.id, message: "m" }] }), false);
    assert.equal(await step({ datasets: [{ ...tas, facets: { ...tas.facets, units: "degC" } }] }), true);
    assert.equal(await step({ missing: ["archive/unknown.nc"] }), false);
    assert.equal(await step({ missing: tas.files.map(({ path }) => path) }), true);
    assert.equal(await step({ missing: tas.files.map(({ path }) => path) }), false);
  });

  withCatalog("any unicode in paths and facets comes back as it went in", async (datasets) => {
    const plain = sampleDataset("tas");
    const path = "archive/é e\u0301/\u{1F30A} 'quoted\"\\/%_.nc";
    const odd = {
      ...plain,
      facets: { ...plain.facets, institution_id: "Ünï \u{1F30A}", 'a b"c': "", brackets: "[a]*" },
      files: plain.files.map((file) => ({ ...file, path })),
    };
    await datasets.ingest({ ...nothing, datasets: [odd] });
    const [back] = await datasets.datasets("cmip6", [odd.id]);
    assert.deepEqual(back, { ...odd, invalid: undefined });
    const query = { selection: { 'a b"c': [""], institution_id: ["Ünï \u{1F30A}"] } };
    assert.equal((await datasets.list(query)).total, 1);
    assert.equal((await datasets.list({ selection: ["institution_id=Ün? ?", "brackets=[a]?"] })).total, 1);
  });
}

function testFinalising(withCatalog: WithCatalog): void {
  withCatalog("a dataset known from its path is finalised later and never downgraded", async (datasets) => {
    const [fast, full] = [sampleDataset("tas", { finalised: false }), sampleDataset("tas")];
    await datasets.ingest({ ...nothing, datasets: [fast] });
    assert.equal((await datasets.snapshot()).tables.get("cmip6")?.finalised[0], 0);
    assert.equal((await datasets.knownFiles("cmip6", ""))[0]?.finalised, false);
    await datasets.ingest({ ...nothing, datasets: [full] });
    await datasets.ingest({ ...nothing, datasets: [fast] });
    const [back] = await datasets.datasets("cmip6", [full.id]);
    assert.equal(back?.finalised, true);
    assert.equal(back?.facets["units"], "K");
    assert.equal(back?.files[0]?.calendar, "noleap");
    assert.equal((await datasets.knownFiles("cmip6", ""))[0]?.finalised, true);
  });

  withCatalog("a content id stays as first seen until size or time change", async (datasets) => {
    const [fast, full] = [sampleDataset("tas", { finalised: false }), sampleDataset("tas")];
    await datasets.ingest({ ...nothing, datasets: [fast] });
    await datasets.ingest({ ...nothing, datasets: [full] });
    const idOf = async () => (await datasets.datasets("cmip6", [full.id]))[0]?.files[0]?.contentId;
    assert.equal(await idOf(), fast.files[0]?.contentId);
    const replaced = {
      ...full,
      files: full.files.map((file) => ({ ...file, mtimeMs: 5, contentId: "t:new:1" })),
    };
    await datasets.ingest({ ...nothing, datasets: [replaced] });
    assert.equal(await idOf(), "t:new:1");
  });

  withCatalog("an unopened new file joins a finalised dataset and is known as unopened", async (datasets) => {
    await datasets.ingest({ ...nothing, datasets: [sampleDataset("tas")] });
    await datasets.ingest({
      ...nothing,
      datasets: [sampleDataset("tas", { finalised: false, years: [1850, 1851] })],
    });
    const known = await datasets.knownFiles("cmip6", "archive/tas/");
    assert.deepEqual(
      known.map(({ finalised }) => finalised),
      [true, false],
    );
    assert.equal((await datasets.snapshot()).tables.get("cmip6")?.finalised[0], 1);
  });
}

function testFiles(withCatalog: WithCatalog): void {
  withCatalog("files that are not listed in a batch stay", async (datasets) => {
    await datasets.ingest({ ...nothing, datasets: [sampleDataset("tas", { years: [1851] })] });
    await datasets.ingest({ ...nothing, datasets: [sampleDataset("tas", { years: [1850] })] });
    const [back] = await datasets.datasets("cmip6", [sampleDataset("tas").id]);
    assert.deepEqual(
      back?.files.map(({ path }) => path),
      ["archive/tas/v1/tas_1850.nc", "archive/tas/v1/tas_1851.nc"],
    );
  });

  withCatalog("known files are those below a folder, not those beside it", async (datasets) => {
    const at = (folder: string) => {
      const dataset = sampleDataset(folder.replaceAll("/", "-"));
      return { ...dataset, files: dataset.files.map((file) => ({ ...file, path: `${folder}/x.nc` })) };
    };
    await datasets.ingest({ ...nothing, datasets: [at("a/b"), at("a/bc"), at("a/b/c"), at("a%b")] });
    const paths = async (folder: string) =>
      (await datasets.knownFiles("cmip6", folder)).map(({ path }) => path);
    assert.deepEqual(await paths("a/b/"), ["a/b/c/x.nc", "a/b/x.nc"]);
    assert.equal((await paths("")).length, 4);
    assert.deepEqual(await datasets.knownFiles("obs4mips", ""), []);
  });

  withCatalog("a vanished file leaves the snapshot, stays recorded, and may come back", async (datasets) => {
    const tas = sampleDataset("tas", { years: [1850, 1851] });
    await datasets.ingest({ ...nothing, datasets: [tas] });
    const [first, second] = tas.files.map(({ path }) => path) as [string, string];
    await datasets.ingest({ ...nothing, missing: [first] });
    assert.deepEqual((await datasets.snapshot()).tables.get("cmip6")?.paths, [second]);
    const [item] = (await datasets.list({})).items;
    assert.deepEqual(
      item?.missingFiles.map(({ path }) => path),
      [first],
    );
    await datasets.ingest({ ...nothing, missing: [second] });
    assert.equal((await datasets.snapshot()).tables.get("cmip6"), undefined);
    await datasets.ingest({ ...nothing, datasets: [tas] });
    assert.deepEqual((await datasets.snapshot()).tables.get("cmip6")?.paths, [first, second]);
  });

  withCatalog("an invalid file is known with its reason and gone once it is valid", async (datasets) => {
    const tas = sampleDataset("tas");
    const path = tas.files[0]?.path ?? "";
    const invalid = {
      path,
      sourceType: "cmip6",
      sizeBytes: 3,
      mtimeMs: 4,
      code: "FILE_INVALID",
      reason: "cut",
    };
    await datasets.ingest({ ...nothing, datasets: [tas] });
    await datasets.ingest({ ...nothing, invalidFiles: [invalid] });
    assert.equal((await datasets.snapshot()).tables.get("cmip6"), undefined);
    assert.deepEqual(await datasets.knownFiles("cmip6", "archive/"), [
      {
        ...{ path, sizeBytes: 3, mtimeMs: 4, finalised: false, missing: false },
        invalid: { code: "FILE_INVALID", reason: "cut" },
      },
    ]);
    assert.deepEqual((await datasets.problems()).files, [invalid]);
    await datasets.ingest({ ...nothing, datasets: [tas] });
    assert.deepEqual((await datasets.problems()).files, []);
    assert.equal((await datasets.snapshot()).tables.get("cmip6")?.paths.length, 1);
  });
}

function testListings(withCatalog: WithCatalog): void {
  withCatalog("an invalid dataset is listed and kept from the solver until it is valid", async (datasets) => {
    const tas = sampleDataset("tas");
    await datasets.ingest({ ...nothing, invalidDatasets: [{ ...tas, invalid: "disagree" }] });
    assert.equal((await datasets.snapshot()).tables.get("cmip6"), undefined);
    assert.equal((await datasets.list({})).items[0]?.invalid, "disagree");
    assert.deepEqual((await datasets.knownFiles("cmip6", ""))[0]?.invalid, {
      code: "DATASET_INVALID",
      reason: "disagree",
    });
    await datasets.ingest({ ...nothing, datasets: [tas] });
    assert.equal((await datasets.snapshot()).tables.get("cmip6")?.ids.length, 1);
  });

  withCatalog("retracting hides a dataset and shows it again", async (datasets) => {
    const tas = sampleDataset("tas");
    await datasets.ingest({ ...nothing, datasets: [tas] });
    const before = await datasets.revision();
    assert.equal(await datasets.setRetracted(tas.id, true), true);
    assert.equal(await datasets.setRetracted(tas.id, true), false);
    assert.equal((await datasets.snapshot()).tables.get("cmip6"), undefined);
    await datasets.ingest({ ...nothing, datasets: [tas] });
    assert.equal((await datasets.list({})).items[0]?.retracted, true);
    assert.equal(await datasets.setRetracted(tas.id, false), true);
    assert.equal((await datasets.snapshot()).tables.get("cmip6")?.ids.length, 1);
    assert.equal((await datasets.revision()) > before, true);
  });

  withCatalog("only datasets whose files are all missing are removed", async (datasets) => {
    const [tas, pr] = [sampleDataset("tas"), sampleDataset("pr")];
    await datasets.ingest({ ...nothing, datasets: [tas, pr] });
    const rids = (await datasets.list({})).items.map(({ rid }) => rid);
    assert.deepEqual(await datasets.removeVanished(rids), []);
    await datasets.ingest({ ...nothing, missing: tas.files.map(({ path }) => path) });
    const mark = await datasets.mark();
    const [gone] = (await datasets.list({ names: [tas.id] })).items;
    assert.deepEqual(await datasets.removeVanished(rids), [gone?.rid]);
    assert.deepEqual(
      (await datasets.list({})).items.map(({ id }) => id),
      [pr.id],
    );
    assert.deepEqual((await datasets.changes(mark))?.datasets, [{ sourceType: "cmip6", id: tas.id }]);
    assert.deepEqual(await datasets.knownFiles("cmip6", tas.files[0]?.path ?? ""), []);
    await datasets.ingest({ ...nothing, datasets: [tas] });
    assert.notEqual((await datasets.list({ names: [tas.id] })).items[0]?.rid, gone?.rid);
  });

  withCatalog("listings filter by facets and page in catalog order", async (datasets) => {
    await datasets.ingest({ ...nothing, datasets: ["tas", "pr", "ts"].map((name) => sampleDataset(name)) });
    const found = await datasets.list({
      selection: { variable_id: ["tas", "ts"], source_id: ["ACCESS"] },
      limit: 1,
    });
    assert.deepEqual([found.total, found.items.map(({ facets }) => facets["variable_id"])], [2, ["tas"]]);
    assert.equal((await datasets.list({ selection: { variable_id: [] } })).total, 0);
    const variables = async (...selection: readonly string[]) =>
      (await datasets.list({ selection })).items.map(({ facets }) => facets["variable_id"]);
    assert.deepEqual(await variables("variable_id=t*", "variable_id!=tas"), ["ts"]);
    assert.deepEqual(await variables("variable_id!=ts", "no_such_facet!=x"), ["pr", "tas"]);
    assert.deepEqual(await variables("no_such_facet=*"), []);
    assert.deepEqual(await variables("cmip6.variable_id=pr"), ["pr"]);
    assert.deepEqual(await variables("obs4mips.variable_id=pr"), []);
    const rest = await datasets.list({ sourceType: "cmip6", offset: 1 });
    assert.deepEqual(
      rest.items.map(({ facets }) => facets["variable_id"]),
      ["tas", "ts"],
    );
    assert.equal(new Set(rest.items.map(({ rid }) => rid)).size, 2);
  });

  withCatalog("datasets are found by id and by RID, whatever their state", async (datasets) => {
    const [tas, pr] = [sampleDataset("tas"), sampleDataset("pr")];
    await datasets.ingest({ ...nothing, datasets: [tas], invalidDatasets: [{ ...pr, invalid: "disagree" }] });
    await datasets.setRetracted(tas.id, true);
    const [first] = (await datasets.list({ names: [tas.id] })).items;
    assert.equal(first?.id, tas.id);
    const again = await datasets.list({ names: [first?.rid.toLowerCase() ?? "", pr.id, "none", "ZZZZ"] });
    assert.deepEqual(
      again.items.map(({ id }) => id),
      [pr.id, tas.id],
    );
    assert.equal((await datasets.list({ names: [] })).total, 0);
  });

  withCatalog("warnings of a dataset are replaced when it is ingested again", async (datasets) => {
    const tas = sampleDataset("tas");
    const warning = (message: string) => ({ sourceType: "cmip6", id: tas.id, message });
    await datasets.ingest({
      ...nothing,
      datasets: [tas],
      warnings: [warning("a"), warning("b"), warning("b")],
    });
    assert.deepEqual((await datasets.problems()).datasets, [warning("a"), warning("b")]);
    await datasets.ingest({ ...nothing, datasets: [tas], warnings: [warning("c")] });
    assert.deepEqual((await datasets.problems()).datasets, [warning("c")]);
  });
}
