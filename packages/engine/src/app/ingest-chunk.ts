import { resolve } from "node:path/posix";
import { type ParsedFile, parseFile } from "../core/catalog/parse-file.ts";
import type { FileHeader, SourceType } from "../core/catalog/source-type.ts";
import { isAlmanacError } from "../core/errors.ts";
import { compareCodeUnits } from "../core/identity/compare.ts";
import type {
  DatasetWarning,
  IngestBatch,
  InvalidDataset,
  InvalidFile,
  StoredDataset,
} from "../ports/dataset-catalog.ts";
import type { FileTree } from "../ports/file-tree.ts";
import type { HeaderReader } from "../ports/header-reader.ts";
import { mergeDataset } from "./ingest-merge.ts";
import type { Candidate, IngestPorts } from "./ingest-ports.ts";

/** Files taken in together, and how. */
export interface ChunkInput {
  readonly sourceType: SourceType;
  readonly candidates: readonly Candidate[];
  /** False: only files of datasets that have been opened before are opened. */
  readonly open: boolean;
  readonly projectFolder: string;
  /** Called after each file that was opened. */
  readonly onOpened: () => void;
}

/** What a chunk comes to: one batch to be written, and what of it came from the candidates. */
export interface Chunk {
  readonly batch: IngestBatch;
  /** Paths of candidates that are now files of a valid dataset. */
  readonly accepted: ReadonlySet<string>;
  /** True if it was interrupted: files not opened are left out. */
  readonly interrupted: boolean;
}

type ChunkPorts = Pick<IngestPorts, "catalog" | "headers" | "tree">;

/** Files parsed so far, and those refused. */
interface Harvest {
  readonly parsed: Map<string, ParsedFile>;
  readonly refused: Map<string, InvalidFile>;
  interrupted: boolean;
}

/** Opens (or not) and parses some files, and merges them with what the catalog has of their datasets. */
export async function ingestChunk(input: ChunkInput, ports: ChunkPorts, signal: AbortSignal): Promise<Chunk> {
  const harvest: Harvest = { parsed: new Map(), refused: new Map(), interrupted: false };
  const byAbsolute = new Map(input.candidates.map((candidate) => [candidate.absolute, candidate]));
  if (input.open) await openFiles(byAbsolute, { input, headers: ports.headers, harvest, signal });
  else for (const candidate of input.candidates) parse(candidate, { input, harvest });
  const stored = await storedDatasets(input.sourceType, { harvest, ports });
  if (!harvest.interrupted) {
    const reopened = filesToReopen(input, { harvest, stored, tree: ports.tree });
    await openFiles(reopened, { input, headers: ports.headers, harvest, signal });
  }
  if (harvest.interrupted) dropIncomplete(input, harvest);
  return { ...merge(input, { harvest, stored, ports }), interrupted: harvest.interrupted };
}

/** Leaves out datasets of which some file has not been opened: half of a dataset would look like all of it. */
function dropIncomplete({ sourceType, candidates }: ChunkInput, { parsed, refused }: Harvest): void {
  const incomplete = new Set<string>();
  for (const { path, absolute } of candidates) {
    if (parsed.has(path) || refused.has(path)) continue;
    const byPath = parseFile(sourceType, { path: absolute });
    if (byPath.ok) incomplete.add(byPath.value.id);
  }
  for (const [path, { id }] of parsed) if (incomplete.has(id)) parsed.delete(path);
}

interface Opening {
  readonly input: ChunkInput;
  readonly headers: HeaderReader;
  readonly harvest: Harvest;
  readonly signal: AbortSignal;
}

async function openFiles(files: ReadonlyMap<string, Candidate>, opening: Opening): Promise<void> {
  if (files.size === 0) return;
  const { input, headers, harvest, signal } = opening;
  try {
    for await (const result of headers.read(files.keys(), signal)) {
      input.onOpened();
      const candidate = files.get(result.path);
      if (candidate === undefined) continue;
      if (result.ok) parse(candidate, { input, harvest, header: result.header });
      else refuse(candidate, { input, harvest, code: result.code, reason: result.reason });
    }
  } catch (error) {
    if (!isAlmanacError(error, "INTERRUPTED")) throw error;
    harvest.interrupted = true;
  }
}

function parse(
  candidate: Candidate,
  {
    input,
    harvest,
    header,
  }: { readonly input: ChunkInput; readonly harvest: Harvest; readonly header?: FileHeader },
): void {
  const { absolute, path, sizeBytes, mtimeMs } = candidate;
  // The template is matched on the absolute path: a project within the archive would cut folders off.
  const result = parseFile(input.sourceType, { path: absolute, sizeBytes, mtimeMs, header });
  if (result.ok) harvest.parsed.set(path, { ...result.value, path });
  else refuse(candidate, { input, harvest, code: result.error.code, reason: result.error.message });
}

function refuse(
  { path, sizeBytes, mtimeMs }: Candidate,
  {
    input,
    harvest,
    code,
    reason,
  }: {
    readonly input: ChunkInput;
    readonly harvest: Harvest;
    readonly code: string;
    readonly reason: string;
  },
): void {
  harvest.parsed.delete(path);
  harvest.refused.set(path, { path, sourceType: input.sourceType.name, sizeBytes, mtimeMs, code, reason });
}

async function storedDatasets(
  sourceType: SourceType,
  { harvest, ports }: { readonly harvest: Harvest; readonly ports: ChunkPorts },
): Promise<ReadonlyMap<string, StoredDataset>> {
  const ids = new Set([...harvest.parsed.values()].map(({ id }) => id));
  const datasets = await ports.catalog.datasets(sourceType.name, [...ids]);
  return new Map(datasets.map((dataset) => [dataset.id, dataset]));
}

/**
 * Files to open beyond the candidates, so that datasets become or stay opened as a whole and their files agree.
 * Candidates known from their path only are opened where their dataset has been opened before.
 */
function filesToReopen(
  { candidates, projectFolder, open }: ChunkInput,
  {
    harvest,
    stored,
    tree,
  }: {
    readonly harvest: Harvest;
    readonly stored: ReadonlyMap<string, StoredDataset>;
    readonly tree: FileTree;
  },
): ReadonlyMap<string, Candidate> {
  const files = new Map<string, Candidate>();
  if (stored.size === 0) return files;
  for (const dataset of stored.values()) {
    const others = dataset.files
      .filter(({ path }) => !harvest.parsed.has(path) && !harvest.refused.has(path))
      .map(({ path, sizeBytes = 0, mtimeMs = 0 }) => {
        return { absolute: resolve(projectFolder, path), path, sizeBytes, mtimeMs, isNew: false };
      });
    for (const other of speakers(dataset, { others, open, tree })) files.set(other.absolute, other);
  }
  for (const candidate of candidates) {
    const parsed = harvest.parsed.get(candidate.path);
    if (parsed === undefined || parsed.finalised) continue;
    if (wasOpened(stored.get(parsed.id))) files.set(candidate.absolute, candidate);
  }
  return files;
}

function wasOpened(dataset: StoredDataset | undefined): boolean {
  return dataset !== undefined && (dataset.finalised || dataset.invalid !== undefined);
}

/**
 * Which of a dataset's other files have to speak: one that is still there for all if they have agreed, all if they did
 * not or never spoke.
 */
function speakers(
  dataset: StoredDataset,
  {
    others,
    open,
    tree,
  }: { readonly others: readonly Candidate[]; readonly open: boolean; readonly tree: FileTree },
): readonly Candidate[] {
  if (dataset.invalid === undefined && !dataset.finalised && !open) return [];
  const one = dataset.finalised && dataset.invalid === undefined;
  if (!one) return others.filter(({ absolute }) => tree.kind(absolute) !== undefined);
  const speaker = others.find(({ absolute }) => tree.kind(absolute) !== undefined);
  return speaker === undefined ? [] : [speaker];
}

function merge(
  { sourceType, candidates, projectFolder }: ChunkInput,
  {
    harvest,
    stored,
    ports,
  }: {
    readonly harvest: Harvest;
    readonly stored: ReadonlyMap<string, StoredDataset>;
    readonly ports: ChunkPorts;
  },
): Omit<Chunk, "interrupted"> {
  const datasets: IngestBatch["datasets"][number][] = [];
  const invalidDatasets: InvalidDataset[] = [];
  const warnings: DatasetWarning[] = [];
  const missing: string[] = [];
  const accepted = new Set<string>();
  const exists = (path: string): boolean => ports.tree.kind(resolve(projectFolder, path)) !== undefined;
  // Several readers answer in any order: in that of the paths, the same files get the same RIDs each time.
  for (const [id, files] of Map.groupBy(inPathOrder(harvest.parsed), (file) => file.id)) {
    const merged = mergeDataset({
      sourceType,
      stored: stored.get(id),
      files,
      refused: harvest.refused,
      exists,
    });
    const { dataset, warnings: notes } = merged.assembled;
    warnings.push(...notes.map((message) => ({ sourceType: sourceType.name, id, message })));
    missing.push(...merged.moved);
    if (merged.refused !== undefined) invalidDatasets.push(merged.refused);
    if (dataset === undefined) continue;
    datasets.push(dataset);
    for (const file of files) accepted.add(file.path);
  }
  const ours = new Set(candidates.map(({ path }) => path));
  // A file opened once more to speak for its dataset and refused is not of this ingestion: its own folder tells of it.
  const invalidFiles = inPathOrder(harvest.refused).filter(({ path }) => ours.has(path));
  return { batch: { datasets, invalidDatasets, invalidFiles, warnings, missing }, accepted };
}

function inPathOrder<F extends { readonly path: string }>(files: ReadonlyMap<string, F>): readonly F[] {
  return [...files.values()].sort((a, b) => compareCodeUnits(a.path, b.path));
}
