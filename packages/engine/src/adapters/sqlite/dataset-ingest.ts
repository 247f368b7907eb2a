import type { Dataset } from "../../core/catalog/dataset.ts";
import type { DatasetName, DatasetWarning, IngestBatch, InvalidFile } from "../../ports/dataset-catalog.ts";
import type { Connection } from "./connection.ts";
import { equalFileRows, fileColumns, fileRow, looksUnchanged } from "./dataset-rows.ts";
import { writeDown } from "./pinned-inputs.ts";
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
  /** Datasets of which a snapshot could show a difference; a dataset may be in it twice. */
  readonly touched: readonly DatasetName[];
  /** Datasets known from their path only have been opened. */
  readonly finalised: boolean;
}

/** Writes one batch. Call it inside a write transaction. */
export function writeBatch(connection: Connection, batch: IngestBatch): BatchChanges {
  const unopened = countUnopened(connection, batch);
  const touched = [
    ...batch.datasets.flatMap((dataset) => writeDataset(connection, { ...dataset, invalid: null })),
    ...(batch.invalidDatasets ?? []).flatMap((dataset) => writeDataset(connection, dataset)),
    ...batch.invalidFiles.flatMap((file) => writeInvalidFile(connection, file)),
    ...batch.missing.flatMap((path) => writeMissing(connection, path)),
  ];
  for (const warning of batch.warnings) writeWarning(connection, warning);
  return { touched, finalised: countUnopened(connection, batch) < unopened };
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

/** @returns the datasets it changed: this one, and those whose files it took over */
function writeDataset(connection: Connection, dataset: Incoming): readonly DatasetName[] {
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
  const losers = writeFiles(connection, { id, dataset, known: row !== undefined });
  return losers === undefined && !changed ? [] : [nameOf(dataset), ...(losers ?? [])];
}

function nameOf({ sourceType, id }: DatasetName): DatasetName {
  return { sourceType, id };
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

/** @returns undefined when nothing changed, else the other datasets that had some of the files */
function writeFiles(
  connection: Connection,
  { id, dataset, known }: { readonly id: number; readonly dataset: Incoming; readonly known: boolean },
): readonly DatasetName[] | undefined {
  const rows = known
    ? connection.all<DatasetFileRow>("select * from dataset_file where dataset_id = ?", id)
    : [];
  const previous = new Map(rows.map((row) => [row.path, row]));
  const added = dataset.files.filter(({ path }) => !previous.has(path)).map(({ path }) => path);
  const losers = added.length === 0 ? [] : datasetsWith(connection, dataset.sourceType, added);
  const place = { sourceType: dataset.sourceType, dataset: id, opened: dataset.finalised };
  let changed = false;
  // One statement for all files of a dataset: catalogs of hundreds of thousands of them come in at once.
  connection.run(
    "delete from invalid_file where source_type = ? and path in (select value from json_each(?))",
    dataset.sourceType,
    JSON.stringify(dataset.files.map(({ path }) => path)),
  );
  for (const file of dataset.files) {
    const before = previous.get(file.path);
    const keeps = before?.opened === 1 && !dataset.finalised && looksUnchanged(file, before);
    const row: DatasetFileRow = keeps
      ? { ...before, presence: "present" }
      : fileRow(file, { ...place, previous: before });
    if (before !== undefined && equalFileRows(before, row)) continue;
    if (known && !changed) writeDown(connection, id);
    connection.run(upsertFile, ...fileColumns.map((column) => row[column]));
    changed = true;
  }
  return changed ? losers : undefined;
}

/** Datasets of a type that have files of these paths. */
// allow-parameters: the natural order of a look-up
function datasetsWith(
  connection: Connection,
  sourceType: string,
  paths: readonly string[],
): readonly DatasetName[] {
  return connection.all<DatasetName>(
    `select distinct dataset.source_type as "sourceType", instance_id as id
     from json_each(?) as wanted join dataset_file on dataset_file.path = wanted.value and dataset_file.source_type = ?
     join dataset on dataset.id = dataset_id`,
    JSON.stringify(paths),
    sourceType,
  );
}

function writeInvalidFile(connection: Connection, file: InvalidFile): readonly DatasetName[] {
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
  return changed > 0 ? datasetsWith(connection, file.sourceType, [file.path]) : [];
}

function writeMissing(connection: Connection, path: string): readonly DatasetName[] {
  connection.run("delete from invalid_file where path = ?", path);
  const update = "update dataset_file set presence = 'missing' where path = ? and presence <> 'missing'";
  if (connection.run(update, path) === 0) return [];
  return connection.all<DatasetName>(
    `select dataset.source_type as "sourceType", instance_id as id
     from dataset_file join dataset on dataset.id = dataset_id where path = ?`,
    path,
  );
}

function writeWarning(connection: Connection, { sourceType, id, message }: DatasetWarning): void {
  connection.run(
    `insert into dataset_warning (source_type, instance_id, message) values (?, ?, ?) on conflict do nothing`,
    sourceType,
    id,
    message,
  );
}
