import { type Stats, statSync } from "node:fs";
import path from "node:path";
import type { DatasetFile } from "../core/catalog/dataset.ts";
import { type FileChange, fileChange, type SeenFile } from "../core/catalog/file-change.ts";
import { AlmanacError } from "../core/errors.ts";
import type { DatasetSummary } from "../ports/dataset-catalog.ts";

/** A file of a dataset that is not as recorded. */
export interface ChangedFile extends FileChange {
  readonly dataset: DatasetSummary;
  readonly file: DatasetFile;
}

/**
 * Files of datasets that are not on disk as the catalog has them; nothing is read but sizes and times.
 * @param folder the project's, absolute, which recorded paths are relative to
 * @throws FILE_UNREADABLE when a folder on the way cannot be looked into
 */
export function changedFiles(datasets: readonly DatasetSummary[], folder: string): readonly ChangedFile[] {
  return datasets.flatMap((dataset) => {
    const recorded = [
      ...dataset.files.map((file) => ({ file, recordedMissing: false })),
      ...dataset.missingFiles.map((file) => ({ file, recordedMissing: true })),
    ];
    return recorded.flatMap(({ file, recordedMissing }) => {
      const change = fileChange(file, { seen: look(path.resolve(folder, file.path)), recordedMissing });
      return change === undefined ? [] : [{ dataset, file, ...change }];
    });
  });
}

function look(file: string): SeenFile | undefined {
  const stats = statsOf(file);
  return stats?.isFile() === true ? { sizeBytes: stats.size, mtimeMs: Math.floor(stats.mtimeMs) } : undefined;
}

function statsOf(file: string): Stats | undefined {
  try {
    return statSync(file, { throwIfNoEntry: false });
  } catch (cause) {
    throw new AlmanacError("FILE_UNREADABLE", `${file} cannot be looked at`, {
      hint: "let this user read the folders above it",
      facts: { file },
      cause,
    });
  }
}
