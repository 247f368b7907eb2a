import type { Connection } from "./connection.ts";

/** The revision of the catalog. */
export function readRevision(connection: Connection): number {
  return readMeta(connection, "revision");
}

/** Names the state of all datasets. */
export function readDatasetMark(connection: Connection): string {
  return `${readRevision(connection)}.${readMeta(connection, "revision-stamp")}`;
}

/** Names the state of all groups and executions. */
export function readHistoryMark(connection: Connection): string {
  return `${readMeta(connection, "history")}.${readMeta(connection, "history-stamp")}`;
}

/** A number of the catalog itself; 0 where it has none. */
export function readMeta(connection: Connection, name: string): number {
  return connection.get<{ value: number }>("select value from catalog_meta where name = ?", name)?.value ?? 0;
}
