import type { Kysely } from "kysely";
import type { CatalogSchema } from "../schema.ts";
import type { CatalogMigration } from "./migration.ts";

/** Counts of changes with stamps that no other copy of the catalog has, and which datasets each change touched. */
export const migration0002: CatalogMigration = {
  name: "0002-changes",
  statements: (db) => [
    db.schema
      .createTable("catalog_revision")
      .addColumn("revision", "bigint", (column) => column.notNull().primaryKey())
      .addColumn("stamp", "bigint", (column) => column.notNull()),
    db.schema
      .createTable("dataset_change")
      .addColumn("revision", "bigint", (column) => column.notNull())
      .addColumn("source_type", "text", (column) => column.notNull())
      .addColumn("instance_id", "text", (column) => column.notNull())
      .addPrimaryKeyConstraint("dataset_change_pk", ["revision", "source_type", "instance_id"]),
    (db as Kysely<Pick<CatalogSchema, "catalog_meta">>).insertInto("catalog_meta").values([
      { name: "revision-stamp", value: 0 },
      { name: "history", value: 0 },
      { name: "history-stamp", value: 0 },
    ]),
  ],
};
