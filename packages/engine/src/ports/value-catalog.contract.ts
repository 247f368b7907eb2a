import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { isAlmanacError } from "../core/errors.ts";
import type { SolverDefinition } from "../core/execution/definition.ts";
import type { Rid } from "../core/identity/rid.ts";
import type { Series } from "../core/results/value.ts";
import type { Decision } from "../core/solver/plan.ts";
import type { ExecutionCatalog } from "./execution-catalog.ts";
import {
  pathToPublished,
  sampleDecision,
  sampleDefinition,
  sampleExecution,
  sampleScalar,
  transitionsAlong,
} from "./sample-records.contract.ts";
import type { ExecutionResults, ValueCatalog } from "./value-catalog.ts";

/** An empty catalog for one test. */
export interface ValueCatalogUnderTest {
  readonly executions: ExecutionCatalog;
  readonly values: ValueCatalog;
  close(): Promise<void>;
}

const series: Series = {
  dimensions: { source_id: "A", metric: "tas" },
  kind: "reference",
  values: [1.5, null, 1e-300],
  index: ["1850-01-01", "1851-01-01", "1852-01-01"],
  indexName: "time",
  calendar: "noleap",
  valueUnits: "K",
  valueLongName: "temperature",
  attributes: {},
};

/** Registers the tests that every `ValueCatalog` passes. @param open an empty catalog */
export function testValueCatalog(name: string, open: () => Promise<ValueCatalogUnderTest>): void {
  const withCatalog: WithCatalog = (title, body) => {
    test(title, async () => {
      const [catalog, other] = [await open(), await open()];
      try {
        await body(catalog, other);
      } finally {
        await catalog.close();
        await other.close();
      }
    });
  };
  describe(`value catalog: ${name}`, () => {
    testPublishing(withCatalog);
    testFinding(withCatalog);
    testAdopting(withCatalog);
  });
}

type WithCatalog = (
  title: string,
  body: (catalog: ValueCatalogUnderTest, other: ValueCatalogUnderTest) => Promise<void>,
) => void;

function resultsOf(definition: SolverDefinition, changes: Partial<ExecutionResults> = {}): ExecutionResults {
  return {
    definition,
    scalars: [sampleScalar("ecs", 3.25), sampleScalar("tcr", null)],
    series: [series],
    outputs: [
      ...[{ kind: "plot" as const, shortName: "map", path: "map.png", longName: "Map", description: "" }],
    ].map((output) => ({ ...output, dimensions: { metric: "ecs" } })),
    artifacts: [
      {
        ...{
          name: "map",
          path: "map.png",
          kind: "execution-asset",
          types: ["figure"],
          mode: "write" as const,
        },
        ...{ metadata: { dpi: 300 }, description: "d", keepOnFailure: false, sizeBytes: 9, sha256: "ab" },
      },
    ],
    warnings: [],
    ...changes,
  };
}

/** Records an execution and brings it to the point before its publication. */
async function computed(catalog: ValueCatalogUnderTest, decision: Decision): Promise<SolverDefinition> {
  const [definition] = await catalog.executions.record([sampleExecution(decision)], undefined);
  assert.ok(definition);
  await catalog.executions.transition(transitionsAlong(definition.rid, pathToPublished.slice(0, -1)));
  return definition;
}

async function published(
  catalog: ValueCatalogUnderTest,
  decision: Decision,
  changes: Partial<ExecutionResults> = {},
): Promise<SolverDefinition> {
  const definition = await computed(catalog, decision);
  const [last] = transitionsAlong(definition.rid, ["publishing", "published"]);
  await catalog.values.publish(resultsOf(definition, changes), last);
  return definition;
}

function testPublishing(withCatalog: WithCatalog): void {
  withCatalog("what is published comes back as it was", async (catalog) => {
    const definition = await published(catalog, sampleDecision("A"));
    const { items, total } = await catalog.values.values({});
    assert.equal(total, 3);
    assert.deepEqual(
      items.map(({ value }) => value),
      [sampleScalar("ecs", 3.25), sampleScalar("tcr", null), series],
    );
    assert.ok(items.every(({ execution, version }) => execution === definition.rid && version === 1));
    const { outputs, artifacts } = await catalog.values.outputs(definition.rid);
    const expected = resultsOf(definition);
    assert.deepEqual([outputs, artifacts], [expected.outputs, expected.artifacts]);
    assert.equal((await catalog.executions.execution(definition.rid))?.state, "published");
  });

  withCatalog("ingesting again gives the same rows, fewer values leave nothing behind", async (catalog) => {
    const definition = await published(catalog, sampleDecision("A"));
    const before = await catalog.values.values({});
    await catalog.values.publish(resultsOf(definition), undefined);
    assert.deepEqual(await catalog.values.values({}), before);
    await catalog.values.publish(resultsOf(definition, { scalars: [], outputs: [] }), undefined);
    assert.equal((await catalog.values.values({})).total, 1);
    assert.deepEqual((await catalog.values.outputs(definition.rid)).outputs, []);
    assert.equal((await catalog.executions.execution(definition.rid))?.history.at(-1)?.to, "published");
  });

  withCatalog("a refused transition leaves no rows", async (catalog) => {
    const definition = await computed(catalog, sampleDecision("A"));
    const [wrong] = transitionsAlong(definition.rid, ["completed", "publishing"]);
    await assert.rejects(catalog.values.publish(resultsOf(definition), wrong), (error) =>
      isAlmanacError(error, "CONFLICT"),
    );
    assert.equal((await catalog.values.values({ all: true })).total, 0);
  });

  withCatalog(
    "several are published in one transaction with changes of others: all or nothing",
    async (catalog) => {
      const [first, second, third] = [
        await computed(catalog, sampleDecision("A")),
        await computed(catalog, sampleDecision("B")),
        await computed(catalog, sampleDecision("C")),
      ] as const;
      const publicationOf = (definition: SolverDefinition, changes: Partial<ExecutionResults> = {}) => ({
        results: resultsOf(definition, changes),
        transition: transitionsAlong(definition.rid, ["publishing", "published"])[0],
      });
      const others = transitionsAlong(third.rid, ["publishing", "failed"]);
      const bad = publicationOf(second, { scalars: [sampleScalar("ecs", Number.NaN)] });
      await assert.rejects(catalog.values.publishAll([publicationOf(first), bad], others), (error) =>
        isAlmanacError(error, "BUNDLE_INVALID"),
      );
      const states = async () =>
        Promise.all(
          [first, second, third].map(async ({ rid }) => (await catalog.executions.execution(rid))?.state),
        );
      assert.deepEqual(await states(), ["publishing", "publishing", "publishing"]);
      assert.equal((await catalog.values.values({ all: true })).total, 0);
      await catalog.values.publishAll([publicationOf(first), publicationOf(second)], others);
      assert.deepEqual(await states(), ["published", "published", "failed"]);
      assert.equal((await catalog.values.values({ all: true })).total, 6);
    },
  );

  withCatalog("a number that cannot be stored is refused, not lost", async (catalog) => {
    const definition = await computed(catalog, sampleDecision("A"));
    for (const bad of [
      { scalars: [sampleScalar("ecs", Number.NaN)] },
      { series: [{ ...series, values: [1, Number.POSITIVE_INFINITY, 2] }] },
    ])
      await assert.rejects(catalog.values.publish(resultsOf(definition, bad), undefined), (error) =>
        isAlmanacError(error, "BUNDLE_INVALID"),
      );
  });
}

function testFinding(withCatalog: WithCatalog): void {
  withCatalog("values are found by form, name, execution and dimension, in pages", async (catalog) => {
    const definition = await published(catalog, sampleDecision("A"));
    await published(catalog, sampleDecision("B"));
    const total = async (query: Parameters<ValueCatalog["values"]>[0]) =>
      (await catalog.values.values(query)).total;
    assert.equal(await total({ kind: "series" }), 2);
    assert.equal(await total({ executions: [definition.rid] }), 3);
    assert.equal(await total({ executions: [] }), 0);
    assert.equal(await total({ selection: ["metric=ecs,tas", "source_id=A"] }), 4);
    assert.equal(await total({ selection: { metric: ["none"] } }), 0);
    assert.equal(await total({ selection: ["metric=e*,ta?", "source_id=?"] }), 4);
    assert.equal(await total({ selection: ["metric!=ecs,ta*", "no_dimension!=x"] }), 2);
    assert.equal(await total({ selection: ["source_id!=A"] }), 0);
    assert.equal(await total({ provider: ["CLIM"], exactNames: true }), 0);
    assert.equal(await total({ provider: ["climate"], exactNames: true }), 6);
    assert.equal(await total({ provider: ["CLIM"], diagnostic: ["x", "me"] }), 6);
    assert.equal(await total({ diagnostic: ["x"] }), 0);
    const all = await catalog.values.values({});
    const page = await catalog.values.values({ offset: 2, limit: 3 });
    assert.deepEqual([page.items, page.total], [all.items.slice(2, 5), 6]);
    assert.equal(new Set(all.items.map(({ rid }) => rid)).size, 6);
  });

  withCatalog("only current executions of promoted versions are shown", async (catalog) => {
    const old = await published(catalog, sampleDecision("A"));
    const fingerprint = "other";
    const reasons: Decision["reasons"] = [{ code: "datasets-changed", message: "", execution: old.rid }];
    const next = await published(catalog, sampleDecision("A", { fingerprint, reasons }));
    const shown = async () =>
      new Set((await catalog.values.values({})).items.map(({ execution }) => execution));
    assert.deepEqual(await shown(), new Set([next.rid]));
    assert.equal((await catalog.values.values({ all: true })).total, 6);
    assert.equal((await catalog.values.values({ executions: [old.rid] })).total, 3);
    const bumped = await computed(catalog, sampleDecision("A", { version: 2 }));
    assert.deepEqual(await shown(), new Set([next.rid]));
    const [last] = transitionsAlong(bumped.rid, ["publishing", "published"]);
    await catalog.values.publish(resultsOf(bumped), last);
    assert.deepEqual(await shown(), new Set([bumped.rid]));
  });
}

function testAdopting(withCatalog: WithCatalog): void {
  withCatalog("results ingested into an empty catalog give the same value table", async (catalog, other) => {
    const results: ExecutionResults[] = [];
    for (const source of ["A", "B", "C"])
      results.push(resultsOf(await published(catalog, sampleDecision(source))));
    for (const each of results.toReversed()) await other.values.publish(each, undefined);
    for (const each of results) await other.values.publish(each, undefined);
    const [here, there] = [await catalog.values.values({}), await other.values.values({})];
    assert.equal(JSON.stringify(there), JSON.stringify(here));
    const groups = (await other.executions.groups({})).items;
    assert.deepEqual(groups, (await catalog.executions.groups({})).items);
    const rid = results[0]?.definition.rid as Rid;
    assert.deepEqual(await other.executions.definition(rid), results[0]?.definition);
    assert.equal((await other.executions.execution(rid))?.state, "published");
    const [next] = await other.executions.record([sampleExecution(sampleDecision("D"))], undefined);
    assert.ok(
      results.every(
        ({ definition }) =>
          definition.rid !== next?.rid && definition.fragment.split("/").at(-2) !== next?.rid,
      ),
    );
  });

  withCatalog(
    "what a computation used and when comes along into an empty catalog",
    async (catalog, other) => {
      const definition = await published(catalog, sampleDecision("A"));
      const resources = {
        wallSeconds: 2,
        cpuSeconds: 1,
        peakMemoryBytes: 3e6,
        measured: "proc-tree",
      } as const;
      const states = [
        { state: "running", at: "2026-01-01T00:00:00.000Z" },
        { state: "completed", at: "2026-01-01T00:00:02.000Z" },
      ] as const;
      await other.values.publish(resultsOf(definition, { outcome: { states, resources } }), undefined);
      const { items } = await other.executions.list({});
      assert.deepEqual(items[0]?.resources, resources);
      assert.equal(items[0].durations.compute, 2);
      const found = await other.executions.execution(definition.rid);
      assert.deepEqual([found?.startedAt, found?.finishedAt], [states[0].at, states[1].at]);
    },
  );

  withCatalog(
    "RIDs that are taken become aliases, and the second time finds the first",
    async (catalog, other) => {
      const theirs = await published(other, sampleDecision("A"));
      const mine = await published(catalog, sampleDecision("B"));
      assert.equal(theirs.rid, mine.rid);
      await catalog.values.publish(resultsOf(theirs), undefined);
      const before = await catalog.values.values({});
      assert.equal(before.total, 6);
      await catalog.values.publish(resultsOf(theirs), undefined);
      assert.deepEqual(await catalog.values.values({}), before);
      assert.equal((await catalog.executions.list({})).total, 2);
    },
  );

  withCatalog("of several executions of a group the one made last is current", async (catalog) => {
    const made = (execution: string, createdAt: string) => ({
      ...sampleDefinition(sampleDecision("A"), { group: "1" as Rid, execution: execution as Rid }),
      createdAt,
    });
    const [older, newer] = [made("3", "2024-01-01T00:00:00.000Z"), made("2", "2024-02-01T00:00:00.000Z")];
    await catalog.values.publish(resultsOf(newer), undefined);
    await catalog.values.publish(resultsOf(older), undefined);
    assert.equal((await catalog.executions.group("1"))?.current, "2");
  });
}
