import type { RunDefinition } from "../core/execution/definition.ts";
import { sha256Hex } from "../core/identity/digest.ts";
import type { Rid } from "../core/identity/rid.ts";
import type { AllowedRecords } from "../core/records/allowed-records.ts";
import type { StagedFeature } from "../core/records/feature.ts";
import type { StagedRecord } from "../core/records/record-type.ts";
import type { AssetCatalog } from "./asset-catalog.ts";
import type { DatasetAuthoring } from "./dataset-authoring.ts";
import type { ExecutionCatalog } from "./execution-catalog.ts";
import type { FeatureCatalog } from "./feature-catalog.ts";
import type { RunCatalog } from "./run-catalog.ts";
import { pathToPublished, sampleTime, transitionsAlong } from "./sample-records.contract.ts";
import { sampleRun } from "./sample-run.contract.ts";
import type { TypedRecordCatalog } from "./typed-record-catalog.ts";
import type { ValueCatalog } from "./value-catalog.ts";
import type { VocabularyCatalog } from "./vocabulary-catalog.ts";

/** The ports that sample datasets are made through. */
export interface SampleCatalog {
  readonly executions: ExecutionCatalog;
  readonly values: ValueCatalog;
  readonly runs: RunCatalog;
  readonly assets: AssetCatalog;
  readonly vocabularies: VocabularyCatalog;
  readonly features: FeatureCatalog;
  readonly typedRecords: TypedRecordCatalog;
  readonly authored: DatasetAuthoring;
}

/** RIDs of what there is. */
export interface SampleDatasets {
  /** The parent of the two others; versions 0.1.0 and 0.2.0, which have them in theirs. */
  readonly all: Rid;
  /** Version 0.1.0 has `a.txt` and the first site; 0.2.0 also the mask. */
  readonly train: Rid;
  /** `b c.txt`; 0.1.0 only. */
  readonly test: Rid;
  readonly a: Rid;
  readonly b: Rid;
  readonly mask: Rid;
  /** A file that is in no dataset, but a record refers to it. */
  readonly photo: Rid;
  /** The second is near the first. */
  readonly sites: readonly [Rid, Rid];
  /** Both gave `a.txt` a grade. */
  readonly runs: readonly [Rid, Rid];
}

/** Files of the first run, by their paths in its folder. */
const files = { "a.txt": "alpha", "plots/b c.txt": "beta", mask: "mask", "photo 100%.jpg": "photo" };

const allowed: AllowedRecords = {
  features: [
    {
      ...{ target: { kind: "asset", name: "execution-asset" }, name: "drawn", description: "Who drew" },
      columns: [
        { name: "grade", holds: "term", vocabulary: "Grade", required: true },
        { name: "score", holds: "value", type: "number", required: false },
        { name: "mask", holds: "asset", required: false },
      ],
    },
  ],
  recordTypes: [
    {
      ...{ name: "Site", description: "A place" },
      columns: [
        { name: "height", holds: "value", type: "number", units: "m", required: true },
        { name: "near", holds: "record", recordType: "Site", required: false },
        { name: "photo", holds: "asset", required: false },
      ],
    },
  ],
  vocabularies: [
    {
      ...{ name: "Grade", description: "How good" },
      terms: [
        { name: "good", description: "", synonyms: ["fine"] },
        { name: "poor", description: "Not good", synonyms: [] },
      ],
    },
  ],
};

/**
 * Fills a catalog with datasets that have all there can be: files, records that refer to others, features of two runs, a
 * tree of two levels, two versions.
 * @param store puts a file of a run into its folder in the results
 */
export async function fillWithDatasets(
  catalog: SampleCatalog,
  store: (fragment: string, file: { readonly path: string; readonly text: string }) => void,
): Promise<SampleDatasets> {
  await declare(catalog);
  const first = await published(catalog, {
    ...{ at: "2024-01-01T00:00:00.000Z", files, store },
    records: [
      { type: "Site", values: { height: 1, near: null, photo: null } },
      { type: "Site", values: { height: 2, near: null, photo: { path: "photo 100%.jpg" } } },
    ],
    features: [
      {
        ...{ feature: "execution-asset/drawn", target: { path: "a.txt" } },
        values: { grade: "good", score: 1.5, mask: { path: "mask" } },
      },
    ],
  });
  const [a, b, mask, photo] = await outputs(catalog, first);
  const { items } = await catalog.typedRecords.list({ type: "Site" });
  const sites = items.map(({ rid }) => rid) as unknown as SampleDatasets["sites"];
  const second = await published(catalog, {
    ...{ at: "2024-02-01T00:00:00.000Z", files: {}, store, records: [] },
    features: [
      { feature: "execution-asset/drawn", target: a, values: { grade: "poor", score: 2, mask: null } },
    ],
  });
  const datasets = await authored(catalog, { a, b, mask, sites, madeBy: first.rid });
  return { ...datasets, a, b, mask, photo, sites, runs: [first.rid, second.rid] };
}

async function declare({ vocabularies, typedRecords, features }: SampleCatalog): Promise<void> {
  for (const { name, description, terms } of allowed.vocabularies) {
    await vocabularies.create({ name, description });
    for (const term of terms) await vocabularies.add(name, term);
  }
  for (const type of allowed.recordTypes) await typedRecords.define(type);
  for (const feature of allowed.features) await features.define(feature);
}

interface SampleRun {
  readonly at: string;
  readonly files: Readonly<Record<string, string>>;
  readonly store: Parameters<typeof fillWithDatasets>[1];
  readonly records: readonly StagedRecord[];
  readonly features: readonly StagedFeature[];
}

async function published(
  { runs, executions, values }: SampleCatalog,
  { at, files: texts, store, records, features }: SampleRun,
): Promise<RunDefinition> {
  const { definition } = await runs.record(sampleRun("draw", { allowed, createdAt: at }), undefined);
  await executions.transition(transitionsAlong(definition.rid, pathToPublished.slice(0, -1)));
  const artifacts = Object.entries(texts).map(([path, text]) => {
    store(definition.fragment, { path, text });
    return {
      ...{ name: path, path, kind: "execution-asset", types: ["figure"], mode: "write" as const },
      ...{ metadata: {}, description: `the file ${path}`, keepOnFailure: false },
      ...{ sizeBytes: text.length, sha256: sha256Hex(text) },
    };
  });
  const [last] = transitionsAlong(definition.rid, ["publishing", "published"]);
  await values.publish(
    {
      ...{ definition, artifacts, scalars: [], series: [], outputs: [], warnings: [] },
      staged: { features, records },
    },
    last,
  );
  return definition;
}

/** Files of a run in the order of its manifest. */
async function outputs(
  { assets }: SampleCatalog,
  { rid }: RunDefinition,
): Promise<readonly [Rid, Rid, Rid, Rid]> {
  const { items } = await assets.list({ execution: rid, role: "Output" });
  return items.map((asset) => asset.rid) as unknown as readonly [Rid, Rid, Rid, Rid];
}

async function authored(
  catalog: SampleCatalog,
  {
    a,
    b,
    mask,
    sites: [near, far],
    madeBy,
  }: Pick<SampleDatasets, "a" | "b" | "mask" | "sites"> & { readonly madeBy: Rid },
): Promise<Pick<SampleDatasets, "all" | "train" | "test">> {
  const [train, test, all] = await catalog.authored.create([
    {
      ...{ name: "train", description: "To learn from", types: ["train"], at: sampleTime, madeBy },
      members: [{ rid: a, path: "x/a.txt" }, { rid: near }],
      release: {},
    },
    {
      ...{ name: "test", description: "", types: ["Testing"], at: sampleTime },
      members: [{ rid: b, path: "x/b c.txt" }],
      release: {},
    },
    {
      ...{ name: "all of it", description: "Both", types: [], at: sampleTime, derivation: { seed: 3 } },
      facets: { region: "north" },
      members: [{ made: 0, path: "first" }, { made: 1 }, { rid: far }],
      release: { notes: "the first" },
    },
  ]);
  const rids = { all: all?.rid as Rid, train: train?.rid as Rid, test: test?.rid as Rid };
  const at = "2024-06-01T00:00:00.000Z";
  await catalog.authored.change(rids.train, { add: [{ rid: mask, path: "x/mask" }] });
  await catalog.authored.release(rids.train, { at });
  await catalog.authored.release(rids.all, { at, notes: "with a mask" });
  return rids;
}
