import assert from "node:assert/strict";
import { statSync } from "node:fs";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import {
  goodResult,
  type Left,
  leave,
  type TwoTrees,
  treeOf,
  twoTrees,
} from "../../test/support/finished-execution.ts";
import { type OpenCatalog, openCatalog } from "../adapters/sqlite/open.ts";
import { AlmanacError } from "../core/errors.ts";
import type { SolverDefinition } from "../core/execution/definition.ts";
import { readManifest } from "../core/execution/manifest-journal.ts";
import type { ExecutionState } from "../core/execution/state.ts";
import { defaultVocabulary } from "../core/results/default-vocabulary.ts";
import type { Vocabulary } from "../core/results/vocabulary.ts";
import { type DurablePoint, unobserved } from "../ports/durable.ts";
import type { FragmentStore } from "../ports/fragment-store.ts";
import {
  pathToPublished,
  sampleDecision,
  sampleExecution,
  sampleOwner,
  sampleTime,
  transitionsAlong,
} from "../ports/sample-records.contract.ts";
import { catalogQueue } from "./catalog-queue.ts";
import { type PublishPorts, publishExecution } from "./publish.ts";
import { readOutcome } from "./read-outcome.ts";
import { type Reingested, reingest } from "./reingest.ts";
import { reingestAsNew } from "./reingest-as-new.ts";
import { resolveFromFiles } from "./resolve-from-files.ts";

const clock = { now: () => sampleTime, monotonicMs: () => 0 };
const strict: Vocabulary = {
  dimensions: defaultVocabulary.dimensions.filter(({ name }) => name !== "source_id"),
};

interface Bench extends TwoTrees {
  readonly catalog: OpenCatalog;
  readonly definition: SolverDefinition;
  readonly ports: PublishPorts;
  publish(ports?: Partial<PublishPorts>): Promise<Awaited<ReturnType<typeof publishExecution>>>;
  state(): Promise<ExecutionState | undefined>;
}

async function memoryCatalog(t: TestContext): Promise<OpenCatalog> {
  const catalog = await openCatalog({ file: ":memory:" });
  t.after(() => catalog.close());
  return catalog;
}

/** One execution recorded, computed, and left in scratch. */
async function computed(
  t: TestContext,
  { left = goodResult, observer = unobserved }: { left?: Left; observer?: typeof unobserved } = {},
): Promise<Bench> {
  const trees = twoTrees(t, observer);
  const catalog = await memoryCatalog(t);
  const [definition] = await catalog.executions.record([sampleExecution(sampleDecision("A"))], sampleOwner);
  assert.ok(definition !== undefined);
  const path = pathToPublished.slice(0, left.outcome === undefined ? 5 : 4);
  await catalog.executions.transition(transitionsAlong(definition.rid, path));
  await leave(trees.scratch, definition, left);
  const ports: PublishPorts = {
    ...trees,
    values: catalog.values,
    transitions: catalogQueue(catalog),
    vocabulary: defaultVocabulary,
    clock,
    keepScratch: "failed",
  };
  const state = async () => (await catalog.executions.execution(definition.rid))?.state;
  const publish = async (changes: Partial<PublishPorts> = {}) => {
    const outcome = await readOutcome(definition.fragment, trees.scratch);
    const known = { definition, state: (await state()) ?? "created", outcome, finishedAt: sampleTime };
    return publishExecution({ ...known, failure: undefined }, { ...ports, ...changes });
  };
  return { ...trees, catalog, definition, ports, publish, state };
}

async function valuesOf(catalog: OpenCatalog): Promise<unknown> {
  return (await catalog.values.values({ all: true })).items;
}

async function isDirty({ catalog, definition }: Bench): Promise<boolean | undefined> {
  return (await catalog.executions.group(definition.group.rid))?.dirty;
}

test("a computed execution is published: values queryable, group clean, scratch gone, time taken", async (t) => {
  const bench = await computed(t);
  assert.deepEqual(await bench.publish(), { rid: bench.definition.rid, state: "published" });
  const { items, total } = await bench.catalog.values.values({});
  assert.equal(total, 3);
  assert.deepEqual(
    items.map(({ value }) => ("value" in value ? value.value : value.values)),
    [3.25, null, [1.5, null]],
  );
  assert.equal(await isDirty(bench), false);
  assert.deepEqual(await bench.scratch.list(bench.definition.fragment), []);
  const { outputs, artifacts } = await bench.catalog.values.outputs(bench.definition.rid);
  assert.deepEqual(
    outputs.map(({ kind, path }) => [kind, path]),
    [["plot", "plots/map one.png"]],
  );
  assert.ok(artifacts.every(({ sha256 }) => sha256 !== undefined));
});

test("a failure is recorded with its class: only system failures leave the group dirty", async (t) => {
  const failure = (failureClass: "system" | "diagnostic") => ({
    ...goodResult,
    outcome: {
      result: "failed",
      failure: { class: failureClass, code: "EXIT_3", message: "m", signature: "s" },
    } as const,
  });
  for (const [left, dirty] of [
    [failure("system"), true],
    [failure("diagnostic"), false],
    [{ ...goodResult, outcome: "none" } as const, true],
  ] as const) {
    const bench = await computed(t, { left });
    assert.equal((await bench.publish()).state, "failed");
    assert.equal(await bench.state(), "failed");
    assert.equal(await isDirty(bench), dirty);
    assert.deepEqual(await valuesOf(bench.catalog), []);
    assert.notEqual((await bench.scratch.list(bench.definition.fragment)).length, 0);
  }
});

test("wherever publishing is interrupted, doing it again ends as if nothing had happened", async (t) => {
  const undisturbed = await computed(t);
  await undisturbed.publish();
  const { fragment } = undisturbed.definition;
  const points: readonly DurablePoint[] = [
    "results.copy",
    "results.manifest",
    "results.promote",
    "scratch.remove",
  ];
  for (const point of points)
    for (const when of ["before", "after"] as const) {
      let armed = true;
      const fail = (moment: string) => (reached: DurablePoint) => {
        if (!armed || reached !== point || moment !== when) return;
        armed = false;
        throw new Error("killed");
      };
      const bench = await computed(t, { observer: { before: fail("before"), after: fail("after") } });
      await assert.rejects(bench.publish(), /killed/);
      // A published execution is not published again; the remains of its scratch folder are nobody's business.
      if (point !== "scratch.remove") assert.equal((await bench.publish()).state, "published");
      assert.equal(await bench.state(), "published", `${when} ${point}`);
      assert.deepEqual(comparable(bench.results, fragment), comparable(undisturbed.results, fragment));
      assert.deepEqual(await valuesOf(bench.catalog), await valuesOf(undisturbed.catalog));
    }
});

/** A fragment without what differs from machine to machine: the stamps of the files in scratch. */
function comparable(store: FragmentStore, fragment: string): unknown {
  const tree = treeOf(store, fragment);
  const { records } = readManifest(tree["manifest.jsonl"] ?? "");
  return { ...tree, "manifest.jsonl": records.map((record) => ({ ...record, stamp: "" })) };
}

function failing(store: FragmentStore, code: "DISK_FULL" | "STORE_UNAVAILABLE"): FragmentStore {
  const refuse = async () => {
    throw new AlmanacError(code, "the store has had enough");
  };
  return {
    promote: refuse,
    read: store.read.bind(store),
    list: store.list.bind(store),
    digest: store.digest.bind(store),
    folder: store.folder.bind(store),
    localFile: store.localFile.bind(store),
    fragments: store.fragments.bind(store),
    discard: store.discard.bind(store),
    remains: store.remains.bind(store),
    remove: store.remove.bind(store),
  };
}

test("a store that is not available leaves it publishing, to be published later", async (t) => {
  for (const code of ["DISK_FULL", "STORE_UNAVAILABLE"] as const) {
    const bench = await computed(t);
    const end = await bench.publish({ results: failing(bench.results, code) });
    assert.deepEqual([end.state, end.failure?.code], ["publishing", code]);
    assert.equal(await bench.state(), "publishing");
    assert.equal(await isDirty(bench), true);
    assert.equal((await bench.publish()).state, "published");
  }
});

test("values that the vocabulary refuses fail it; publishing again and reingesting mend it, nothing is computed", async (t) => {
  for (const mend of ["publish", "reingest"] as const) {
    const bench = await computed(t);
    const { fragment } = bench.definition;
    const end = await bench.publish({ vocabulary: strict });
    assert.equal(end.failure?.code, "VOCABULARY_REFUSED");
    assert.match(
      end.failure?.message ?? "",
      /diagnostic\.json \$\.RESULTS\.A\.ecs: the dimension "source_id"/,
    );
    assert.equal(await isDirty(bench), false);
    const tree = treeOf(bench.results, fragment);
    if (mend === "publish") assert.equal((await bench.publish()).state, "published");
    else {
      await bench.scratch.remove(fragment);
      const [done] = await again(bench, defaultVocabulary);
      assert.equal(done?.ok, true);
    }
    assert.equal(await bench.state(), "published");
    assert.deepEqual(treeOf(bench.results, fragment), tree);
  }
});

async function again(
  bench: Bench,
  vocabulary: Vocabulary,
  catalog = bench.catalog,
): Promise<readonly Reingested[]> {
  const ports = {
    results: bench.results,
    vocabulary,
    executions: catalog.executions,
    values: catalog.values,
    clock,
  };
  const done: Reingested[] = [];
  for await (const each of reingest(bench.results.fragments(), ports)) done.push(each);
  return done;
}

test("lenient ingestion turns what the vocabulary refuses into warnings", async (t) => {
  const bench = await computed(t);
  assert.equal((await bench.publish({ vocabulary: strict, lenient: true })).state, "published");
});

test("reingesting gives the same rows; one that fails leaves everything as it was", async (t) => {
  const bench = await computed(t);
  await bench.publish();
  const before = await valuesOf(bench.catalog);
  await again(bench, defaultVocabulary);
  assert.deepEqual(await valuesOf(bench.catalog), before);
  const [refused] = await again(bench, strict);
  assert.equal(refused?.ok, false);
  assert.deepEqual(await valuesOf(bench.catalog), before);
  assert.equal(await bench.state(), "published");
  assert.equal(await isDirty(bench), false);
});

test("a results tree alone, ingested into an empty catalog, gives the same values", async (t) => {
  const bench = await computed(t);
  await bench.publish();
  const other = await memoryCatalog(t);
  const [done] = await again(bench, defaultVocabulary, other);
  assert.equal(done?.ok, true);
  assert.deepEqual(await valuesOf(other), await valuesOf(bench.catalog));
});

test("values loaded as a new execution's share the artifacts and leave the old ones as they were", async (t) => {
  const bench = await computed(t);
  await bench.publish();
  const { definition, catalog, results } = bench;
  const ports = {
    results,
    executions: catalog.executions,
    values: catalog.values,
    clock,
    owner: sampleOwner,
  };
  const refused = await reingestAsNew(definition.rid, { ...ports, vocabulary: strict });
  assert.equal(refused.ok, false);
  assert.equal((await catalog.executions.list({})).total, 1);
  const old = treeOf(results, definition.fragment);
  const done = await reingestAsNew(definition.rid, { ...ports, vocabulary: defaultVocabulary });
  assert.ok(done.ok);
  assert.notEqual(done.rid, definition.rid);
  assert.deepEqual(treeOf(results, definition.fragment), old);
  assert.deepEqual(Object.keys(treeOf(results, done.fragment)), Object.keys(old));
  const file = (fragment: string) => statSync(join(results.folder(fragment), "out.nc")).ino;
  assert.equal(file(done.fragment), file(definition.fragment));
  const group = await catalog.executions.group(definition.group.rid);
  assert.deepEqual([group?.current, group?.dirty], [done.rid, false]);
  assert.equal((await catalog.values.values({})).items[0]?.execution, done.rid);
  const other = await memoryCatalog(t);
  assert.deepEqual(
    (await again(bench, defaultVocabulary, other)).map(({ ok }) => ok),
    [true, true],
  );
  assert.deepEqual((await other.values.values({})).items, (await catalog.values.values({})).items);
});

test("the state that files lead to is known without catalog and without scratch", async (t) => {
  const bench = await computed(t);
  const { fragment } = bench.definition;
  const stateOf = async (vocabulary = defaultVocabulary) =>
    (await resolveFromFiles(fragment, { ...bench, vocabulary })).state;
  assert.equal(await stateOf(), "publishing");
  await bench.publish();
  assert.equal(await stateOf(), "published");
  assert.equal(await stateOf(strict), "failed");
});

test("one whose scratch has gone and whose results are complete is published from them", async (t) => {
  const bench = await computed(t);
  const { fragment, rid } = bench.definition;
  const unwilling = { publish: () => Promise.reject(new AlmanacError("CATALOG_LOCKED", "locked")) };
  await assert.rejects(bench.publish({ values: { ...bench.catalog.values, ...unwilling } }), {
    code: "CATALOG_LOCKED",
  });
  assert.equal(await bench.state(), "publishing");
  await bench.scratch.remove(fragment);
  assert.deepEqual(await bench.publish(), { rid, state: "published" });
});
