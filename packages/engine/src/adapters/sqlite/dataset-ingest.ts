import type { Dataset } from "../../core/catalog/dataset.ts";
import type { DatasetWarning, IngestBatch, InvalidFile } from "../../ports/dataset-catalog.ts";
import type { Connection } from "./connection.ts";
import { equalFileRows, fileColumns, fileRow, looksUnchanged } from "./dataset-rows.ts";
import { takeRid } from "./rids.ts";
import { flagOf, orderedJson } from "./row-values.ts";
import type { DatasetFileRow, DatasetRow } from "./schema.ts";

const upsertFile = `insert into dataset_file (${fileColumns.join(", ")})
  values (${fileColumns.map(() => "?").join(", ")})
  on conflict (path, source_type) do update set
  ${fileColumns.map((column) => `${column} = excluded.${column}`).join(", ")}`;

/** A dataset to store: one that can be used, or one that cannot and why. */
interface Incoming extends Dataset {
  readonly invalid: string | null;
}

/** What a batch changed. */
export interface BatchChanges {
  /** A snapshot could show a difference. */
  readonly changed: boolean;
  /** Datasets known from their path only have been opened. */
  readonly finalised: boolean;
}

/** Writes one batch. Call it inside a write transaction. */
export function writeBatch(connection: Connection, batch: IngestBatch): BatchChanges {
  const unopened = countUnopened(connection, batch);
  const changes = [
    ...batch.datasets.map((dataset) => writeDataset(connection, { ...dataset, invalid: null })),
    ...(batch.invalidDatasets ?? []).map((dataset) => writeDataset(connection, dataset)),
    ...batch.invalidFiles.map((file) => writeInvalidFile(connection, file)),
    ...batch.missing.map((path) => writeMissing(connection, path)),
  ];
  for (const warning of batch.warnings) writeWarning(connection, warning);
  return { changed: changes.includes(true), finalised: countUnopened(connection, batch) < unopened };
}

function countUnopened(connection: Connection, { datasets }: IngestBatch): number {
  const unopened = datasets.filter(
    ({ sourceType, id, finalised }) =>
      finalised &&
      connection.get(
        "select 1 from dataset where source_type = ? and instance_id = ? and finalised = 0",
        sourceType,
        id,
      ) !== undefined,
  );
  return unopened.length;
}

function writeDataset(connection: Connection, dataset: Incoming): boolean {
  const row = connection.get<DatasetRow>(
    "select * from dataset where source_type = ? and instance_id = ?",
    dataset.sourceType,
    dataset.id,
  );
  const keepsFacets = row?.finalised === 1 && !dataset.finalised && dataset.invalid === null;
  if (!keepsFacets)
    connection.run(
      "delete from dataset_warning where source_type = ? and instance_id = ?",
      dataset.sourceType,
      dataset.id,
    );
  const id = row?.id ?? insertDataset(connection, dataset);
  const changed = row === undefined || (!keepsFacets && updateDataset(connection, { row, dataset }));
  return writeFiles(connection, { id, dataset, known: row !== undefined }) || changed;
}

function insertDataset(connection: Connection, dataset: Incoming): number {
  const id = takeRid(connection, "dataset");
  connection.run(
    `insert into dataset (id, source_type, instance_id, version, origin, finalised, retracted, invalid, facets)
     values (?, ?, ?, ?, 'ingested', ?, 0, ?, ?)`,
    id,
    dataset.sourceType,
    dataset.id,
    dataset.facets["version"] ?? null,
    flagOf(dataset.finalised),
    dataset.invalid,
    orderedJson(dataset.facets),
  );
  return id;
}

function updateDataset(
  connection: Connection,
  { row, dataset }: { readonly row: DatasetRow; readonly dataset: Incoming },
): boolean {
  const facets = orderedJson(dataset.facets);
  const finalised = flagOf(dataset.finalised);
  if (row.facets === facets && row.finalised === finalised && row.invalid === dataset.invalid) return false;
  connection.run(
    "update dataset set version = ?, finalised = ?, invalid = ?, facets = ? where id = ?",
    dataset.facets["version"] ?? null,
    finalised,
    dataset.invalid,
    facets,
    row.id,
  );
  return true;
}

function writeFiles(
  connection: Connection,
  { id, dataset, known }: { readonly id: number; readonly dataset: Incoming; readonly known: boolean },
): boolean {
  const rows = known
    ? connection.all<DatasetFileRow>("select * from dataset_file where dataset_id = ?", id)
    : [];
  const previous = new Map(rows.map((row) => [row.path, row]));
  const place = { sourceType: dataset.sourceType, dataset: id, opened: dataset.finalised };
  let changed = false;
  for (const file of dataset.files) {
    connection.run(
      "delete from invalid_file where path = ? and source_type = ?",
      file.path,
      dataset.sourceType,
    );
    const before = previous.get(file.path);
    const keeps = before?.opened === 1 && !dataset.finalised && looksUnchanged(file, before);
    const row: DatasetFileRow = keeps
      ? { ...before, presence: "present" }
      : fileRow(file, { ...place, previous: before });
    if (before !== undefined && equalFileRows(before, row)) continue;
    connection.run(upsertFile, ...fileColumns.map((column) => row[column]));
    changed = true;
  }
  return changed;
}

function writeInvalidFile(connection: Connection, file: InvalidFile): boolean {
  connection.run(
    `insert into invalid_file (source_type, path, size_bytes, mtime_ms, code, reason) values (?, ?, ?, ?, ?, ?)
     on conflict (path, source_type) do update set size_bytes = excluded.size_bytes,
     mtime_ms = excluded.mtime_ms, code = excluded.code, reason = excluded.reason`,
    file.sourceType,
    file.path,
    file.sizeBytes ?? null,
    file.mtimeMs ?? null,
    file.code,
    file.reason,
  );
  const changed = connection.run(
    `update dataset_file set presence = 'invalid'
     where path = ? and source_type = ? and presence <> 'invalid'`,
    file.path,
    file.sourceType,
  );
  return changed > 0;
}

function writeMissing(connection: Connection, path: string): boolean {
  connection.run("delete from invalid_file where path = ?", path);
  const update = "update dataset_file set presence = 'missing' where path = ? and presence <> 'missing'";
  return connection.run(update, path) > 0;
}

function writeWarning(connection: Connection, { sourceType, id, message }: DatasetWarning): void {
  connection.run(
    `insert into dataset_warning (source_type, instance_id, message) values (?, ?, ?) on conflict do nothing`,
    sourceType,
    id,
    message,
  );
}
