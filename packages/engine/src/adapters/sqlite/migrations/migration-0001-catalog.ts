import { type ColumnDefinitionBuilder, type Compilable, type Kysely, sql } from "kysely";
import type { CatalogSchema } from "../schema.ts";
import type { CatalogMigration } from "./migration.ts";

const required = (column: ColumnDefinitionBuilder) => column.notNull();
const flag = (column: ColumnDefinitionBuilder) => column.notNull().defaultTo(0);
const key = (column: ColumnDefinitionBuilder) => column.notNull().primaryKey();

/** A column that names a row of another table and goes when that goes. */
function partOf(target: string) {
  return (column: ColumnDefinitionBuilder) => column.notNull().references(target).onDelete("cascade");
}

/** The first schema: datasets, executions, values. */
export const migration0001: CatalogMigration = {
  name: "0001-catalog",
  statements: (db) => [
    ...identityTables(db),
    ...datasetTables(db),
    ...groupTables(db),
    ...executionTables(db),
    ...executionDetailTables(db),
    ...valueTables(db),
    ...fileTables(db),
  ],
};

function identityTables(db: Kysely<unknown>): Compilable[] {
  return [
    db.schema
      .createTable("catalog_meta")
      .addColumn("name", "text", key)
      .addColumn("value", "bigint", required),
    db.schema.createTable("record").addColumn("id", "bigint", key).addColumn("kind", "text", required),
    db.schema
      .createTable("rid_alias")
      .addColumn("alias", "bigint", required)
      .addColumn("id", "bigint", partOf("record.id"))
      .addPrimaryKeyConstraint("rid_alias_pk", ["alias", "id"]),
    (db as Kysely<Pick<CatalogSchema, "catalog_meta">>).insertInto("catalog_meta").values([
      { name: "rid", value: 0 },
      { name: "revision", value: 0 },
    ]),
  ];
}

function datasetTables(db: Kysely<unknown>): Compilable[] {
  return [
    db.schema
      .createTable("dataset")
      .addColumn("id", "bigint", key)
      .addColumn("source_type", "text", required)
      .addColumn("instance_id", "text", required)
      .addColumn("version", "text")
      .addColumn("origin", "text", required)
      .addColumn("finalised", "integer", flag)
      .addColumn("retracted", "integer", flag)
      .addColumn("invalid", "text")
      .addColumn("facets", "text", required)
      .addForeignKeyConstraint("dataset_record_fk", ["id"], "record", ["id"])
      .addUniqueConstraint("dataset_identity", ["source_type", "instance_id"]),
    db.schema
      .createTable("dataset_file")
      .addColumn("source_type", "text", required)
      .addColumn("path", "text", required)
      .addColumn("dataset_id", "bigint", partOf("dataset.id"))
      .addColumn("size_bytes", "bigint")
      .addColumn("mtime_ms", "bigint")
      .addColumn("start_time", "text")
      .addColumn("end_time", "text")
      .addColumn("calendar", "text")
      .addColumn("time_units", "text")
      .addColumn("tracking_id", "text")
      .addColumn("content_id", "text", required)
      .addColumn("opened", "integer", flag)
      .addColumn("presence", "text", required)
      .addUniqueConstraint("dataset_file_path", ["path", "source_type"]),
    db.schema.createIndex("dataset_file_dataset").on("dataset_file").column("dataset_id"),
    db.schema
      .createTable("invalid_file")
      .addColumn("source_type", "text", required)
      .addColumn("path", "text", required)
      .addColumn("size_bytes", "bigint")
      .addColumn("mtime_ms", "bigint")
      .addColumn("code", "text", required)
      .addColumn("reason", "text", required)
      .addPrimaryKeyConstraint("invalid_file_pk", ["path", "source_type"]),
    db.schema
      .createTable("dataset_warning")
      .addColumn("source_type", "text", required)
      .addColumn("instance_id", "text", required)
      .addColumn("message", "text", required)
      .addPrimaryKeyConstraint("dataset_warning_pk", ["source_type", "instance_id", "message"]),
  ];
}

function groupTables(db: Kysely<unknown>): Compilable[] {
  return [
    db.schema
      .createTable("execution_group")
      .addColumn("id", "bigint", key)
      .addColumn("provider", "text", required)
      .addColumn("diagnostic", "text", required)
      .addColumn("version", "integer", required)
      .addColumn("group_key", "text", required)
      .addColumn("selector_digest", "text", required)
      .addColumn("selectors", "text", required)
      .addColumn("dirty", "integer", flag)
      .addColumn("dirty_reason", "text")
      .addColumn("current_execution", "bigint")
      .addColumn("orphaned", "integer", flag)
      .addColumn("forgiven_execution", "bigint", flag)
      .addForeignKeyConstraint("execution_group_record_fk", ["id"], "record", ["id"])
      .addUniqueConstraint("execution_group_identity", [
        "provider",
        "diagnostic",
        "version",
        "selector_digest",
      ]),
  ];
}

function executionTables(db: Kysely<unknown>): Compilable[] {
  return [
    db.schema
      .createTable("execution")
      .addColumn("id", "bigint", key)
      .addColumn("group_id", "bigint", partOf("execution_group.id"))
      .addColumn("state", "text", required)
      .addColumn("live", "integer", required)
      .addColumn("fingerprint", "text", required)
      .addColumn("compat_hash", "text", required)
      .addColumn("parameters_digest", "text", required)
      .addColumn("fragment", "text", required)
      .addColumn("provider_version", "text", required)
      .addColumn("description", "text", required)
      .addColumn("failure_class", "text")
      .addColumn("failure_code", "text")
      .addColumn("failure_message", "text")
      .addColumn("failure_signature", "text")
      .addColumn("abort_reason", "text")
      .addColumn("held", "integer", flag)
      .addColumn("attempt", "integer", flag)
      .addColumn("owner", "text")
      .addColumn("worker", "text")
      .addColumn("created_at", "text", required)
      .addColumn("started_at", "text")
      .addColumn("finished_at", "text")
      .addColumn("download_seconds", "double precision")
      .addColumn("compute_seconds", "double precision")
      .addColumn("publish_seconds", "double precision")
      .addColumn("resources", "text")
      .addForeignKeyConstraint("execution_record_fk", ["id"], "record", ["id"]),
    db.schema
      .createIndex("execution_live")
      .unique()
      .on("execution")
      .column("group_id")
      .where(sql.ref("live"), "=", sql.lit(1)),
    db.schema.createIndex("execution_group_id").on("execution").columns(["group_id", "id"]),
    db.schema.createIndex("execution_state").on("execution").columns(["state", "id"]),
  ];
}

function executionDetailTables(db: Kysely<unknown>): Compilable[] {
  return [
    db.schema
      .createTable("shared_document")
      .addColumn("digest", "text", key)
      .addColumn("body", "text", required),
    db.schema
      .createTable("execution_definition")
      .addColumn("execution_id", "bigint", (column) => partOf("execution.id")(column).primaryKey())
      .addColumn("vocabulary_digest", "text", (column) =>
        column.notNull().references("shared_document.digest"),
      )
      .addColumn("body", "text", required),
    db.schema
      .createTable("execution_dataset")
      .addColumn("execution_id", "bigint", partOf("execution.id"))
      .addColumn("position", "integer", required)
      .addColumn("requirement", "text", required)
      .addColumn("source_type", "text", required)
      .addColumn("instance_id", "text", required)
      .addColumn("content_ids", "text", required)
      .addPrimaryKeyConstraint("execution_dataset_pk", ["execution_id", "position"]),
    db.schema.createIndex("execution_dataset_instance").on("execution_dataset").column("instance_id"),
    db.schema
      .createTable("state_change")
      .addColumn("execution_id", "bigint", partOf("execution.id"))
      .addColumn("position", "integer", required)
      .addColumn("from_state", "text")
      .addColumn("to_state", "text", required)
      .addColumn("at", "text", required)
      .addColumn("message", "text", required)
      .addColumn("actor", "text", required)
      .addPrimaryKeyConstraint("state_change_pk", ["execution_id", "position"]),
  ];
}

function valueTables(db: Kysely<unknown>): Compilable[] {
  return [
    db.schema
      .createTable("stored_value")
      .addColumn("id", "bigint", key)
      .addColumn("execution_id", "bigint", partOf("execution.id"))
      .addColumn("form", "text", required)
      .addColumn("kind", "text", required)
      .addColumn("dimensions", "text", required)
      .addColumn("number", "double precision")
      .addColumn("units", "text")
      .addColumn("attributes", "text", required),
    db.schema.createIndex("stored_value_execution").on("stored_value").column("execution_id"),
    db.schema
      .createTable("axis")
      .addColumn("digest", "text", key)
      .addColumn("name", "text", required)
      .addColumn("units", "text")
      .addColumn("calendar", "text")
      .addColumn("points", "text", required),
    db.schema
      .createTable("series")
      .addColumn("value_id", "bigint", (column) => partOf("stored_value.id")(column).primaryKey())
      .addColumn("axis_digest", "text", (column) => column.notNull().references("axis.digest"))
      .addColumn("numbers", "text", required)
      .addColumn("long_name", "text")
      .addColumn("reference_id", "text"),
    db.schema.createIndex("series_axis").on("series").column("axis_digest"),
  ];
}

function fileTables(db: Kysely<unknown>): Compilable[] {
  return [
    db.schema
      .createTable("output")
      .addColumn("execution_id", "bigint", partOf("execution.id"))
      .addColumn("position", "integer", required)
      .addColumn("kind", "text", required)
      .addColumn("short_name", "text", required)
      .addColumn("path", "text", required)
      .addColumn("long_name", "text", required)
      .addColumn("description", "text", required)
      .addColumn("dimensions", "text", required)
      .addPrimaryKeyConstraint("output_pk", ["execution_id", "position"]),
    db.schema
      .createTable("artifact")
      .addColumn("execution_id", "bigint", partOf("execution.id"))
      .addColumn("position", "integer", required)
      .addColumn("name", "text", required)
      .addColumn("path", "text", required)
      .addColumn("kind", "text", required)
      .addColumn("types", "text", required)
      .addColumn("mode", "text", required)
      .addColumn("metadata", "text", required)
      .addColumn("description", "text", required)
      .addColumn("keep_on_failure", "integer", flag)
      .addColumn("size_bytes", "bigint")
      .addColumn("sha256", "text")
      .addPrimaryKeyConstraint("artifact_pk", ["execution_id", "position"]),
  ];
}
