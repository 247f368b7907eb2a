import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { openFragmentStore } from "../../adapters/files/fragment-store.ts";
import { makeScratchFolder } from "../../adapters/files/scratch-folder.ts";
import { createMemoryFragmentStore } from "../../adapters/memory/fragment-store.ts";
import { type TriedExecution, tryExecution } from "../../app/try-execution.ts";
import type { OwnSourceType } from "../../core/catalog/own-source-type.ts";
import type { SelectionInput } from "../../core/catalog/selection.ts";
import { defineProvider } from "../../core/diagnostic/define.ts";
import type { Diagnostic } from "../../core/diagnostic/diagnostic.ts";
import type { SolverDefinition } from "../../core/execution/definition.ts";
import type { Failure, ResourceUse } from "../../core/execution/outcome.ts";
import type { Json } from "../../core/json.ts";
import { defaultVocabulary } from "../../core/results/default-vocabulary.ts";
import type { Scalar, Series } from "../../core/results/value.ts";
import type { Vocabulary } from "../../core/results/vocabulary.ts";
import { unobserved } from "../../ports/durable.ts";
import type { OutputRecord } from "../../ports/value-catalog.ts";
import { createWorkerSide } from "../worker/parts.ts";
import { definitionFrom, definitionWith, type TestDataset, type TestSubject } from "./diagnostic-inputs.ts";

/** What a diagnostic is run on, and how. Give either `datasets` or `paths`. */
export interface TestDiagnosticOptions {
  /** Its inputs, taken as they are: requirements and constraints are not looked at. */
  readonly datasets?: readonly TestDataset[];
  /** Files and folders to ingest; the one group that the diagnostic's requirements make of them is run. */
  readonly paths?: readonly string[];
  /** Of `paths`; default `cmip6`. */
  readonly sourceType?: string;
  /** Source types of one's own that the diagnostic asks for. */
  readonly sourceTypes?: readonly OwnSourceType[];
  /** Selectors that choose among several groups, as `solve --dataset` takes them. */
  readonly where?: SelectionInput;
  /** Hold over those that the diagnostic declares. */
  readonly parameters?: Readonly<Record<string, Json>>;
  /** Default: the built-in one. */
  readonly vocabulary?: Vocabulary;
  /** Slug of the provider that the diagnostic believes to be of; default `test`. */
  readonly provider?: string;
  /** Ends the computation. */
  readonly signal?: AbortSignal;
  /** Folder to compute below, which stays; default: a temporary one, which goes when the result is disposed of. */
  readonly folder?: string;
}

/** How a diagnostic went, and all that it left. */
export interface DiagnosticTest extends AsyncDisposable {
  /** Why a solve would record it as failed; undefined: it would be published. */
  readonly failure: Failure | undefined;
  /** Values, outputs and artifacts as the catalog would have them; empty after a failure. */
  readonly scalars: readonly Scalar[];
  readonly series: readonly Series[];
  readonly outputs: readonly OutputRecord[];
  /** Paths of everything registered, inside the folder. */
  readonly artifacts: readonly string[];
  /** What was noted about the results, such as fields that are not understood. */
  readonly warnings: readonly string[];
  /** Its `execution.log`. */
  readonly log: string;
  readonly resources: ResourceUse;
  /** Inputs, selectors and parameters it was given. */
  readonly definition: SolverDefinition;
  /** Where it wrote, absolute. */
  readonly folder: string;
}

/**
 * Runs one diagnostic, function or command line, by itself: in this process, in a folder of its own, with its limit on time.
 * What it leaves is checked as in a solve: bundles, vocabulary, and every file that it names. A diagnostic that fails is a
 * result with a `failure`, not an error. What a function prints goes where this process prints, and not into the log.
 * @throws UNSATISFIED when the requirements make no group of `paths`, with the explanation
 * @throws USAGE when they make several groups
 * @throws PROVIDER_INVALID when the declaration is wrong
 * @example await using test = await testDiagnostic(warming, { paths: ["fixtures"] });
 */
export async function testDiagnostic(
  diagnostic: Diagnostic,
  options: TestDiagnosticOptions,
): Promise<DiagnosticTest> {
  const { signal = new AbortController().signal, paths = [], sourceType = "cmip6", where = [] } = options;
  const subject = subjectOf(diagnostic, options);
  const definition =
    options.datasets === undefined
      ? await definitionFrom({ paths, sourceType, where, signal }, subject)
      : definitionWith(options.datasets, subject);
  const scratch = scratchIn(options.folder);
  const { run } = createWorkerSide({
    observer: unobserved,
    isolated: false,
    instead: { loadProviders: async () => [subject.provider], capture: (_, computation) => computation() },
  });
  const ports = {
    run,
    scratch: scratch.store,
    results: createMemoryFragmentStore("results"),
    prepare: (fragment: string, file: { readonly name: string; readonly text: string }) =>
      makeScratchFolder(scratch.store.folder(fragment), { file, observer: unobserved }),
  };
  const tried = await tryExecution(definition, { ports, projectFolder: process.cwd(), signal });
  return {
    ...resultOf(tried),
    definition,
    folder: scratch.store.folder(definition.fragment),
    [Symbol.asyncDispose]: async () => scratch.remove(),
  };
}

function subjectOf(diagnostic: Diagnostic, options: TestDiagnosticOptions): TestSubject {
  const {
    provider: slug = "test",
    parameters = {},
    vocabulary = defaultVocabulary,
    sourceTypes = [],
  } = options;
  const given = { ...diagnostic, parameters: { ...diagnostic.parameters, ...parameters } };
  const provider = defineProvider({ slug, version: "0", diagnostics: [given] });
  return { provider, diagnostic: given, vocabulary, sourceTypes };
}

function scratchIn(folder: string | undefined): {
  readonly store: ReturnType<typeof openFragmentStore>;
  readonly remove: () => void;
} {
  if (folder === undefined) {
    const temporary = mkdtempSync(path.join(tmpdir(), "almanac-test-"));
    const remove = (): void => rmSync(temporary, { recursive: true, force: true });
    return { store: openFragmentStore(temporary, unobserved), remove };
  }
  mkdirSync(folder, { recursive: true });
  const own = mkdtempSync(path.join(path.resolve(folder), "run-"));
  return { store: openFragmentStore(own, unobserved), remove: () => {} };
}

type TestResult = Omit<DiagnosticTest, "definition" | "folder" | typeof Symbol.asyncDispose>;

function resultOf({ failure, results, log, resources }: TriedExecution): TestResult {
  return {
    failure,
    scalars: results?.scalars ?? [],
    series: results?.series ?? [],
    outputs: results?.outputs ?? [],
    artifacts: (results?.artifacts ?? []).map((artifact) => artifact.path),
    warnings: results?.warnings ?? [],
    log,
    resources,
  };
}
