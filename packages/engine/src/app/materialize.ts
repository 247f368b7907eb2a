import { AlmanacError, isAlmanacError } from "../core/errors.ts";
import { appendLine, readManifest } from "../core/execution/manifest-journal.ts";
import { executionFiles } from "../core/execution/outcome.ts";
import { insidePath } from "../core/execution/relative-path.ts";
import type { FileInPlace, Materialized, PayloadProblem } from "../core/execution/resolve-status.ts";
import { compareCodeUnits } from "../core/identity/compare.ts";
import { sha256Hex } from "../core/identity/digest.ts";
import type { FragmentStore, PromotedFile, PromoteOptions, StoredFile } from "../ports/fragment-store.ts";
import { readOutcome } from "./read-outcome.ts";
import { readPromotedManifest } from "./read-promoted-manifest.ts";
import { type Payload, payloadOf, type ScratchResult } from "./result-payload.ts";
import type { FileProgress } from "./transfer-progress.ts";

/** From where to where. */
export interface MaterializeInput {
  readonly fragment: string;
  readonly scratch: FragmentStore;
  readonly results: FragmentStore;
  /** True: the execution is published; results that differ are refused. */
  readonly published: boolean;
  /** Ends copying; what is whole stays for the next time. */
  readonly signal?: AbortSignal | undefined;
  /** Told the bytes of all files together, once they are known; gives what is told of each. */
  readonly telling?: ((totalBytes: number) => (file: string) => FileProgress) | undefined;
}

/**
 * Copies what counts of an execution's scratch folder to results, all at once or not at all: of a failed one the log,
 * its definition, manifest, outcome and what was registered to be kept; of a good one its bundles, every file they
 * name, and all registered artifacts as well. Touches neither catalog nor state. Without a log nothing is copied. Where
 * scratch has gone already, what is in results counts. Twice gives the same tree and the same answer.
 * @returns what is in place; content is reported, never thrown
 * @throws CONFIG_INVALID when scratch and results are one folder
 * @throws ARTIFACT_INVALID when published results differ from what scratch holds
 * @throws STORE_UNAVAILABLE, DISK_FULL
 */
export async function materialize(input: MaterializeInput): Promise<Materialized> {
  const { fragment, scratch, results } = input;
  if (scratch.folder(fragment) === results.folder(fragment))
    throw new AlmanacError("CONFIG_INVALID", "scratch and results are the same folder", {
      hint: "give paths.scratch and paths.results different folders",
    });
  const present = new Map((await scratch.list(fragment)).map((file) => [file.path, file]));
  // Scratch has been removed, or the computation was killed before it began.
  if (!present.has(executionFiles.log)) return inResults(input);
  const read = await readScratch(input, present);
  const result = "result" in read ? read.result : read.damaged;
  const payload = "result" in read ? await payloadOf(result) : nothingBut(read.problem);
  return promote(result, { payload, input });
}

/** What an earlier materialization has put into results, by their manifest. @throws MANIFEST_INVALID */
export async function inResults({
  fragment,
  results,
}: Pick<MaterializeInput, "fragment" | "results">): Promise<Materialized> {
  const manifest = await readPromotedManifest(fragment, results);
  if (manifest === undefined) return { log: "missing", files: [], problems: [] };
  const { state } = manifest;
  const files = [...state.promoted.values()].map(({ path, sizeBytes, sha256 }) => ({
    path,
    sizeBytes,
    sha256,
  }));
  const problems = [...state.failed.values()].map(({ path, reason }) => ({
    path,
    reason,
    code: "ARTIFACT_INVALID" as const,
  }));
  const log = state.promoted.has(executionFiles.log) ? "there" : "missing";
  return { log, files, problems };
}

type Read =
  | { readonly result: ScratchResult }
  | { readonly damaged: ScratchResult; readonly problem: PayloadProblem };

async function readScratch(
  { fragment, scratch }: MaterializeInput,
  present: ReadonlyMap<string, StoredFile>,
): Promise<Read> {
  const outcome = await readOutcome(fragment, scratch);
  const manifest = await scratch.read(fragment, executionFiles.manifest);
  const common = { store: scratch, fragment, outcome, present };
  try {
    return { result: { ...common, manifest: readManifest(new TextDecoder().decode(manifest)) } };
  } catch (error) {
    if (!isAlmanacError(error, "MANIFEST_INVALID")) throw error;
    const problem = {
      path: executionFiles.manifest,
      reason: error.message,
      code: "MANIFEST_INVALID",
    } as const;
    return { damaged: { ...common, manifest: readManifest("") }, problem };
  }
}

function nothingBut(problem: PayloadProblem): Payload {
  return { paths: [], rewritten: new Map(), problems: [problem] };
}

/** Promotes the payload with the files that every execution has; the manifest says what was promoted and what not. */
async function promote(
  result: ScratchResult,
  { payload, input }: { readonly payload: Payload; readonly input: MaterializeInput },
): Promise<Materialized> {
  const always = [executionFiles.log, executionFiles.definition, executionFiles.outcome].filter((path) =>
    result.present.has(path),
  );
  const paths = [...new Set([...always, ...payload.paths])];
  const described = await Promise.all(paths.map((path) => describe(path, result)));
  const rewritten = [...payload.rewritten].map(([path, text]) => fromText(path, text));
  const files = [...described.flatMap(({ file }) => file ?? []), ...rewritten].sort((a, b) =>
    compareCodeUnits(a.path, b.path),
  );
  const problems = [...payload.problems, ...described.flatMap(({ problem }) => problem ?? [])];
  const inPlaceNow = files.map(({ path, sizeBytes, sha256 }) => ({ path, sizeBytes, sha256 }));
  const manifest = fromText(executionFiles.manifest, manifestText(result, { files: inPlaceNow, problems }));
  await input.results.promote(input.fragment, [...files, manifest], promotion(files, input));
  return { log: "there", files: inPlaceNow, problems };
}

function promotion(
  files: readonly FileInPlace[],
  { published, signal, telling }: MaterializeInput,
): PromoteOptions {
  const told = telling?.(files.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0));
  const each = new Map(files.map(({ path }) => [path, told?.(path)]));
  return {
    replace: !published,
    ...(signal === undefined ? {} : { signal }),
    progress: (path, doneBytes) => each.get(path)?.(doneBytes),
  };
}

type Described = PromotedFile & FileInPlace;

/** What a worker has brought to disk before it writes the outcome, and the outcome itself. */
const onDiskWithOutcome: ReadonlySet<string> = new Set([
  executionFiles.definition,
  executionFiles.log,
  executionFiles.outcome,
]);

/**
 * A file to promote with its digest: the seal's, while the file is as it was sealed. A sealed file that has another
 * content by now is a problem.
 */
async function describe(
  path: string,
  { store, fragment, present, manifest, outcome }: ScratchResult,
): Promise<{ readonly file?: Described; readonly problem?: PayloadProblem }> {
  const { sizeBytes = 0, stamp, outside } = present.get(path) ?? {};
  const seal = manifest.state.seals.get(path);
  const stands = seal !== undefined && seal.stamp === stamp;
  const sha256 = stands ? seal.sha256 : await store.digest(fragment, path);
  if (seal !== undefined && sha256 !== seal.sha256) {
    const reason = "it has changed since it was sealed";
    return { problem: { path, reason, code: "ARTIFACT_INVALID" } };
  }
  const mode = manifest.state.artifacts.get(path)?.mode ?? "write";
  // A computation without outcome may have left processes that still write; a linked file belongs to somebody else.
  const linkable = outcome !== undefined && mode !== "link" && outside !== true;
  const synced = stands || (outcome !== undefined && onDiskWithOutcome.has(path));
  return { file: { path, sizeBytes, sha256, from: { store, fragment, linkable, synced } } };
}

function fromText(path: string, text: string): Described {
  const bytes = new TextEncoder().encode(text);
  return { path, sizeBytes: bytes.length, sha256: sha256Hex(bytes), from: { bytes } };
}

/** The scratch manifest, then one record for each file in place and for each that is not. */
function manifestText(
  { manifest, outcome }: ScratchResult,
  { files, problems }: Pick<Materialized, "files" | "problems">,
): string {
  const placed = new Set(files.map(({ path }) => path));
  const named = new Set(problems.map(({ path }) => path));
  const left = manifest.artifacts.filter(({ path }) => !placed.has(path) && !named.has(path));
  const why = outcome?.result === "ok" ? "not promoted" : "not kept: the execution failed";
  return [
    ...manifest.records,
    ...files.map((file) => ({ record: "promoted" as const, ...file })),
    ...problems.map(({ path, reason }) => failedRecord(path, reason)),
    ...left.map(({ path }) => failedRecord(path, why)),
  ]
    .map(appendLine)
    .join("");
}

/** A refused path cannot stand in a manifest as it is; the bundle that named it takes the blame. */
function failedRecord(path: string, reason: string): { record: "failed"; path: string; reason: string } {
  const inside = insidePath(path);
  return inside === undefined
    ? { record: "failed", path: executionFiles.output, reason: `${path}: ${reason}` }
    : { record: "failed", path: inside, reason };
}
