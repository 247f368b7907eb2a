import type { ChangedDataset, DatasetChanges, DatasetName } from "../../ports/dataset-catalog.ts";
import type { Connection } from "./connection.ts";
import { newStamp } from "./history-count.ts";
import { readDatasetMark, readRevision } from "./marks.ts";
import { readOneUsable } from "./snapshot-reader.ts";

/** Changes of datasets that the catalog remembers; older ones can no longer be told. */
const rememberedRevisions = 512;

/**
 * Counts a change that a snapshot could show, and notes the datasets it touched. Call it in the transaction that makes
 * the change.
 */
export function raiseRevision(connection: Connection, touched: Iterable<DatasetName>): void {
  connection.run("update catalog_meta set value = value + 1 where name = 'revision'");
  connection.run(`update catalog_meta set value = ${newStamp} where name = 'revision-stamp'`);
  connection.run(
    `insert into catalog_revision (revision, stamp) select revision.value, stamp.value
     from catalog_meta as revision, catalog_meta as stamp
     where revision.name = 'revision' and stamp.name = 'revision-stamp'`,
  );
  const revision = readRevision(connection);
  for (const { sourceType, id } of touched)
    connection.run(
      "insert into dataset_change (revision, source_type, instance_id) values (?, ?, ?) on conflict do nothing",
      revision,
      sourceType,
      id,
    );
  for (const table of ["catalog_revision", "dataset_change"])
    connection.run(`delete from ${table} where revision <= ?`, revision - rememberedRevisions);
}

/** More changes than these are quicker to read as a whole. */
const mostChanges = 2000;

/**
 * Datasets touched since a mark was read, as they are now.
 * @returns undefined when this catalog was never at the mark, no longer remembers, or has changed very much
 */
export function readChanges(connection: Connection, since: string): DatasetChanges | undefined {
  return connection.read(() => {
    const now = { revision: readRevision(connection), mark: readDatasetMark(connection) };
    if (now.mark === since) return { ...now, datasets: [] };
    const [revision, stamp] = since.split(".").map(Number);
    const known = connection.get(
      "select 1 from catalog_revision where revision = ? and stamp = ?",
      revision ?? -1,
      stamp ?? -1,
    );
    if (known === undefined) return undefined;
    const names = connection.all<DatasetName>(
      `select distinct source_type as "sourceType", instance_id as id from dataset_change where revision > ? limit ?`,
      revision ?? -1,
      mostChanges + 1,
    );
    if (names.length > mostChanges) return undefined;
    return { ...now, datasets: names.map((name) => changedDataset(connection, name)) };
  });
}

function changedDataset(connection: Connection, name: DatasetName): ChangedDataset {
  const now = readOneUsable(connection, name);
  return { ...name, ...(now === undefined ? {} : { now }) };
}
