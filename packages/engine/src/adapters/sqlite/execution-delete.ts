import type { Connection } from "./connection.ts";
import { pinnedBy, removeUnpinned } from "./pinned-inputs.ts";
import type { ExecutionRow } from "./schema.ts";

/** Deletes executions, and what only their definitions shared. Call it inside a write transaction. */
export function deleteExecutions(connection: Connection, rows: readonly ExecutionRow[]): void {
  const shared = new Set(rows.flatMap(({ id }) => sharedDocuments(connection, id)));
  const pinned = new Set(rows.flatMap(({ id }) => pinnedBy(connection, id)));
  for (const row of rows) deleteExecution(connection, row);
  removeUnshared(connection, [...shared]);
  removeUnpinned(connection, pinned);
}

/**
 * Deletes the row of an execution and everything that is of it alone: history, definition, values, files, rows it made,
 * links. Its group falls back to the newest published execution that is left, and runs again if there is none.
 */
function deleteExecution(connection: Connection, { id, group_id: group }: ExecutionRow): void {
  const axes = connection.all<{ digest: string }>(
    `select distinct axis_digest as digest from series join stored_value on stored_value.id = value_id
     where execution_id = ?`,
    id,
  );
  connection.run("delete from execution where id = ?", id);
  connection.run("delete from record where id = ?", id);
  for (const { digest } of axes)
    connection.run(
      "delete from axis where digest = ?1 and not exists (select 1 from series where axis_digest = ?1)",
      digest,
    );
  if (group !== null) fallBack(connection, { id, group });
}

const sharedBy = `select vocabulary_digest as digest from execution_definition where {which}
  union select json_extract(body, '$.allowed') from execution_definition where {which}`;

/** Digests of documents that the definition of an execution shares with others. */
function sharedDocuments(connection: Connection, execution: number): readonly string[] {
  return connection
    .all<{ digest: string | null }>(sharedBy.replaceAll("{which}", "execution_id = ?1"), execution)
    .flatMap(({ digest }) => digest ?? []);
}

function removeUnshared(connection: Connection, digests: readonly string[]): void {
  if (digests.length === 0) return;
  connection.run(
    `delete from shared_document where digest in (select value from json_each(?1))
     and digest not in (select digest from (${sharedBy.replaceAll("{which}", "true")}) where digest is not null)`,
    JSON.stringify(digests),
  );
}

function fallBack(
  connection: Connection,
  { id, group }: { readonly id: number; readonly group: number },
): void {
  const changed = connection.run(
    `update execution_group set current_execution = (select id from execution
       where group_id = ?1 and state = 'published' order by created_at desc, id desc limit 1)
     where id = ?1 and current_execution = ?2`,
    group,
    id,
  );
  if (changed > 0)
    connection.run(
      `update execution_group set dirty = 1, dirty_reason = 'its execution was deleted'
       where id = ? and current_execution is null`,
      group,
    );
}
