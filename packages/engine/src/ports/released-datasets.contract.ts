import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { Dataset } from "../core/catalog/dataset.ts";
import { datasetAt } from "../core/catalog/table-rows.ts";
import { type ErrorCode, isAlmanacError } from "../core/errors.ts";
import { sha256Hex } from "../core/identity/digest.ts";
import type { Rid } from "../core/identity/rid.ts";
import type { AssetCatalog } from "./asset-catalog.ts";
import type { DatasetAuthoring, NewDataset } from "./dataset-authoring.ts";
import type { DatasetCatalog } from "./dataset-catalog.ts";
import type { RecordRemoval } from "./record-removal.ts";
import { sampleDataset, sampleTime } from "./sample-records.contract.ts";

/** A new catalog for one test. */
export interface ReleasedUnderTest {
  readonly datasets: DatasetCatalog;
  readonly authored: DatasetAuthoring;
  readonly assets: AssetCatalog;
  readonly removal: RecordRemoval;
  close(): Promise<void>;
}

const at = sampleTime;

const withCode =
  (code: ErrorCode, message = /./) =>
  (error: unknown): boolean =>
    isAlmanacError(error, code) && message.test(error.message);

async function file({ assets }: ReleasedUnderTest, name: string, sha256 = sha256Hex(name)): Promise<Rid> {
  const facts = { kind: "file", fileName: name, sizeBytes: name.length, sha256, url: `files/${name}` };
  return (await assets.add({ ...facts, types: [], metadata: {}, description: "" })).rid;
}

async function make(catalog: ReleasedUnderTest, changes: Partial<NewDataset>): Promise<Rid> {
  const [made] = await catalog.authored.create([
    { name: "sites", description: "", types: [], members: [], facets: { region: "alps" }, at, ...changes },
  ]);
  return made?.rid as Rid;
}

/** What solving sees of authored datasets, by source type. */
async function seen({ datasets }: ReleasedUnderTest): Promise<Readonly<Record<string, readonly Dataset[]>>> {
  const { tables } = await datasets.snapshot();
  return Object.fromEntries(
    [...tables]
      .filter(([name]) => name !== "cmip6")
      .map(([name, table]) => [name, table.ids.map((_, row) => datasetAt(table, row))]),
  );
}

async function seenIds(catalog: ReleasedUnderTest): Promise<Readonly<Record<string, readonly string[]>>> {
  return Object.fromEntries(
    Object.entries(await seen(catalog)).map(([name, each]) => [name, each.map(({ id }) => id)]),
  );
}

/** Registers the tests that every catalog passes whose authored datasets solving sees. @param open a new catalog */
export function testReleasedDatasets(name: string, open: () => Promise<ReleasedUnderTest>): void {
  const withCatalog: WithCatalog = (title, body) => {
    test(title, async () => {
      const catalog = await open();
      try {
        const datasets = [sampleDataset("tas")];
        await catalog.datasets.ingest({ datasets, invalidFiles: [], warnings: [], missing: [] });
        await body(catalog);
      } finally {
        await catalog.close();
      }
    });
  };
  describe(`released datasets: ${name}`, () => {
    testSeeing(withCatalog);
    testHiding(withCatalog);
    testRefusals(withCatalog);
  });
}

type WithCatalog = (title: string, body: (catalog: ReleasedUnderTest) => Promise<void>) => void;

function testSeeing(withCatalog: WithCatalog): void {
  withCatalog("the newest release with facets is a dataset of the type of its name", async (catalog) => {
    const [a, b] = [await file(catalog, "a.txt"), await file(catalog, "b.txt")];
    const child = await make(catalog, { name: "part", facets: {}, members: [{ rid: b }], release: {} });
    const rid = await make(catalog, {
      members: [
        { rid: a, path: "z/a.txt" },
        { rid: child, path: "part" },
      ],
    });
    assert.deepEqual(await seen(catalog), {}, "drafts, and datasets without facets, are not seen");
    const mark = await catalog.datasets.mark();
    await catalog.authored.release(rid, { at });
    const id = `${rid}@0.1.0`;
    const expected: Dataset = {
      ...{ sourceType: "sites", id, finalised: true },
      facets: { region: "alps", instance_id: id, version: "0.1.0" },
      files: ["b.txt", "a.txt"].map((name) => ({
        path: `inputs/${id}/data/${name === "b.txt" ? "part" : "z"}/${name}`,
        contentId: `sha256:${sha256Hex(name)}`,
      })),
    };
    assert.deepEqual(await seen(catalog), { sites: [expected] });
    const [change, ...others] = (await catalog.datasets.changes(mark))?.datasets ?? [];
    assert.deepEqual(others, []);
    assert.deepEqual([change?.sourceType, change?.id], ["sites", id]);
    assert.deepEqual(change?.now?.facets, expected.facets);
    assert.deepEqual([...(await catalog.datasets.snapshot(["cmip6"])).tables.keys()], ["cmip6"]);
    assert.deepEqual([...(await catalog.datasets.snapshot(["sites"])).tables.keys()], ["sites"]);
    assert.deepEqual(await catalog.authored.releasedTypes(), [
      { name: "sites", facets: ["instance_id", "region", "version"], datasets: [rid] },
    ]);
  });

  withCatalog(
    "a new release takes the place of the one before, with the facets of its time",
    async (catalog) => {
      const rid = await make(catalog, { members: [{ rid: await file(catalog, "a.txt") }], release: {} });
      const mark = await catalog.datasets.mark();
      await catalog.authored.change(rid, { add: [{ rid: await file(catalog, "b.txt") }] });
      await catalog.authored.describe(rid, { facets: { region: "jura" } });
      assert.equal(await catalog.datasets.mark(), mark, "a draft changes nothing");
      assert.equal((await seen(catalog))["sites"]?.[0]?.facets["region"], "alps");
      await catalog.authored.release(rid, { at });
      assert.deepEqual(await seenIds(catalog), { sites: [`${rid}@0.2.0`] });
      assert.equal((await seen(catalog))["sites"]?.[0]?.facets["region"], "jura");
      const changes = await catalog.datasets.changes(mark);
      assert.deepEqual(changes?.datasets.map(({ id, now }) => [id, now !== undefined]).sort(), [
        [`${rid}@0.1.0`, false],
        [`${rid}@0.2.0`, true],
      ]);
    },
  );

  withCatalog(
    "other facets alone are reason enough for a release; none take it from solving",
    async (catalog) => {
      const rid = await make(catalog, {
        facets: {},
        members: [{ rid: await file(catalog, "a.txt") }],
        release: {},
      });
      await assert.rejects(catalog.authored.release(rid, { at }), withCode("RELEASE_REFUSED", /nothing has/));
      await catalog.authored.describe(rid, { facets: { region: "alps" } });
      await catalog.authored.release(rid, { at });
      assert.deepEqual(await seenIds(catalog), { sites: [`${rid}@0.2.0`] });
      await assert.rejects(catalog.authored.release(rid, { at }), withCode("RELEASE_REFUSED", /nothing has/));
      await catalog.authored.describe(rid, { facets: {} });
      await catalog.authored.release(rid, { at });
      assert.deepEqual(await seenIds(catalog), {});
    },
  );

  withCatalog(
    "another name is another source type; two datasets of one name are both seen",
    async (catalog) => {
      const member = { rid: await file(catalog, "a.txt") };
      const first = await make(catalog, { members: [member], release: {} });
      const second = await make(catalog, { members: [member], release: {} });
      const ids = [`${first}@0.1.0`, `${second}@0.1.0`].sort();
      assert.deepEqual(await seenIds(catalog), { sites: ids });
      const mark = await catalog.datasets.mark();
      await catalog.authored.describe(first, { name: "places" });
      assert.deepEqual(await seenIds(catalog), { places: [`${first}@0.1.0`], sites: [`${second}@0.1.0`] });
      const changes = (await catalog.datasets.changes(mark))?.datasets ?? [];
      assert.deepEqual(changes.map(({ sourceType }) => sourceType).sort(), ["places", "sites"]);
    },
  );
}

function testHiding(withCatalog: WithCatalog): void {
  withCatalog(
    "a retracted version gives way to the one before, a retracted dataset to none",
    async (catalog) => {
      const rid = await make(catalog, { members: [{ rid: await file(catalog, "a.txt") }], release: {} });
      await catalog.authored.change(rid, { add: [{ rid: await file(catalog, "b.txt") }] });
      await catalog.authored.release(rid, { at });
      const steps: readonly (readonly [string, boolean, readonly string[]])[] = [
        [`${rid}@0.2.0`, true, [`${rid}@0.1.0`]],
        [rid, true, []],
        [`${rid}@0.2.0`, false, []],
        [rid, false, [`${rid}@0.2.0`]],
        [`${rid}@0.1.0`, true, [`${rid}@0.2.0`]],
        [`${rid}@0.2.0`, true, []],
      ];
      for (const [id, retracted, expected] of steps) {
        const [mark, before] = [await catalog.datasets.mark(), (await seenIds(catalog))["sites"] ?? []];
        assert.ok(await catalog.datasets.setRetracted(id, retracted));
        assert.deepEqual((await seenIds(catalog))["sites"] ?? [], expected, `${id} ${retracted}`);
        const told = (await catalog.datasets.changes(mark))?.datasets.map((each) => each.id) ?? [];
        for (const changed of new Set([...before, ...expected]))
          assert.ok(before.includes(changed) === expected.includes(changed) || told.includes(changed));
      }
    },
  );

  withCatalog("what is deleted is seen no more; its rows and RIDs go with it", async (catalog) => {
    const rid = await make(catalog, { members: [{ rid: await file(catalog, "a.txt") }], release: {} });
    const mark = await catalog.datasets.mark();
    assert.equal((await catalog.datasets.list({ origin: "released" })).total, 1);
    await catalog.removal.dataset(rid);
    assert.deepEqual(await seenIds(catalog), {});
    assert.equal((await catalog.datasets.list({})).total, 1);
    const [change] = (await catalog.datasets.changes(mark))?.datasets ?? [];
    assert.deepEqual(change, { sourceType: "sites", id: `${rid}@0.1.0` });
  });
}

function testRefusals(withCatalog: WithCatalog): void {
  withCatalog(
    "a name or facet that means something else is refused, and nothing is released",
    async (catalog) => {
      const members = [{ rid: await file(catalog, "a.txt") }];
      const refused = (changes: Partial<NewDataset>, message: RegExp) =>
        assert.rejects(
          make(catalog, { members, release: {}, ...changes }),
          withCode("RELEASE_REFUSED", message),
        );
      await refused({ name: "cmip6" }, /its name "cmip6" is that of a source type/);
      await refused({ name: "authored" }, /its name "authored" is that of a source type/);
      await refused({ name: "a\nb" }, /its name "a\\nb" cannot be/);
      await refused({ facets: { version: "1" } }, /every dataset has a facet "version" already/);
      assert.equal((await catalog.datasets.list({})).total, 1);
      const plain = await make(catalog, { name: "cmip6", facets: {}, members, release: {} });
      await catalog.authored.describe(plain, { facets: { region: "alps" } });
      await assert.rejects(catalog.authored.release(plain, { at }), withCode("RELEASE_REFUSED", /"cmip6"/));
      const good = await make(catalog, { members, release: {} });
      await assert.rejects(
        catalog.authored.describe(good, { name: "cmip7" }),
        withCode("RELEASE_REFUSED", /"cmip7"/),
      );
      assert.deepEqual(await seenIds(catalog), { sites: [`${good}@0.1.0`] });
    },
  );
}
