import { Kysely } from "kysely";
import { Migrator } from "kysely/migration";
import { Defect } from "../../../core/errors.ts";
import { sha256Hex } from "../../../core/identity/digest.ts";
import type { Connection } from "../connection.ts";
import { nodeSqliteDialect } from "../kysely-dialect.ts";
import { releasedMigrations } from "../released-migrations.ts";
import { checksumTable } from "../schema-state.ts";
import type { CatalogMigration } from "./migration.ts";
import { migration0001 } from "./migration-0001-catalog.ts";
import { migration0002 } from "./migration-0002-changes.ts";
import { migration0003 } from "./migration-0003-runs.ts";
import { migration0004 } from "./migration-0004-vocabularies.ts";
import { migration0005 } from "./migration-0005-authored-datasets.ts";
import { migration0006 } from "./migration-0006-removals.ts";
import { migration0007 } from "./migration-0007-data-flow.ts";
import { migration0008 } from "./migration-0008-pinned-inputs.ts";
import { migration0009 } from "./migration-0009-numbered-rows.ts";

/** Every migration in order. */
export const migrations: readonly CatalogMigration[] = [
  migration0001,
  migration0002,
  migration0003,
  migration0004,
  migration0005,
  migration0006,
  migration0007,
  migration0008,
  migration0009,
];

/**
 * Digest over the statements of a migration.
 * @param db only compiles; nothing is run
 */
export function migrationChecksum(migration: CatalogMigration, db: Kysely<unknown>): string {
  const statements = migration.statements(db).map((statement) => {
    const { sql, parameters } = statement.compile();
    return JSON.stringify([sql, parameters]);
  });
  return sha256Hex(new TextEncoder().encode(statements.join("\n")));
}

/** A query builder on the connection's database. Transactions through it are observed as `catalog.migrate`. */
export function migrationBuilder(connection: Connection): Kysely<unknown> {
  return new Kysely<unknown>({
    dialect: nodeSqliteDialect({
      database: connection.database,
      beforeCommit: () => connection.observer.before("catalog.migrate"),
      afterCommit: () => connection.observer.after("catalog.migrate"),
    }),
  });
}

/**
 * Applies what is pending, all in one transaction.
 * @returns names applied, in order
 * @throws CATALOG_LOCKED, CATALOG_READ_ONLY, DISK_FULL
 */
export async function runMigrations(connection: Connection): Promise<readonly string[]> {
  const db = migrationBuilder(connection);
  await connection.whenFree(() =>
    connection.database.exec(
      `create table if not exists ${checksumTable} (name text not null primary key, checksum text not null)`,
    ),
  );
  const migrator = new Migrator({
    db,
    provider: {
      getMigrations: async () =>
        Object.fromEntries(migrations.map((migration) => [migration.name, { up: stepOf(migration) }])),
    },
  });
  return withoutForeignKeys(connection, () =>
    connection.whenFree(async () => {
      const { error, results } = await migrator.migrateToLatest();
      if (error !== undefined) throw error instanceof Error ? error : new Defect(String(error));
      return (results ?? []).map(({ migrationName }) => migrationName);
    }),
  );
}

/** A table that is built anew must not take with it what refers to it; that holds again afterwards, and is checked. */
async function withoutForeignKeys<T>(connection: Connection, body: () => Promise<T>): Promise<T> {
  connection.database.exec("pragma foreign_keys = off");
  try {
    const result = await body();
    const broken = connection.all("pragma foreign_key_check");
    if (broken.length > 0) throw new Defect(`a migration broke ${broken.length} references`);
    return result;
  } finally {
    connection.database.exec("pragma foreign_keys = on");
  }
}

function stepOf(migration: CatalogMigration): (db: Kysely<unknown>) => Promise<void> {
  return async (db) => {
    for (const statement of migration.statements(db)) await db.executeQuery(statement.compile());
    const expected = releasedMigrations.find(({ name }) => name === migration.name)?.checksum;
    const checksum = migrationChecksum(migration, db);
    if (checksum !== expected)
      throw new Defect(`migration ${migration.name} has checksum ${checksum}, but ${expected} was released`);
    await (db as Kysely<{ [checksumTable]: { name: string; checksum: string } }>)
      .insertInto(checksumTable)
      .values({ name: migration.name, checksum })
      .execute();
  };
}
