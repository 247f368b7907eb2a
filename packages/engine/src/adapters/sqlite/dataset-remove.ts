import type { Connection } from "./connection.ts";
import type { DatasetRow } from "./schema.ts";

/**
 * Removes a dataset's record if its files are all missing and it has no features. Its RID is never given again. Call it
 * inside a write transaction.
 * @returns the row that was removed, or nothing
 */
export function removeIfVanished(connection: Connection, id: number): readonly DatasetRow[] {
  const row = connection.get<DatasetRow>(
    `select * from dataset where id = ?1
     and exists (select 1 from dataset_file where dataset_id = ?1)
     and not exists (select 1 from dataset_file where dataset_id = ?1 and presence <> 'missing')
     and not exists (select 1 from feature_record where target_id = ?1)`,
    id,
  );
  if (row === undefined) return [];
  connection.run("delete from dataset_file where dataset_id = ?", id);
  connection.run(
    "delete from dataset_warning where source_type = ? and instance_id = ?",
    row.source_type,
    row.instance_id,
  );
  connection.run("delete from dataset where id = ?", id);
  return [row];
}
