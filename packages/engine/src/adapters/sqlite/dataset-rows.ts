import { updatedContentId } from "../../core/catalog/content-id.ts";
import type { DatasetFile } from "../../core/catalog/dataset.ts";
import { withoutNulls } from "./row-values.ts";
import type { DatasetFileRow } from "./schema.ts";

/** Columns of a file in the order of the insert statement. */
export const fileColumns = [
  "source_type",
  "path",
  "dataset_id",
  "size_bytes",
  "mtime_ms",
  "start_time",
  "end_time",
  "calendar",
  "time_units",
  "tracking_id",
  "content_id",
  "opened",
  "presence",
] as const satisfies readonly (keyof DatasetFileRow)[];

/** A file as the core knows it. */
export function fileOf(row: DatasetFileRow): DatasetFile {
  const facts = withoutNulls<Required<DatasetFile>>({
    path: row.path,
    sizeBytes: row.size_bytes,
    mtimeMs: row.mtime_ms,
    start: row.start_time,
    end: row.end_time,
    calendar: row.calendar,
    timeUnits: row.time_units,
    trackingId: row.tracking_id,
    contentId: row.content_id,
  });
  return { ...facts, path: row.path, contentId: row.content_id };
}

/** Where a file belongs and how it was read. */
export interface FilePlace {
  readonly sourceType: string;
  readonly dataset: number;
  readonly opened: boolean;
  /** Its row so far, which fixes the content id. */
  readonly previous: DatasetFileRow | undefined;
}

/** The row of a file that is there now. */
export function fileRow(
  file: DatasetFile,
  { sourceType, dataset, opened, previous }: FilePlace,
): DatasetFileRow {
  return {
    source_type: sourceType,
    path: file.path,
    dataset_id: dataset,
    size_bytes: file.sizeBytes ?? previous?.size_bytes ?? null,
    mtime_ms: file.mtimeMs ?? previous?.mtime_ms ?? null,
    start_time: file.start ?? null,
    end_time: file.end ?? null,
    calendar: file.calendar ?? null,
    time_units: file.timeUnits ?? null,
    tracking_id: file.trackingId ?? null,
    content_id: keptContentId(file, previous),
    opened: opened ? 1 : 0,
    presence: "present",
  };
}

/** True if size and modification time say that the file is as it was; unknown ones say nothing. */
export function looksUnchanged(file: DatasetFile, row: DatasetFileRow): boolean {
  return same(row.size_bytes, file.sizeBytes) && same(row.mtime_ms, file.mtimeMs);
}

/** True if two rows hold the same. */
export function equalFileRows(a: DatasetFileRow, b: DatasetFileRow): boolean {
  return fileColumns.every((column) => a[column] === b[column]);
}

function keptContentId(file: DatasetFile, previous: DatasetFileRow | undefined): string {
  if (previous === undefined) return file.contentId;
  const before = {
    contentId: previous.content_id,
    sizeBytes: previous.size_bytes ?? undefined,
    mtimeMs: previous.mtime_ms ?? undefined,
  };
  // Where it changed, the one given counts: it may know a tracking_id that is not repeated here.
  return updatedContentId(before, file) === previous.content_id ? previous.content_id : file.contentId;
}

function same(before: number | null, now: number | undefined): boolean {
  return before === null || now === undefined || before === now;
}
