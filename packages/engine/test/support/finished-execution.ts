import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import type { TestContext } from "node:test";
import { openFragmentStore } from "../../src/adapters/files/fragment-store.ts";
import { sealFile } from "../../src/adapters/files/seal-file.ts";
import type { SolverDefinition } from "../../src/core/execution/definition.ts";
import type { ManifestRecord, RegisteredRecord } from "../../src/core/execution/manifest.ts";
import { appendLine, manifestOpening } from "../../src/core/execution/manifest-journal.ts";
import type { Outcome } from "../../src/core/execution/outcome.ts";
import type { Rid } from "../../src/core/identity/rid.ts";
import { metricBundleOf } from "../../src/core/results/metric-build.ts";
import { writeMetricBundle, writeOutputBundle, writeSeriesFile } from "../../src/documents/bundles.ts";
import { writeDefinition } from "../../src/documents/definition.ts";
import { writeOutcome } from "../../src/documents/outcome.ts";
import { type DurableObserver, unobserved } from "../../src/ports/durable.ts";
import type { FragmentStore } from "../../src/ports/fragment-store.ts";
import { sampleDecision, sampleDefinition, sampleScalar } from "../../src/ports/sample-records.contract.ts";

/** Scratch and results in a temporary folder that goes with the test. */
export interface TwoTrees {
  readonly root: string;
  readonly scratch: FragmentStore;
  readonly results: FragmentStore;
}

/** Two empty trees. */
export function twoTrees(t: TestContext, observer: DurableObserver = unobserved): TwoTrees {
  const root = mkdtempSync(join(tmpdir(), "almanac-trees-"));
  t.after(() => rmSync(root, { recursive: true, force: true }));
  return {
    root,
    scratch: openFragmentStore(join(root, "scratch"), observer),
    results: openFragmentStore(join(root, "results"), observer),
  };
}

/** What to leave in scratch, beside a log and the definition. */
export interface Left {
  /** Registered and, unless told otherwise, sealed: path → text. */
  readonly artifacts?: Readonly<Record<string, string>>;
  readonly registration?: Partial<RegisteredRecord>;
  readonly metric?: string;
  readonly output?: string;
  readonly series?: string;
  readonly outcome?: Partial<Outcome> | "none";
  /** null: no log. */
  readonly log?: string | null;
  readonly unsealed?: boolean;
}

/** The definition of an execution of the sample diagnostic. */
export function definitionOf(rids: { readonly group: string; readonly execution: string }): SolverDefinition {
  return sampleDefinition(sampleDecision("A"), {
    group: rids.group as Rid,
    execution: rids.execution as Rid,
  });
}

/** Bundles and a plot, as a good computation leaves them. */
export const goodResult: Left = {
  artifacts: { "plots/map one.png": "png", "out.nc": "netcdf" },
  metric: writeMetricBundle(metricBundleOf([sampleScalar("ecs", 3.25), sampleScalar("lambda", null)])),
  output: writeOutputBundle({
    index: undefined,
    provenance: {},
    others: {},
    files: [
      {
        ...{ section: "plots", shortName: "map", filename: "plots/map one.png", longName: "Map", path: "$" },
        ...{ description: "", dimensions: { metric: "ecs" } },
      },
    ],
  }),
  series: writeSeriesFile([
    {
      ...{ dimensions: { metric: "tas" }, kind: "model", indexName: "year", attributes: {} },
      values: [1.5, null],
      index: [1850, 1851],
    },
  ]),
};

/** Writes an execution's folder in scratch as a worker leaves it. */
export async function leave(
  store: FragmentStore,
  definition: SolverDefinition,
  left: Left = goodResult,
): Promise<void> {
  const { fragment, rid } = definition;
  const write = (path: string, text: string): void => {
    const file = join(store.folder(fragment), path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
  };
  write("execution.json", writeDefinition(definition));
  if (left.log !== null) write("execution.log", left.log ?? "computing\n");
  const bundles = { metric: "diagnostic.json", output: "output.json", series: "series.json" } as const;
  const written = Object.entries(bundles).flatMap(([kind, path]) => {
    const text = left[kind as keyof typeof bundles];
    if (text === undefined) return [];
    write(path, text);
    return [[kind, path] as const];
  });
  for (const [path, text] of Object.entries(left.artifacts ?? {})) write(path, text);
  const records = await recordsOf(store.folder(fragment), { left, bundles: written.map(([, path]) => path) });
  write("manifest.jsonl", records.map(appendLine).join(""));
  if (left.outcome === "none") return;
  const resources = { wallSeconds: 1, cpuSeconds: 1, peakMemoryBytes: 1, measured: "self" } as const;
  const outcome: Outcome = {
    formatVersion: 1,
    rid,
    result: "ok",
    states: [],
    resources,
    bundles: Object.fromEntries(written),
  };
  write("outcome.json", writeOutcome({ ...outcome, ...left.outcome }));
}

async function recordsOf(
  folder: string,
  { left, bundles }: { readonly left: Left; readonly bundles: readonly string[] },
): Promise<readonly ManifestRecord[]> {
  const artifacts = Object.keys(left.artifacts ?? {});
  const records: ManifestRecord[] = [manifestOpening];
  for (const path of artifacts)
    records.push({
      ...{ record: "registered", name: path, path, kind: "execution-asset", types: [], mode: "write" },
      ...{ metadata: {}, description: "", keepOnFailure: false },
      ...left.registration,
    });
  if (left.unsealed !== true)
    for (const path of [...artifacts, ...bundles])
      records.push({ record: "sealed", path, ...(await sealFile(join(folder, path), path)) });
  return records;
}

/** Every file of a fragment with its text: what two trees are compared by. */
export function treeOf(store: FragmentStore, fragment: string): Readonly<Record<string, string>> {
  const folder = store.folder(fragment);
  const names = readdirSync(folder, { recursive: true }).map(String).sort();
  const files = names.filter((name) => statSync(join(folder, name)).isFile());
  return Object.fromEntries(files.map((name) => [name, readFileSync(join(folder, name), "latin1")]));
}
