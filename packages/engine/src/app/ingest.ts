import { relative, resolve } from "node:path/posix";
import { parseFile } from "../core/catalog/parse-file.ts";
import type { InvalidFile, KnownFile } from "../ports/dataset-catalog.ts";
import type { TreeFolder, TreeProblem } from "../ports/file-tree.ts";
import { type Chunk, ingestChunk } from "./ingest-chunk.ts";
import { isUnchanged, KnownFiles } from "./ingest-known.ts";
import type { Candidate, IngestInput, IngestPorts } from "./ingest-ports.ts";
import { type IngestReport, IngestTally } from "./ingest-report.ts";

export type { IngestReport } from "./ingest-report.ts";

// A chunk ends with a folder once it has this many files, so that datasets stay together, or else at the limit.
const chunkFiles = 1000;
const chunkLimit = 4000;
const missingPerBatch = 10_000;
const openedPerEvent = 25;
const foldersPerBreath = 200;

/**
 * Walks folders and records their files as datasets. Works folder by folder and writes in chunks, so that memory does not
 * grow with the archive and an interruption keeps what was written. Files whose size and modification time the catalog
 * knows are not opened. A file that cannot be used is recorded with the reason and stops nothing. Files recorded below
 * the folders that are no longer there are marked missing, unless the walk was cut short. Where paths do not tell a dataset's
 * identity, files are opened in either mode.
 * @throws ROOT_MISSING when a folder does not exist; then nothing is changed
 */
export async function ingest(
  asked: IngestInput,
  ports: IngestPorts,
  signal: AbortSignal,
): Promise<IngestReport> {
  const input: IngestInput = asked.sourceType.opening === "always" ? { ...asked, mode: "full" } : asked;
  const folders = ports.tree.walk(input.folders, { ending: ".nc" });
  const known = await KnownFiles.load({ ...input, sourceType: input.sourceType.name }, ports);
  const run: Run = { input, ports, signal, known, tally: new IngestTally(), pending: [], problems: [] };
  let visited = 0;
  for (const folder of folders) {
    visit(folder, run);
    visited += 1;
    // The walk is synchronous: signals and messages of workers get their turn in between.
    if (visited % foldersPerBreath === 0) await breath();
    while (run.pending.length >= chunkFiles && !signal.aborted) await flush(run);
    if (signal.aborted) break;
  }
  while (!signal.aborted && run.pending.length + run.problems.length > 0) await flush(run);
  if (signal.aborted) run.tally.interrupted = true;
  if (!run.tally.interrupted) await recordMissing(run);
  tellEmpty(run);
  if (asked.mode !== input.mode) tellOpened(run);
  progress(run);
  return run.tally.report();
}

/** Lets signals, messages and timers have their turn. */
function breath(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

interface Run {
  readonly input: IngestInput;
  readonly ports: IngestPorts;
  readonly signal: AbortSignal;
  readonly known: KnownFiles;
  readonly tally: IngestTally;
  /** Files to be taken in with the next chunks. */
  readonly pending: Candidate[];
  /** What the walk found unusable, to be recorded with the next chunk. */
  readonly problems: InvalidFile[];
}

function visit(folder: TreeFolder, run: Run): void {
  run.tally.ignored += folder.ignored;
  const place = relative(run.input.projectFolder, folder.path);
  const prefix = place === "" ? "" : `${place}/`;
  const absolutePrefix = folder.path === "/" ? "/" : `${folder.path}/`;
  for (const { name, sizeBytes, mtimeMs } of folder.files) {
    const path = `${prefix}${name}`;
    const known = run.known.take(path);
    sort(
      { absolute: `${absolutePrefix}${name}`, path, sizeBytes, mtimeMs, isNew: known === undefined },
      { known, run },
    );
  }
  for (const problem of folder.problems) noteProblem(problem, run);
}

/** Decides what to do with a file from what the catalog knows of it. */
function sort(
  candidate: Candidate,
  { known, run }: { readonly known: KnownFile | undefined; readonly run: Run },
): void {
  const { tally, pending, input } = run;
  if (known === undefined || !isUnchanged(known, candidate) || known.missing) pending.push(candidate);
  else if (known.invalid !== undefined) {
    if (worthAnotherTry(candidate, { ...known.invalid, input })) pending.push(candidate);
    else tally.refuse({ path: candidate.path, ...known.invalid });
  } else if (known.finalised || input.mode === "fast") tally.unchanged += 1;
  else pending.push(candidate);
}

/** Refused before and unchanged since: the system may let it be read now, and opening may tell what the path did not. */
function worthAnotherTry(
  { absolute }: Candidate,
  { code, reason, input }: { readonly code: string; readonly reason: string; readonly input: IngestInput },
): boolean {
  if (code === "FILE_UNREADABLE") return true;
  if (input.mode === "fast") return false;
  const byPath = parseFile(input.sourceType, { path: absolute });
  return !byPath.ok && byPath.error.message === reason;
}

function noteProblem(problem: TreeProblem, { input, known, tally, problems }: Run): void {
  const path = relative(input.projectFolder, problem.path);
  if (problem.folder) known.keepBelow(path);
  known.take(path);
  const { code, reason } = problem;
  if (problem.folder && code === "FILE_UNREADABLE") return tally.warn({ id: path, message: reason });
  const sourceType = input.sourceType.name;
  problems.push({ path, sourceType, sizeBytes: undefined, mtimeMs: undefined, code, reason });
  tally.refuse({ path, code, reason });
}

/** Takes in the next chunk of pending files and writes it. */
async function flush(run: Run): Promise<void> {
  const { input, ports, signal, tally } = run;
  const candidates = run.pending.splice(0, chunkLimit);
  const onOpened = (): void => {
    tally.opened += 1;
    if (tally.opened % openedPerEvent === 0) progress(run);
  };
  const chunk = await ingestChunk(
    { ...input, candidates, open: input.mode === "full", onOpened },
    ports,
    signal,
  );
  const { batch } = chunk;
  await ports.catalog.ingest({ ...batch, invalidFiles: [...run.problems.splice(0), ...batch.invalidFiles] });
  count(chunk, { candidates, tally });
  progress(run);
  await breath();
}

function count(
  { batch, accepted }: Chunk,
  { candidates, tally }: { readonly candidates: readonly Candidate[]; readonly tally: IngestTally },
): void {
  const refused = new Map(
    (batch.invalidDatasets ?? []).flatMap(({ files, id, invalid }) =>
      files.map((file) => [file.path, `the dataset ${id} is invalid: ${invalid}`] as const),
    ),
  );
  for (const { path, isNew } of candidates) {
    const reason = refused.get(path);
    if (reason !== undefined) tally.refuse({ path, code: "DATASET_INVALID", reason });
    else if (!accepted.has(path)) continue;
    else if (isNew) tally.added += 1;
    else tally.updated += 1;
  }
  for (const file of batch.invalidFiles) tally.refuse(file);
  for (const warning of batch.warnings) tally.warn(warning);
  tally.missing.push(...batch.missing);
  tally.mended(batch.datasets.flatMap(({ files }) => files.map(({ path }) => path)));
  tally.wrote([...batch.datasets, ...(batch.invalidDatasets ?? [])].map(({ id }) => id));
}

async function recordMissing({ known, ports, tally }: Run): Promise<void> {
  const moved = new Set(tally.missing);
  const vanished = known.vanished().filter(({ path }) => !moved.has(path));
  for (let from = 0; from < vanished.length; from += missingPerBatch) {
    const missing = vanished.slice(from, from + missingPerBatch).map(({ path }) => path);
    await ports.catalog.ingest({ datasets: [], invalidFiles: [], warnings: [], missing });
  }
  // A file that could not be used and is gone is no loss worth a line.
  const losses = vanished.filter(
    ({ invalid }) => invalid === undefined || invalid.code === "DATASET_INVALID",
  );
  for (const { path } of losses) tally.missing.push(path);
}

function tellEmpty({ tally, input }: Run): void {
  if (tally.interrupted || tally.seen + tally.missing.length > 0) return;
  const others = tally.ignored === 0 ? "" : ` (${tally.ignored} other files)`;
  for (const folder of input.folders) {
    const id = relative(input.projectFolder, resolve(folder)) || ".";
    tally.warn({ id, message: `holds no file that ends in .nc${others}` });
  }
}

function tellOpened({ tally, input: { sourceType } }: Run): void {
  const message = "files are opened though only paths were asked for: the paths do not tell the identity";
  if (tally.opened > 0) tally.warn({ id: sourceType.name, message });
}

function progress({ ports, tally }: Run): void {
  ports.emit({
    kind: "ingest.progress",
    seen: tally.seen,
    opened: tally.opened,
    invalid: tally.invalid.length,
  });
}
