import { basename } from "node:path/posix";
import { type Assembled, assembleDataset } from "../core/catalog/assemble.ts";
import { updatedContentId } from "../core/catalog/content-id.ts";
import type { DatasetFile } from "../core/catalog/dataset.ts";
import { type ParsedFile, parsedFilesOf } from "../core/catalog/parse-file.ts";
import type { SourceType } from "../core/catalog/source-type.ts";
import type { InvalidDataset, StoredDataset } from "../ports/dataset-catalog.ts";

/** A dataset as it will be written, and its files that turned out to have moved away. */
export interface Merged {
  readonly assembled: Assembled;
  /** Set when the files disagree: the same dataset with the reason. */
  readonly refused: InvalidDataset | undefined;
  /** Paths recorded so far whose files are now somewhere else. */
  readonly moved: readonly string[];
}

/** Everything about one dataset that a chunk of an ingestion brings together. */
export interface MergeInput {
  readonly sourceType: SourceType;
  /** What the catalog has of it. */
  readonly stored: StoredDataset | undefined;
  /** Files parsed now; of the stored ones they replace those of the same path. */
  readonly files: readonly ParsedFile[];
  /** Paths that cannot be used now; stored files among them leave the dataset. */
  readonly refused: ReadonlyMap<string, unknown>;
  /** True if a path of the catalog is still there on disk. */
  readonly exists: (path: string) => boolean;
}

/**
 * Puts newly parsed files together with what the catalog has of their dataset. A file that was recorded under another path,
 * where it is no more, has moved: it keeps its content id, so that nothing computed from it is stale.
 */
export function mergeDataset({ sourceType, stored, files, refused, exists }: MergeInput): Merged {
  const storedFiles = stored?.files ?? [];
  const byPath = new Map(storedFiles.map((file) => [file.path, file]));
  const fresh = new Set(files.map(({ path }) => path));
  const moved = new Set<string>();
  const known = files.map((file) => {
    const before = byPath.get(file.path) ?? origin(file, { storedFiles, fresh, exists });
    if (before === undefined) return file;
    if (before.path !== file.path) moved.add(before.path);
    return { ...file, contentId: updatedContentId(before, file) };
  });
  const kept = stored === undefined ? [] : parsedFilesOf(stored);
  const stays = (path: string): boolean => !fresh.has(path) && !moved.has(path) && !refused.has(path);
  const all = [...kept.filter(({ path }) => stays(path)), ...known];
  const assembled = assembleDataset(sourceType, all);
  return { assembled, refused: refusal(sourceType, all, assembled), moved: [...moved] };
}

/** The stored file that a new path is the new place of. */
function origin(
  file: ParsedFile,
  {
    storedFiles,
    fresh,
    exists,
  }: {
    readonly storedFiles: readonly DatasetFile[];
    readonly fresh: ReadonlySet<string>;
    readonly exists: (path: string) => boolean;
  },
): DatasetFile | undefined {
  const name = basename(file.path);
  return storedFiles.find((stored) => {
    if (basename(stored.path) !== name || stored.sizeBytes !== file.sizeBytes) return false;
    const sameContent =
      stored.mtimeMs === file.mtimeMs ||
      (stored.trackingId !== undefined && stored.trackingId === file.trackingId);
    return sameContent && !fresh.has(stored.path) && !exists(stored.path);
  });
}

/** The invalid dataset: assembled from its first file for facets and file facts, which cannot disagree with itself. */
function refusal(
  sourceType: SourceType,
  files: readonly ParsedFile[],
  { invalid }: Assembled,
): InvalidDataset | undefined {
  if (invalid === undefined) return undefined;
  const single = files.flatMap((file) => assembleDataset(sourceType, [file]).dataset ?? []);
  const [first] = single;
  return first === undefined ? undefined : { ...first, files: single.flatMap((each) => each.files), invalid };
}
