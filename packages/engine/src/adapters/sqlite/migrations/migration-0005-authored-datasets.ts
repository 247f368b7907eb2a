import type { ColumnDefinitionBuilder } from "kysely";
import type { CatalogMigration } from "./migration.ts";

const required = (column: ColumnDefinitionBuilder) => column.notNull();
const count = (column: ColumnDefinitionBuilder) => column.notNull().defaultTo(0);
const key = (column: ColumnDefinitionBuilder) =>
  column.notNull().primaryKey().references("dataset.id").onDelete("cascade");
const ofDataset = (column: ColumnDefinitionBuilder) =>
  column.notNull().references("authored_dataset.id").onDelete("cascade");
const byExecution = (column: ColumnDefinitionBuilder) =>
  column.references("execution.id").onDelete("set null");

/**
 * Datasets put together here. A member holds from version `since` on and before version `until`, so that a version
 * costs what changed in it; the draft is the version after the newest.
 */
export const migration0005: CatalogMigration = {
  name: "0005-authored-datasets",
  statements: (db) => [
    db.schema
      .createTable("authored_dataset")
      .addColumn("id", "bigint", key)
      .addColumn("name", "text", required)
      .addColumn("description", "text", required)
      .addColumn("types", "text", required)
      .addColumn("derivation", "text")
      .addColumn("made_by", "bigint", byExecution)
      .addColumn("created_at", "text", required)
      .addColumn("member_count", "integer", count)
      .addColumn("draft_changes", "integer", count),
    db.schema.createIndex("authored_dataset_name").on("authored_dataset").column("name"),
    db.schema.createIndex("authored_dataset_made_by").on("authored_dataset").column("made_by"),
    db.schema
      .createTable("dataset_version")
      .addColumn("dataset_id", "bigint", ofDataset)
      .addColumn("ordinal", "integer", required)
      .addColumn("version", "text", required)
      .addColumn("released_at", "text", required)
      .addColumn("digest", "text", required)
      .addColumn("notes", "text", required)
      .addColumn("made_by", "bigint", byExecution)
      .addColumn("member_count", "integer", required)
      .addPrimaryKeyConstraint("dataset_version_pk", ["dataset_id", "ordinal"])
      .addUniqueConstraint("dataset_version_name", ["dataset_id", "version"]),
    db.schema.createIndex("dataset_version_digest").on("dataset_version").column("digest"),
    db.schema
      .createTable("dataset_member")
      .addColumn("dataset_id", "bigint", ofDataset)
      .addColumn("member_id", "bigint", required)
      .addColumn("since", "integer", required)
      .addColumn("until", "integer")
      .addColumn("kind", "text", required)
      .addColumn("path", "text")
      .addColumn("pinned_version", "text")
      .addColumn("frozen_version", "text")
      .addColumn("checksum", "text")
      .addColumn("size_bytes", "bigint")
      .addPrimaryKeyConstraint("dataset_member_pk", ["dataset_id", "member_id", "since"]),
    db.schema.createIndex("dataset_member_of").on("dataset_member").column("member_id"),
  ],
};
