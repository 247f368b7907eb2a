import assert from "node:assert/strict";
import { Connection } from "../../src/adapters/sqlite/connection.ts";
import { migrationBuilder } from "../../src/adapters/sqlite/migrations/migrate.ts";
import type { CatalogMigration } from "../../src/adapters/sqlite/migrations/migration.ts";
import { unobserved } from "../../src/ports/durable.ts";

/** A connection to an empty database in memory. */
export function connectInMemory(): Connection {
  return new Connection({ file: ":memory:", readOnly: "no", observer: unobserved, busyTimeoutMs: 0 });
}

/** Runs the statements of some migrations as migrating does, and checks that every reference holds afterwards. */
export function applyMigrations(connection: Connection, migrations: readonly CatalogMigration[]): void {
  const db = migrationBuilder(connection);
  connection.database.exec("pragma foreign_keys = off");
  for (const migration of migrations)
    for (const statement of migration.statements(db)) {
      const { sql, parameters } = statement.compile();
      connection.run(sql, ...(parameters as readonly (string | number)[]));
    }
  connection.database.exec("pragma foreign_keys = on");
  assert.deepEqual(connection.all("pragma foreign_key_check"), []);
}
