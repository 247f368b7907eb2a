import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { isAlmanacError } from "../core/errors.ts";
import type { InputDataset, RunDefinition } from "../core/execution/definition.ts";
import type { Rid } from "../core/identity/rid.ts";
import type { NewAsset } from "../core/records/asset.ts";
import type { AssetCatalog } from "./asset-catalog.ts";
import type { ExecutionCatalog } from "./execution-catalog.ts";
import type { LineageCatalog } from "./lineage-catalog.ts";
import type { NewRun, RunCatalog, RunRids } from "./run-catalog.ts";
import { pathToPublished, sampleOwner, sampleTime, transitionsAlong } from "./sample-records.contract.ts";
import type { ValueCatalog } from "./value-catalog.ts";

/** An empty catalog for one test. */
export interface RunCatalogUnderTest {
  readonly runs: RunCatalog;
  readonly executions: ExecutionCatalog;
  readonly values: ValueCatalog;
  readonly assets: AssetCatalog;
  readonly lineage: LineageCatalog;
  close(): Promise<void>;
}

const workflow = {
  name: "train",
  types: ["Training"],
  url: "file:///train.ts",
  checksum: "c1",
  description: "",
};

/** A file that lies elsewhere. */
const elsewhere: NewAsset = {
  ...{ kind: "file", fileName: "far.csv", sizeBytes: 3, sha256: "f".repeat(64), types: ["table"] },
  ...{ url: "https://example.org/far.csv", metadata: { station: 7 }, description: "far away" },
};

const file = { kind: "file", fileName: "data.csv", sizeBytes: 3, sha256: "d1", url: "data.csv" } as const;

function sampleRun(changes: Partial<NewRun> = {}): NewRun {
  return {
    workflow,
    inputs: [file],
    reserve: 4,
    parametersDigest: "p",
    define: (rids) => sampleRunDefinition(rids),
    ...changes,
  };
}

function sampleRunDefinition({ execution, workflow: code, assets, reserved }: RunRids): RunDefinition {
  return {
    ...{ formatVersion: 2, origin: "run", rid: execution, fragment: `runs/train/${execution}` },
    workflow: { ...workflow, rid: code },
    code: { source: "file", dirty: false, dirtyPaths: [] },
    ...{
      description: "sample",
      datasets: [],
      fingerprint: "f",
      parameters: { rate: 1 },
      limits: {},
      kinds: [],
    },
    assets: assets.map((rid) => ({ ...file, rid, place: `inputs/${rid}/data.csv` })),
    computation: { kind: "function", module: "train.ts#train" },
    vocabulary: { dimensions: [] },
    ...{ commandLine: ["almanac", "run"], workingFolder: ".", createdAt: sampleTime },
    reserved: { first: reserved, count: 4 },
  };
}

/** Registers the tests that every catalog of runs passes. @param open an empty catalog */
export function testRunCatalog(name: string, open: () => Promise<RunCatalogUnderTest>): void {
  const withCatalog = (title: string, body: (catalog: RunCatalogUnderTest) => Promise<void>): void => {
    test(title, async () => {
      const catalog = await open();
      try {
        await body(catalog);
      } finally {
        await catalog.close();
      }
    });
  };
  const record = async (
    catalog: RunCatalogUnderTest,
    changes: Partial<NewRun> = {},
  ): Promise<RunDefinition> => (await catalog.runs.record(sampleRun(changes), sampleOwner)).definition;
  const publish = (catalog: RunCatalogUnderTest, definition: RunDefinition, paths: readonly string[]) =>
    catalog.values.publish(
      {
        ...{ definition, scalars: [], series: [], outputs: [], warnings: [] },
        artifacts: paths.map((path) => ({
          ...{ name: path, path, kind: "execution-asset", types: [], mode: "write" as const, metadata: {} },
          ...{ description: "", keepOnFailure: false, sizeBytes: 1, sha256: `of ${path}` },
        })),
      },
      undefined,
    );
  describe(`run catalog: ${name}`, () => {
    withCatalog(
      "a run is recorded with its workflow and inputs, and belongs to no group",
      async (catalog) => {
        const definition = await record(catalog);
        assert.deepEqual(await catalog.executions.definition(definition.rid), definition);
        const detail = await catalog.executions.execution(definition.rid);
        assert.deepEqual(
          [detail?.origin, detail?.group, detail?.workflow, detail?.state, detail?.description],
          ["run", undefined, definition.workflow.rid, "created", "sample"],
        );
        const { items } = await catalog.assets.list({ execution: definition.rid, role: "Input" });
        assert.deepEqual(
          items.map(({ rid, madeBy }) => [rid, madeBy]),
          [[definition.assets[0]?.rid, undefined]],
        );
        const [listed] = (await catalog.executions.list({ provider: ["runs"], exactNames: true })).items;
        assert.deepEqual([listed?.rid, listed?.diagnostic], [definition.rid, "train"]);
        assert.equal((await catalog.executions.groups({})).total, 0);
      },
    );

    withCatalog("the same code and the same file are one workflow and one asset", async (catalog) => {
      const first = await record(catalog);
      const { definition: second, remarks } = await catalog.runs.record(
        sampleRun({ workflow: { ...workflow, name: "another" } }),
        undefined,
      );
      assert.equal(second.workflow.rid, first.workflow.rid);
      assert.equal(second.assets[0]?.rid, first.assets[0]?.rid);
      assert.match(remarks.join(), /another|train/);
    });

    withCatalog("RIDs set aside are nobody's", async (catalog) => {
      const first = await record(catalog);
      const second = await record(catalog);
      assert.ok(first.reserved.count === 4 && first.reserved.first !== second.reserved.first);
      const used = [first, second].flatMap(({ rid, workflow: code, assets }) => [
        ...[rid, code.rid],
        ...assets.map((asset) => asset.rid),
      ]);
      assert.ok(!used.includes(first.reserved.first));
    });

    withCatalog("an asset taken while a run goes on is an input of it, once", async (catalog) => {
      const { rid } = await record(catalog);
      const added = await catalog.assets.add(elsewhere);
      for (let time = 0; time < 2; time += 1) await catalog.runs.addInput(rid, added.rid);
      const { items } = await catalog.assets.list({ execution: rid, role: "Input" });
      assert.deepEqual(
        items.map((each) => each.rid === added.rid),
        [false, true],
      );
      assert.deepEqual(await catalog.assets.uses(added.rid), [{ execution: rid, role: "Input" }]);
      const unknown = "ZZZ" as Rid;
      for (const adding of [catalog.runs.addInput(rid, unknown), catalog.runs.addInput(unknown, added.rid)])
        await assert.rejects(adding, (error) => isAlmanacError(error, "UNKNOWN_NAME"));
    });

    withCatalog(
      "a dataset taken while a run goes on is an input of it, once, after the others",
      async (catalog) => {
        const { rid } = await record(catalog);
        const used = (id: string): InputDataset => ({
          ...{ requirement: "authored", sourceType: "authored", version: "0.1.0", facets: {}, files: [] },
          id,
        });
        for (const id of ["3JSE@0.1.0", "2JSE@0.1.0", "3JSE@0.1.0"])
          await catalog.runs.addInputDataset(rid, used(id));
        const detail = await catalog.executions.execution(rid);
        assert.deepEqual(detail?.datasets.map(({ id }) => id).slice(-2), ["3JSE@0.1.0", "2JSE@0.1.0"]);
        const definition = await catalog.executions.definition(rid);
        assert.equal(detail?.datasets.length, (definition?.datasets.length ?? 0) + 2);
        await assert.rejects(catalog.runs.addInputDataset("ZZZ" as Rid, used("3JSE@0.1.0")), (error) =>
          isAlmanacError(error, "UNKNOWN_NAME"),
        );
      },
    );

    withCatalog("a file from outside is registered once for each place and content", async (catalog) => {
      const first = await catalog.assets.add(elsewhere);
      assert.deepEqual(first, { ...elsewhere, rid: first.rid, madeBy: undefined });
      assert.deepEqual(await catalog.assets.add({ ...elsewhere, description: "told again" }), first);
      const other = await catalog.assets.add({ ...elsewhere, sha256: "0".repeat(64) });
      assert.notEqual(other.rid, first.rid);
      await assert.rejects(catalog.assets.add({ ...elsewhere, kind: "none" }), (error) =>
        isAlmanacError(error, "UNKNOWN_NAME"),
      );
    });

    withCatalog("nothing is recorded when an input or the parent is not there", async (catalog) => {
      const unknown = "ZZZ" as Rid;
      for (const changes of [{ inputs: [{ ...file, rid: unknown }] }, { parent: { rid: unknown } }])
        await assert.rejects(record(catalog, changes), (error) => isAlmanacError(error, "UNKNOWN_NAME"));
      assert.equal((await catalog.executions.list({})).total, 0);
      assert.equal((await catalog.assets.list({})).total, 0);
    });

    withCatalog("files become assets under RIDs that publishing again does not change", async (catalog) => {
      const definition = await record(catalog);
      await catalog.executions.transition(transitionsAlong(definition.rid, pathToPublished));
      await publish(catalog, definition, ["a/x.txt", "b/x.txt"]);
      const made = (await catalog.assets.list({ execution: definition.rid, role: "Output" })).items;
      assert.deepEqual(
        made.map(({ fileName, types, madeBy }) => [fileName, types, madeBy]),
        [
          ["x.txt", ["execution-asset"], definition.rid],
          ["x.txt", ["execution-asset"], definition.rid],
        ],
      );
      const [first] = made;
      assert.ok(first !== undefined);
      const next = await record(catalog, { inputs: [{ ...file, rid: first.rid }] });
      await publish(catalog, definition, ["a/x.txt", "b/x.txt"]);
      const again = await catalog.assets.list({ execution: definition.rid, role: "Output" });
      assert.deepEqual(again.items, made);
      assert.deepEqual(await catalog.assets.uses(first.rid), [
        { execution: definition.rid, role: "Output" },
        { execution: next.rid, role: "Input" },
      ]);
      const lineage = await catalog.lineage.lineage({ rid: next.rid, direction: "up" });
      assert.deepEqual(
        lineage?.nodes.map(({ rid }) => rid),
        [next.rid, first.rid, definition.rid, definition.assets[0]?.rid],
      );
    });

    withCatalog("parts are in order of sequence, those without one last, each once", async (catalog) => {
      const [whole, late, early, loose, deep] = await Promise.all(
        Array.from({ length: 5 }, () => record(catalog)),
      ).then((all) => all.map(({ rid }) => rid) as [Rid, Rid, Rid, Rid, Rid]);
      const { runs } = catalog;
      await runs.nest({ parent: whole, child: loose });
      await runs.nest({ parent: whole, child: late, sequence: 7 });
      await runs.nest({ parent: whole, child: early, sequence: 2 });
      for (const parent of [late, early]) await runs.nest({ parent, child: deep });
      const rids = async (which: "children" | "parents", rid: Rid, recursive: boolean) =>
        (await runs[which](rid, recursive)).map((each) => each.rid);
      assert.deepEqual(await rids("children", whole, false), [early, late, loose]);
      assert.deepEqual(await rids("children", whole, true), [early, late, loose, deep]);
      assert.deepEqual(await rids("parents", deep, true), [late, early, whole]);
      for (const [parent, child] of [
        [whole, whole],
        [deep, whole],
      ] as const)
        await assert.rejects(runs.nest({ parent, child }), (error) =>
          isAlmanacError(error, "NESTING_INVALID"),
        );
      await runs.nest({ parent: whole, child: loose, sequence: 1 });
      assert.deepEqual(await rids("children", whole, false), [loose, early, late]);
    });

    withCatalog("kinds are declared once, and descriptions change", async (catalog) => {
      const kind = { name: "Model", description: "d", columns: [] };
      await catalog.assets.declareKind(kind);
      await catalog.assets.declareKind(kind);
      await assert.rejects(catalog.assets.declareKind({ ...kind, description: "e" }), (error) =>
        isAlmanacError(error, "CONFLICT"),
      );
      assert.ok((await catalog.assets.kinds()).some(({ name: each }) => each === "Model"));
      const { rid } = await record(catalog);
      await catalog.runs.describe(rid, "other");
      assert.equal((await catalog.executions.execution(rid))?.description, "other");
    });
  });
}
