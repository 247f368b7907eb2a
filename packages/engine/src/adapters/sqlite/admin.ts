import { statSync } from "node:fs";
import type { CatalogAdmin, CatalogStatus } from "../../ports/catalog-admin.ts";
import { backUp, backUpBeside } from "./backup.ts";
import type { Connection } from "./connection.ts";
import { newerCatalog, readSchemaState } from "./schema-state.ts";

/** Tables whose rows the status counts, by what it calls them. */
const counted = {
  datasets: "dataset",
  files: "dataset_file",
  groups: "execution_group",
  executions: "execution",
  values: "stored_value",
} as const;

/** Keeping a catalog in SQLite. */
export class SqliteCatalogAdmin implements CatalogAdmin {
  readonly #connection: Connection;

  constructor(connection: Connection) {
    this.#connection = connection;
  }

  async status(): Promise<CatalogStatus> {
    const { version, pending, unknown } = readSchemaState(this.#connection);
    const tables = new Set(
      this.#connection
        .all<{ name: string }>("select name from sqlite_schema where type = 'table'")
        .map(({ name }) => name),
    );
    const counts = Object.entries(counted)
      .filter(([, table]) => tables.has(table))
      .map(([name, table]) => [name, this.#count(table)] as const);
    return {
      version,
      pending,
      newer: unknown.length > 0,
      sizeBytes: this.#sizeBytes(),
      counts: Object.fromEntries(counts),
    };
  }

  async migrate(): Promise<readonly string[]> {
    const state = readSchemaState(this.#connection);
    if (state.unknown.length > 0) throw newerCatalog(state, this.#connection.file);
    if (state.pending.length === 0) return [];
    if (state.version !== undefined) backUpBeside(this.#connection);
    const { runMigrations } = await import("./migrations/migrate.ts");
    return runMigrations(this.#connection);
  }

  async backup(path: string): Promise<void> {
    backUp(this.#connection, path);
  }

  #count(table: string): number {
    return this.#connection.get<{ n: number }>(`select count(*) as n from ${table}`)?.n ?? 0;
  }

  /** The write-ahead log beside the file is part of it. */
  #sizeBytes(): number {
    const { file } = this.#connection;
    if (file === ":memory:") return 0;
    const sizes = [file, `${file}-wal`].map((path) => statSync(path, { throwIfNoEntry: false })?.size ?? 0);
    return sizes.reduce((sum, size) => sum + size, 0);
  }
}
