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

/** Recorded runs: executions without a group, workflows, assets, executions that are parts of others. */
export const migration0003: CatalogMigration = {
  name: "0003-runs",
  statements: (db) => [
    ...workflowTables(db),
    ...executionWithoutGroup(db),
    ...assetTables(db),
    db.schema
      .createTable("execution_nesting")
      .addColumn("parent_id", "bigint", partOf("execution.id"))
      .addColumn("child_id", "bigint", partOf("execution.id"))
      .addColumn("sequence", "integer")
      .addPrimaryKeyConstraint("execution_nesting_pk", ["parent_id", "child_id"]),
    db.schema.createIndex("execution_nesting_child").on("execution_nesting").column("child_id"),
  ],
};

function workflowTables(db: Kysely<unknown>): Compilable[] {
  return [
    db.schema
      .createTable("workflow")
      .addColumn("id", "bigint", key)
      .addColumn("name", "text", required)
      .addColumn("url", "text", required)
      .addColumn("checksum", "text", required)
      .addColumn("version", "text")
      .addColumn("description", "text", required)
      .addColumn("created_at", "text", required)
      .addForeignKeyConstraint("workflow_record_fk", ["id"], "record", ["id"])
      .addUniqueConstraint("workflow_identity", ["url", "checksum"]),
    db.schema
      .createTable("workflow_type")
      .addColumn("workflow_id", "bigint", partOf("workflow.id"))
      .addColumn("type", "text", required)
      .addPrimaryKeyConstraint("workflow_type_pk", ["workflow_id", "type"]),
  ];
}

/** SQLite cannot make a column optional: the table is built anew, under its own name at the end. */
function executionWithoutGroup(db: Kysely<unknown>): Compilable[] {
  return [
    db.schema
      .createTable("execution_next")
      .addColumn("id", "bigint", key)
      .addColumn("group_id", "bigint", (column) =>
        column.references("execution_group.id").onDelete("cascade"),
      )
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
      .addColumn("origin", "text", (column) => column.notNull().defaultTo("solver"))
      .addColumn("workflow_id", "bigint", (column) => column.references("workflow.id"))
      .addForeignKeyConstraint("execution_record_fk", ["id"], "record", ["id"]),
    copied(db as Kysely<Copying>),
    db.schema.dropTable("execution"),
    db.schema.alterTable("execution_next").renameTo("execution"),
    db.schema
      .createIndex("execution_live")
      .unique()
      .on("execution")
      .column("group_id")
      .where(sql.ref("live"), "=", sql.lit(1)),
    db.schema.createIndex("execution_group_id").on("execution").columns(["group_id", "id"]),
    db.schema.createIndex("execution_state").on("execution").columns(["state", "id"]),
    db.schema.createIndex("execution_workflow").on("execution").columns(["workflow_id", "id"]),
  ];
}

/** Every column there was; what is new has its default. */
const columns = [
  ...["id", "group_id", "state", "live", "fingerprint", "compat_hash", "parameters_digest", "fragment"],
  ...["provider_version", "description", "failure_class", "failure_code", "failure_message"],
  ...["failure_signature", "abort_reason", "held", "attempt", "owner", "worker", "created_at", "started_at"],
  ...["finished_at", "download_seconds", "compute_seconds", "publish_seconds", "resources"],
];

type Copying = Record<"execution" | "execution_next", Record<string, unknown>>;

function copied(db: Kysely<Copying>): Compilable {
  return db
    .insertInto("execution_next")
    .columns(columns)
    .expression(db.selectFrom("execution").select(columns));
}

function assetTables(db: Kysely<unknown>): Compilable[] {
  return [
    db.schema
      .createTable("asset_kind")
      .addColumn("name", "text", key)
      .addColumn("description", "text", required)
      .addColumn("columns", "text", required),
    (db as Kysely<Pick<CatalogSchema, "asset_kind">>).insertInto("asset_kind").values([
      { name: "execution-metadata", description: "What was recorded about an execution", columns: "[]" },
      { name: "execution-asset", description: "A file that an execution made", columns: "[]" },
      { name: "file", description: "A file from outside", columns: "[]" },
    ]),
    db.schema
      .createTable("asset")
      .addColumn("id", "bigint", key)
      .addColumn("kind", "text", required)
      .addColumn("file_name", "text", required)
      .addColumn("size_bytes", "bigint", required)
      .addColumn("sha256", "text", required)
      .addColumn("md5", "text")
      .addColumn("url", "text", required)
      .addColumn("types", "text", required)
      .addColumn("metadata", "text", required)
      .addColumn("description", "text", required)
      .addColumn("made_by", "bigint", (column) => column.references("execution.id").onDelete("cascade")),
    db.schema.createIndex("asset_made_by").on("asset").column("made_by"),
    db.schema.createIndex("asset_sha256").on("asset").column("sha256"),
    db.schema
      .createTable("execution_asset")
      .addColumn("execution_id", "bigint", partOf("execution.id"))
      .addColumn("asset_id", "bigint", partOf("asset.id"))
      .addColumn("role", "text", required)
      .addPrimaryKeyConstraint("execution_asset_pk", ["execution_id", "asset_id", "role"]),
    db.schema.createIndex("execution_asset_asset").on("execution_asset").column("asset_id"),
  ];
}
