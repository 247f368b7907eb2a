import {
  type ColumnDefinitionBuilder,
  type Compilable,
  type CreateTableBuilder,
  type Kysely,
  sql,
} from "kysely";
import type { CatalogMigration } from "./migration.ts";

const required = (column: ColumnDefinitionBuilder) => column.notNull();
const flag = (column: ColumnDefinitionBuilder) => column.notNull().defaultTo(0);
const key = (column: ColumnDefinitionBuilder) => column.primaryKey();

/** A column that names a row of another table and goes when that goes. */
function partOf(target: string) {
  return (column: ColumnDefinitionBuilder) => column.notNull().references(target).onDelete("cascade");
}

/**
 * Tables that every execution has rows in are kept in the order of their keys. To SQLite a `bigint` that is a primary key is
 * an index beside the table; an `integer` is the table's own number, so that a new row goes to one place and not to two.
 */
export const migration0009: CatalogMigration = {
  name: "0009-numbered-rows",
  statements: (db) => [
    ...anew(db, "record", (table) =>
      table.addColumn("id", "integer", key).addColumn("kind", "text", required),
    ),
    ...anew(db, "execution_group", executionGroup),
    ...anew(db, "execution", execution),
    ...executionIndexes(db),
    ...anew(db, "execution_definition", (table) =>
      table
        .addColumn("execution_id", "integer", (column) =>
          column.references("execution.id").onDelete("cascade").primaryKey(),
        )
        .addColumn("vocabulary_digest", "text", (column) =>
          column.notNull().references("shared_document.digest"),
        )
        .addColumn("body", "text", required),
    ),
    ...anew(db, "state_change", (table) =>
      table
        .addColumn("execution_id", "bigint", partOf("execution.id"))
        .addColumn("position", "integer", required)
        .addColumn("from_state", "text")
        .addColumn("to_state", "text", required)
        .addColumn("at", "text", required)
        .addColumn("message", "text", required)
        .addColumn("actor", "text", required)
        .addPrimaryKeyConstraint("state_change_pk", ["execution_id", "position"])
        .modifyEnd(sql`without rowid`),
    ),
  ],
};

type Table = CreateTableBuilder<string>;

function executionGroup(table: Table): Table {
  return table
    .addColumn("id", "integer", key)
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
    ]);
}

function execution(table: Table): Table {
  return table
    .addColumn("id", "integer", key)
    .addColumn("group_id", "bigint", (column) => column.references("execution_group.id").onDelete("cascade"))
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
    .addForeignKeyConstraint("execution_record_fk", ["id"], "record", ["id"]);
}

/** As they were, but for workflows: the solver's executions have none. */
function executionIndexes(db: Kysely<unknown>): readonly Compilable[] {
  const on = (name: string) => db.schema.createIndex(name).on("execution");
  return [
    on("execution_live").unique().column("group_id").where(sql.ref("live"), "=", sql.lit(1)),
    on("execution_group_id").columns(["group_id", "id"]),
    on("execution_state").columns(["state", "id"]),
    on("execution_workflow")
      .columns(["workflow_id", "id"])
      .where(sql.ref("workflow_id"), "is not", sql.lit(null)),
  ];
}

// allow-parameters: which table, and its columns
/** Builds a table anew, under its own name at the end. Its columns keep their names and order. */
function anew(db: Kysely<unknown>, name: string, columns: (table: Table) => Table): readonly Compilable[] {
  const next = `${name}_next`;
  const copied = sql`insert into ${sql.table(next)} select * from ${sql.table(name)}`;
  return [
    columns(db.schema.createTable(next)),
    { compile: () => copied.compile(db) },
    db.schema.dropTable(name),
    db.schema.alterTable(next).renameTo(name),
  ];
}
