import { AlmanacError } from "../../core/errors.ts";
import type { Connection } from "./connection.ts";
import { releasedMigrations } from "./released-migrations.ts";

/** Where the schema of a file stands, compared with this program. */
export interface SchemaState {
  /** Newest migration applied; undefined for an empty file. */
  readonly version: string | undefined;
  readonly pending: readonly string[];
  /** Migrations that this program does not know. */
  readonly unknown: readonly string[];
}

/** Table that keeps the checksum of each applied migration. */
export const checksumTable = "migration_checksum";

/**
 * Reads which migrations a file has.
 * @throws CATALOG_INVALID when the file is another program's database or a migration is not the one released
 */
export function readSchemaState(connection: Connection): SchemaState {
  return connection.read(() => {
    const tables = new Set(
      connection
        .all<{ name: string }>("select name from sqlite_schema where type = 'table'")
        .map(({ name }) => name),
    );
    if (!tables.has(checksumTable)) return emptyState(connection, tables);
    const applied = connection.all<{ name: string; checksum: string }>(
      `select name, checksum from ${checksumTable} order by name`,
    );
    return compare(connection.file, applied);
  });
}

/**
 * Refuses a catalog whose schema is not this program's.
 * @throws CATALOG_OUTDATED when migrations are pending
 * @throws CATALOG_NEWER when it has migrations that this program does not know
 */
export function requireCurrentSchema(state: SchemaState, file: string): void {
  if (state.unknown.length > 0) throw newerCatalog(state, file);
  if (state.pending.length === 0) return;
  throw new AlmanacError("CATALOG_OUTDATED", `the catalog ${file} lacks ${state.pending.join(", ")}`, {
    hint: "almanac db migrate",
    facts: { file, version: state.version, pending: state.pending },
  });
}

/** The error for a catalog from a later version. */
export function newerCatalog(state: SchemaState, file: string): AlmanacError {
  return new AlmanacError(
    "CATALOG_NEWER",
    `the catalog ${file} was written by a newer version of Almanac (it has ${state.unknown.join(", ")})`,
    { hint: "update Almanac, or restore an older backup", facts: { file, unknown: state.unknown } },
  );
}

function emptyState(connection: Connection, tables: ReadonlySet<string>): SchemaState {
  const foreign = [...tables].filter((name) => !name.startsWith("sqlite_") && !name.startsWith("kysely_"));
  if (foreign.length > 0)
    throw new AlmanacError("CATALOG_INVALID", `${connection.file} is a database, but not a catalog`, {
      hint: "check the path; almanac init makes a new catalog",
      facts: { file: connection.file, tables: foreign.slice(0, 5) },
    });
  return { version: undefined, pending: releasedMigrations.map(({ name }) => name), unknown: [] };
}

function compare(file: string, applied: readonly { name: string; checksum: string }[]): SchemaState {
  const checksums = new Map(applied.map(({ name, checksum }) => [name, checksum]));
  for (const { name, checksum } of releasedMigrations) {
    const found = checksums.get(name);
    if (found !== undefined && found !== checksum)
      throw new AlmanacError(
        "CATALOG_INVALID",
        `migration ${name} of the catalog ${file} is not the released one`,
        {
          hint: "restore a backup, or start a new catalog and ingest the results folder into it",
          facts: { file, migration: name, found, expected: checksum },
        },
      );
  }
  const known = new Set(releasedMigrations.map(({ name }) => name));
  return {
    version: applied.at(-1)?.name,
    pending: releasedMigrations.map(({ name }) => name).filter((name) => !checksums.has(name)),
    unknown: applied.map(({ name }) => name).filter((name) => !known.has(name)),
  };
}
