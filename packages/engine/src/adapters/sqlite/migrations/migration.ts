import type { Compilable, Kysely } from "kysely";

/** One step of the schema, forward only. Once released it never changes: a test compares its checksum. */
export interface CatalogMigration {
  /** Sorts after every earlier one. */
  readonly name: string;
  /** The statements it runs, in order, for the dialect of the given query builder. */
  readonly statements: (db: Kysely<unknown>) => readonly Compilable[];
}
