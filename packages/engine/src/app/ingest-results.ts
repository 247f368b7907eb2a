import { AlmanacError, type ErrorCode, isAlmanacError } from "../core/errors.ts";
import type { ExecutionDefinition } from "../core/execution/definition.ts";
import type { Manifest } from "../core/execution/manifest-journal.ts";
import { executionFiles, type Outcome } from "../core/execution/outcome.ts";
import { checkVocabulary } from "../core/results/check-vocabulary.ts";
import { scalarsOf } from "../core/results/metric-scalars.ts";
import type { NamedFile } from "../core/results/output-bundle.ts";
import { describeProblem, type Problem, type Reading } from "../core/results/problem.ts";
import type { Vocabulary } from "../core/results/vocabulary.ts";
import { parseMetricBundle, parseOutputBundle, parseSeriesFile } from "../documents/bundles.ts";
import { parseDefinition } from "../documents/definition.ts";
import { parseOutcome } from "../documents/outcome.ts";
import type { FragmentStore } from "../ports/fragment-store.ts";
import type { ExecutionResults, OutputRecord, UsedInputs } from "../ports/value-catalog.ts";
import { readPromotedManifest } from "./read-promoted-manifest.ts";
import { readStaged, readUsed } from "./records/read-staged.ts";

/** What a results folder is read with. */
export interface ReadResultsPorts {
  readonly results: FragmentStore;
  readonly vocabulary: Vocabulary;
  /** What the vocabulary does not allow is a warning. */
  readonly lenient?: boolean;
}

/** What a results folder says, checked; problems if it may not be ingested. */
export type ReadResults =
  | { readonly ok: true; readonly results: ExecutionResults; readonly outcome: Outcome }
  | {
      readonly ok: false;
      /** What kind of problem: missing files, damaged ones, or contents that the vocabulary refuses. */
      readonly code: ErrorCode;
      readonly problems: readonly string[];
      /** What failed, when there is nothing to ingest because the computation did. */
      readonly failed?: FailedComputation;
    };

/** A computation that failed, as its results folder tells of it. */
export interface FailedComputation {
  readonly definition: ExecutionDefinition;
  readonly outcome: Outcome;
  readonly used: UsedInputs;
}

/**
 * Reads one execution's folder in results and checks it against the vocabulary. Needs nothing else: neither scratch
 * nor the catalog it came from. Each problem names file, JSON path and reason; all are reported at once.
 * @throws STORE_UNAVAILABLE
 */
export async function readResults(fragment: string, ports: ReadResultsPorts): Promise<ReadResults> {
  try {
    return await read({ fragment, results: ports.results }, ports);
  } catch (error) {
    if (!isAlmanacError(error, "FILE_MISSING", "DOCUMENT_INVALID", "MANIFEST_INVALID")) throw error;
    return refused(error.code, [error.message]);
  }
}

interface Source {
  readonly fragment: string;
  readonly results: FragmentStore;
}

async function read(source: Source, { vocabulary, lenient = false }: ReadResultsPorts): Promise<ReadResults> {
  const [definition, outcome, manifest] = await Promise.all([
    requireText(executionFiles.definition, source).then(parseDefinition),
    requireText(executionFiles.outcome, source).then(parseOutcome),
    requireManifest(source),
  ]);
  if (definition.fragment !== source.fragment) return refused("DOCUMENT_INVALID", [misplaced(definition)]);
  if (outcome.result !== "ok")
    return {
      ...refused("TRANSITION_REFUSED", [
        `the computation failed: ${outcome.failure?.message ?? "no reason given"}`,
      ]),
      failed: {
        ...{ definition, outcome },
        used: await readUsed(manifest, (path) => requireText(path, source)),
      },
    };
  const missing = [...manifest.state.failed.values()].map(({ path, reason }) => `${path}: ${reason}`);
  if (missing.length > 0) return refused("FILE_MISSING", missing);
  const bundles = await readBundles(outcome, source);
  const { staged, problems: unstaged } = await readStaged({ definition, manifest }, (path) =>
    requireText(path, source),
  );
  const { metric, series } = outcome.bundles;
  const files = { ...(metric === undefined ? {} : { metric }), ...(series === undefined ? {} : { series }) };
  const foreign = checkVocabulary(vocabulary, { ...bundles, files });
  const problems = lenient ? bundles.problems : [...bundles.problems, ...foreign];
  if (problems.length + unstaged.length > 0) {
    const code = bundles.problems.length > 0 ? "BUNDLE_INVALID" : "VOCABULARY_REFUSED";
    return refused(code, [...problems.map(describeProblem), ...unstaged]);
  }
  const warnings = lenient ? [...bundles.warnings, ...foreign] : bundles.warnings;
  const results = rowsOf(bundles, { definition, outcome, manifest, warnings });
  return { ok: true, outcome, results: staged === undefined ? results : { ...results, staged } };
}

function misplaced({ rid, fragment }: ExecutionDefinition): string {
  return `${executionFiles.definition} is of execution ${rid} in the folder ${fragment}: what refers to its files says so`;
}

function refused(code: ErrorCode, problems: readonly string[]): Extract<ReadResults, { ok: false }> {
  return { ok: false, code, problems };
}

interface Bundles {
  readonly scalars: ReturnType<typeof scalarsOf>;
  readonly series: NonNullable<ReturnType<typeof parseSeriesFile>["value"]>;
  readonly outputs: readonly OutputRecord[];
  readonly problems: readonly Problem[];
  readonly warnings: readonly Problem[];
}

async function readBundles({ bundles }: Outcome, source: Source): Promise<Bundles> {
  const [metric, output, series] = await Promise.all([
    reading(bundles.metric, { source, parse: parseMetricBundle }),
    reading(bundles.output, { source, parse: parseOutputBundle }),
    reading(bundles.series, { source, parse: parseSeriesFile }),
  ]);
  return {
    scalars: metric.value === undefined ? [] : scalarsOf(metric.value),
    series: series.value ?? [],
    outputs: (output.value?.files ?? []).flatMap(outputRecord),
    problems: [metric, output, series].flatMap(({ problems }) => problems),
    warnings: [metric, output, series].flatMap(({ warnings }) => warnings),
  };
}

function rowsOf(
  { scalars, series, outputs }: Bundles,
  {
    definition,
    outcome,
    manifest,
    warnings,
  }: {
    readonly definition: ExecutionDefinition;
    readonly outcome: Outcome;
    readonly manifest: Manifest;
    readonly warnings: readonly Problem[];
  },
): ExecutionResults {
  return {
    definition,
    outcome,
    scalars: scalars.map(({ value }) => value),
    series: series.map(({ value }) => value),
    outputs,
    artifacts: manifest.artifacts.map((artifact) => {
      const placed = manifest.state.promoted.get(artifact.path);
      return placed === undefined
        ? artifact
        : { ...artifact, sizeBytes: placed.sizeBytes, sha256: placed.sha256 };
    }),
    warnings: [...manifest.warnings, ...warnings.map(describeProblem)],
  };
}

const outputKinds = { plots: "plot", data: "data", html: "html" } as const;

function outputRecord({ section, filename, path: _, ...file }: NamedFile): readonly OutputRecord[] {
  return section === "diagnostics" ? [] : [{ ...file, kind: outputKinds[section], path: filename }];
}

async function reading<T>(
  file: string | undefined,
  { source, parse }: { readonly source: Source; readonly parse: (text: string, file: string) => Reading<T> },
): Promise<Reading<T>> {
  return file === undefined ? { problems: [], warnings: [] } : parse(await requireText(file, source), file);
}

async function requireManifest(source: Source): Promise<Manifest> {
  const { fragment, results } = source;
  return (await readPromotedManifest(fragment, results)) ?? missing(executionFiles.manifest, source);
}

async function requireText(file: string, source: Source): Promise<string> {
  const bytes = await source.results.read(source.fragment, file);
  return bytes === undefined ? missing(file, source) : new TextDecoder().decode(bytes);
}

function missing(file: string, { fragment }: Source): never {
  throw new AlmanacError("FILE_MISSING", `${fragment} has no ${file} in results`, {
    hint: "materialize it first: almanac executions materialize <rid>",
    facts: { fragment, file },
  });
}
