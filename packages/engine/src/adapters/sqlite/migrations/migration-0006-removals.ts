import type { CatalogMigration } from "./migration.ts";

/** Folders of executions that were deleted: files may still be there, which the next command that writes removes. */
export const migration0006: CatalogMigration = {
  name: "0006-removals",
  statements: (db) => [
    db.schema.createTable("removal").addColumn("fragment", "text", (column) => column.notNull().primaryKey()),
  ],
};
