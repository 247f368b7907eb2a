import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { type ErrorCode, isAlmanacError } from "../core/errors.ts";
import type { RunDefinition } from "../core/execution/definition.ts";
import type { Rid } from "../core/identity/rid.ts";
import type { AllowedRecords } from "../core/records/allowed-records.ts";
import type { FeatureDefinition, StagedFeature } from "../core/records/feature.ts";
import type { RecordType, StagedRecord } from "../core/records/record-type.ts";
import type { DatasetCatalog } from "./dataset-catalog.ts";
import type { ExecutionCatalog } from "./execution-catalog.ts";
import type { FeatureCatalog } from "./feature-catalog.ts";
import type { RunCatalog } from "./run-catalog.ts";
import { pathToPublished, sampleDataset, transitionsAlong } from "./sample-records.contract.ts";
import { sampleRun } from "./sample-run.contract.ts";
import type { TypedRecordCatalog } from "./typed-record-catalog.ts";
import type { ExecutionResults, ValueCatalog } from "./value-catalog.ts";
import type { VocabularyCatalog } from "./vocabulary-catalog.ts";

/** A new catalog for one test. */
export interface FeatureCatalogUnderTest {
  readonly datasets: DatasetCatalog;
  readonly executions: ExecutionCatalog;
  readonly values: ValueCatalog;
  readonly runs: RunCatalog;
  readonly vocabularies: VocabularyCatalog;
  readonly features: FeatureCatalog;
  readonly typedRecords: TypedRecordCatalog;
  close(): Promise<void>;
}

const quality: FeatureDefinition = {
  target: { kind: "dataset", name: "cmip6" },
  name: "quality",
  description: "How good the data are",
  columns: [
    { name: "grade", holds: "term", vocabulary: "Grade", required: true },
    { name: "score", holds: "value", type: "number", units: "K", required: false },
    { name: "figure", holds: "asset", required: false },
  ],
};
const site: RecordType = {
  name: "Site",
  description: "A place",
  columns: [
    { name: "height", holds: "value", type: "number", units: "m", required: true },
    { name: "near", holds: "record", recordType: "Site", required: false },
    { name: "grade", holds: "term", vocabulary: "Grade", required: false },
  ],
};
const seen: FeatureDefinition = {
  ...{ target: { kind: "record", name: "Site" }, name: "seen", description: "", columns: [] },
};
const drawn: FeatureDefinition = {
  ...{ target: { kind: "asset", name: "execution-asset" }, name: "drawn", description: "", columns: [] },
};
const allowed: AllowedRecords = {
  features: [quality, seen, drawn],
  recordTypes: [site],
  vocabularies: [
    {
      ...{ name: "Grade", description: "How good" },
      terms: [
        { name: "good", description: "", synonyms: ["fine"] },
        { name: "poor", description: "", synonyms: [] },
      ],
    },
  ],
};

const withCode =
  (code: ErrorCode, message = /./) =>
  (error: unknown): boolean =>
    isAlmanacError(error, code) && message.test(error.message);

async function declare({ vocabularies, features, typedRecords }: FeatureCatalogUnderTest): Promise<void> {
  await vocabularies.create({ name: "Grade", description: "How good" });
  for (const term of allowed.vocabularies[0]?.terms ?? []) await vocabularies.add("Grade", term);
  await typedRecords.define(site);
  for (const feature of allowed.features) await features.define(feature);
}

interface Staged {
  readonly features?: readonly StagedFeature[];
  readonly records?: readonly StagedRecord[];
}

function resultsOf(definition: RunDefinition, { features = [], records = [] }: Staged): ExecutionResults {
  return {
    definition,
    ...{ scalars: [], series: [], outputs: [], warnings: [] },
    artifacts: ["log.txt", "plots/a map.png"].map((path) => ({
      ...{ name: path, path, kind: "execution-asset", types: ["figure"], mode: "write", metadata: {} },
      ...{ description: "", keepOnFailure: false, sizeBytes: 1, sha256: "ab" },
    })),
    staged: { features, records },
  };
}

/** Records a run and brings it to the point before its publication. */
async function computed(
  catalog: FeatureCatalogUnderTest,
  { workflow = "train", createdAt }: { readonly workflow?: string; readonly createdAt?: string } = {},
): Promise<RunDefinition> {
  const run = sampleRun(workflow, { allowed, ...(createdAt === undefined ? {} : { createdAt }) });
  const { definition } = await catalog.runs.record(run, undefined);
  await catalog.executions.transition(transitionsAlong(definition.rid, pathToPublished.slice(0, -1)));
  return definition;
}

async function published(
  catalog: FeatureCatalogUnderTest,
  staged: Staged,
  run: Parameters<typeof computed>[1] = {},
): Promise<RunDefinition> {
  const definition = await computed(catalog, run);
  const [last] = transitionsAlong(definition.rid, ["publishing", "published"]);
  await catalog.values.publish(resultsOf(definition, staged), last);
  return definition;
}

/** Catalog ids of the datasets that each catalog has. */
const ids = ["tas", "pr"].map((variable) => sampleDataset(variable).id);

function graded(target: string, values: StagedFeature["values"]): StagedFeature {
  return {
    feature: "cmip6/quality",
    target,
    values: { grade: "good", score: null, figure: null, ...values },
  };
}

type WithCatalog = (
  title: string,
  body: (catalog: FeatureCatalogUnderTest, other: FeatureCatalogUnderTest) => Promise<void>,
) => void;

/** Registers the tests that every `FeatureCatalog` with its `TypedRecordCatalog` passes. @param open a new catalog */
export function testFeatureCatalog(name: string, open: () => Promise<FeatureCatalogUnderTest>): void {
  const withCatalog: WithCatalog = (title, body) => {
    test(title, async () => {
      const [catalog, other] = [await open(), await open()];
      try {
        for (const { datasets } of [catalog, other])
          await datasets.ingest({
            datasets: [sampleDataset("tas"), sampleDataset("pr")],
            ...{ invalidFiles: [], warnings: [], missing: [] },
          });
        await body(catalog, other);
      } finally {
        await catalog.close();
        await other.close();
      }
    });
  };
  describe(`feature catalog: ${name}`, () => {
    testDeclaring(withCatalog);
    testPublishing(withCatalog);
    testRefusing(withCatalog);
    testOtherCatalogs(withCatalog);
  });
}

function testDeclaring(withCatalog: WithCatalog): void {
  withCatalog("features and record types are declared once and listed by name", async (catalog) => {
    await declare(catalog);
    await declare(catalog);
    assert.deepEqual(await catalog.features.features(), [quality, seen, drawn].sort(byName));
    assert.deepEqual(await catalog.features.feature("cmip6/quality"), quality);
    assert.equal(await catalog.features.feature("cmip6/other"), undefined);
    assert.deepEqual(await catalog.typedRecords.types(), [site]);
    await assert.rejects(catalog.features.define({ ...quality, columns: [] }), withCode("CONFLICT"));
    await assert.rejects(catalog.typedRecords.define({ ...site, description: "" }), withCode("CONFLICT"));
    assert.deepEqual(await catalog.features.count("cmip6/quality"), { values: 0, targets: 0 });
  });

  withCatalog("what a column names must be there", async (catalog) => {
    await assert.rejects(catalog.features.define(quality), withCode("UNKNOWN_NAME", /vocabulary "Grade"/));
    const column = { name: "a", holds: "asset", assetKind: "fil", required: true } as const;
    await assert.rejects(
      catalog.features.define({ ...quality, columns: [column] }),
      withCode("UNKNOWN_NAME", /asset kind "fil"; did you mean "file"/),
    );
    await assert.rejects(catalog.features.count("cmip6/quality"), withCode("UNKNOWN_NAME"));
    await assert.rejects(catalog.typedRecords.list({ type: "Site" }), withCode("UNKNOWN_NAME"));
  });
}

function byName(a: FeatureDefinition, b: FeatureDefinition): number {
  return `${a.target.name}/${a.name}` < `${b.target.name}/${b.name}` ? -1 : 1;
}

function testPublishing(withCatalog: WithCatalog): void {
  withCatalog("files become RIDs, a RID passes through, null stays null", async (catalog) => {
    await declare(catalog);
    const first = await published(catalog, {
      features: [
        graded(ids[0] ?? "", { score: 1.5, figure: { path: "plots/a map.png" } }),
        graded(ids[1] ?? "", {}),
        { feature: "execution-asset/drawn", target: { path: "plots/a map.png" }, values: {} },
      ],
    });
    const values = await catalog.features.values({ feature: "cmip6/quality", limit: 10 });
    assert.deepEqual(
      values.map((value) => value.values),
      [
        { grade: "good", score: 1.5, figure: values[0]?.values["figure"] ?? "" },
        { grade: "good", score: null, figure: null },
      ],
    );
    assert.ok(
      values.every(({ execution, workflow }) => execution === first.rid && workflow === first.workflow.rid),
    );
    const figure = values[0]?.values["figure"] as Rid;
    const [drawing] = await catalog.features.values({ feature: "execution-asset/drawn", limit: 10 });
    assert.equal(drawing?.target, figure);
    await published(catalog, { features: [graded(ids[0] ?? "", { figure })] });
    const again = await catalog.features.values({ feature: "cmip6/quality", limit: 10 });
    assert.deepEqual(
      again.map((value) => value.values["figure"]),
      [figure, figure, null],
    );
  });

  withCatalog("publishing again gives the same rows: no duplicates, none lost", async (catalog) => {
    await declare(catalog);
    const staged = {
      features: ids.map((id) => graded(id, {})),
      records: [2, 3].map((height) => ({ type: "Site", values: { height, near: null, grade: "good" } })),
    };
    const definition = await published(catalog, staged);
    const before = [
      await catalog.features.values({ feature: "cmip6/quality", limit: 10 }),
      await catalog.typedRecords.list({ type: "Site" }),
    ];
    await catalog.values.publish(resultsOf(definition, staged), undefined);
    assert.deepEqual(
      [
        await catalog.features.values({ feature: "cmip6/quality", limit: 10 }),
        await catalog.typedRecords.list({ type: "Site" }),
      ],
      before,
    );
    assert.deepEqual(await catalog.features.count("cmip6/quality"), { values: 2, targets: 2 });
    assert.deepEqual(await catalog.executions.definition(definition.rid), definition);
  });

  withCatalog("rows of a record type can be targets and be referred to", async (catalog) => {
    await declare(catalog);
    const made = await published(catalog, { records: [{ type: "Site", values: { height: 2, near: null } }] });
    const { items, total } = await catalog.typedRecords.list({ type: "Site" });
    const [first] = items;
    assert.equal(total, 1);
    assert.deepEqual(first, {
      ...{ rid: first?.rid, type: "Site", execution: made.rid },
      values: { height: 2, near: null, grade: null },
    });
    const rid = first?.rid as Rid;
    await published(catalog, {
      features: [{ feature: "Site/seen", target: rid, values: {} }],
      records: [{ type: "Site", values: { height: 4, near: rid } }],
    });
    assert.equal((await catalog.features.values({ feature: "Site/seen", limit: 9 }))[0]?.target, rid);
    const page = await catalog.typedRecords.list({ type: "Site", offset: 1, limit: 1 });
    assert.equal(page.items[0]?.values["near"], rid);
    assert.deepEqual(await catalog.typedRecords.record(rid), first);
  });

  withCatalog("values are read in portions, and of some targets only", async (catalog) => {
    await declare(catalog);
    for (let at = 0; at < 3; at += 1)
      await published(catalog, { features: ids.map((id) => graded(id, { score: at })) });
    const all = await catalog.features.values({ feature: "cmip6/quality", limit: 100 });
    assert.equal(all.length, 6);
    const read = [];
    for (let after: (typeof all)[number] | undefined; ; ) {
      const page = await catalog.features.values({
        ...{ feature: "cmip6/quality", limit: 4 },
        ...(after === undefined ? {} : { after }),
      });
      read.push(...page);
      after = page.at(-1);
      if (page.length < 4) break;
    }
    assert.deepEqual(read, all);
    const targets = [all[5]?.target as Rid];
    const some = await catalog.features.values({ feature: "cmip6/quality", targets, limit: 100 });
    assert.deepEqual(some, all.slice(3));
  });
}

function testRefusing(withCatalog: WithCatalog): void {
  withCatalog(
    "what names something that is not there is refused as a whole, all of it told",
    async (catalog) => {
      await declare(catalog);
      const definition = await computed(catalog);
      const [last] = transitionsAlong(definition.rid, ["publishing", "published"]);
      const features = [
        graded(ids[0] ?? "", {}),
        graded("CMIP6.none", { grade: "excellent", figure: { path: "none.png" } }),
        { feature: "execution-asset/drawn", target: "4ZZZ", values: {} },
        { feature: "Site/other", target: "4ZZZ", values: {} },
      ];
      await assert.rejects(
        catalog.values.publish(resultsOf(definition, { features }), last),
        withCode(
          "FEATURE_INVALID",
          /no dataset CMIP6.none.*"excellent" is not a term of Grade.*"figure": there is no asset "none.png".*no asset 4ZZZ.*no such feature/,
        ),
      );
      assert.deepEqual(await catalog.features.count("cmip6/quality"), { values: 0, targets: 0 });
      const right = [graded(ids[0] ?? "", {})];
      await catalog.values.publish(resultsOf(definition, { features: right }), last);
      assert.deepEqual(await catalog.features.count("cmip6/quality"), { values: 1, targets: 1 });
    },
  );

  withCatalog("one target under its id and under its RID is one target", async (catalog) => {
    await declare(catalog);
    const [value] = await publishedValue(catalog);
    const twice = [graded(ids[0] ?? "", {}), graded(value?.target ?? "", {})];
    await published(catalog, { features: twice });
    assert.deepEqual(await catalog.features.count("cmip6/quality"), { values: 2, targets: 1 });
    const different = [graded(ids[0] ?? "", {}), graded(value?.target ?? "", { score: 1 })];
    await assert.rejects(
      published(catalog, { features: different }),
      withCode("FEATURE_INVALID", /has the value .* already/),
    );
  });

  withCatalog("a term in use is not deleted; its users are told", async (catalog) => {
    await declare(catalog);
    const definition = await published(catalog, {
      features: [graded(ids[0] ?? "", {})],
      records: [{ type: "Site", values: { height: 1, near: null, grade: "good" } }],
    });
    const term = { vocabulary: "Grade", term: "fine" };
    await assert.rejects(
      catalog.vocabularies.remove(term),
      withCode(
        "IN_USE",
        new RegExp(`feature cmip6/quality, column grade, of execution ${definition.rid}; Site, column grade`),
      ),
    );
    assert.equal((await catalog.vocabularies.uses(term, 1)).total, 2);
    await catalog.vocabularies.remove({ vocabulary: "Grade", term: "poor" });
    await assert.rejects(
      catalog.vocabularies.remove({ vocabulary: "Workflow_Type", term: "Training" }),
      withCode("IN_USE", new RegExp(`workflow ${definition.workflow.rid}`)),
    );
    await assert.rejects(
      catalog.vocabularies.remove({ vocabulary: "Asset_Type", term: "figure" }),
      withCode("IN_USE", /asset /),
    );
  });
}

async function publishedValue(catalog: FeatureCatalogUnderTest) {
  await published(catalog, { features: [graded(ids[0] ?? "", {})] });
  return catalog.features.values({ feature: "cmip6/quality", limit: 1 });
}

function testOtherCatalogs(withCatalog: WithCatalog): void {
  withCatalog(
    "a catalog that has none of it takes over declarations, terms and rows",
    async (catalog, other) => {
      await declare(catalog);
      const staged = {
        features: [graded(ids[0] ?? "", { figure: { path: "log.txt" } })],
        records: [{ type: "Site", values: { height: 2, near: null, grade: "good" } }],
      };
      const definition = await published(catalog, staged);
      await other.values.publish(resultsOf(definition, staged), undefined);
      await other.values.publish(resultsOf(definition, staged), undefined);
      const values = await other.features.values({ feature: "cmip6/quality", limit: 9 });
      assert.deepEqual(values, await catalog.features.values({ feature: "cmip6/quality", limit: 9 }));
      assert.deepEqual(
        await other.typedRecords.list({ type: "Site" }),
        await catalog.typedRecords.list({ type: "Site" }),
      );
      const term = await other.vocabularies.find({ vocabulary: "Grade", term: "fine" });
      assert.equal(term?.name, "good");
    },
  );

  withCatalog("a feature that is declared otherwise there is an error", async (catalog, other) => {
    await declare(catalog);
    const staged = { features: [graded(ids[0] ?? "", {})] };
    const definition = await published(catalog, staged);
    await other.features.define({ ...quality, columns: [] });
    await assert.rejects(
      other.values.publish(resultsOf(definition, staged), undefined),
      withCode("FEATURE_INVALID", /declared otherwise/),
    );
  });
}
