import { type Compilable, type Kysely, sql } from "kysely";
import type { CatalogMigration } from "./migration.ts";

/**
 * Input datasets as executions were given them, each stored once and named by a number: most executions have the same as
 * others. What was a table of names and texts per execution is a view of the two.
 */
export const migration0008: CatalogMigration = {
  name: "0008-pinned-inputs",
  statements: (db) => [...tables(db), ...filling(db), ...replacement(db)],
};

function tables(db: Kysely<unknown>): readonly Compilable[] {
  return [
    db.schema
      .createTable("pinned_input")
      .addColumn("id", "integer", (column) => column.primaryKey())
      .addColumn("digest", "text", (column) => column.notNull().unique())
      .addColumn("source_type", "text", (column) => column.notNull())
      .addColumn("instance_id", "text", (column) => column.notNull())
      .addColumn("content_ids", "text", (column) => column.notNull())
      .addColumn("body", "text"),
    db.schema.createIndex("pinned_input_instance").on("pinned_input").column("instance_id"),
    db.schema
      .createTable("execution_input")
      .addColumn("execution_id", "bigint", (column) =>
        column.notNull().references("execution.id").onDelete("cascade"),
      )
      .addColumn("position", "integer", (column) => column.notNull())
      .addColumn("requirement", "text", (column) => column.notNull())
      .addColumn("input_id", "integer", (column) => column.notNull().references("pinned_input.id"))
      .addPrimaryKeyConstraint("execution_input_pk", ["execution_id", "position"])
      .modifyEnd(sql`without rowid`),
    db.schema.createIndex("execution_input_input").on("execution_input").column("input_id"),
  ];
}

/** Where a definition names no document for a dataset, its place is the digest: such a row is of that execution alone. */
const digest = sql`coalesce(json_extract(definition.body, '$.datasets[' || dataset.position || '].shared'),
  dataset.execution_id || ':' || dataset.position)`;

function filling(db: Kysely<unknown>): readonly Compilable[] {
  return [
    sql`insert into pinned_input (digest, source_type, instance_id, content_ids, body)
      select ${digest} as digest, source_type, instance_id, content_ids, max(document.body)
      from execution_dataset as dataset
      left join execution_definition as definition on definition.execution_id = dataset.execution_id
      left join shared_document as document on document.digest = ${digest}
      group by 1`,
    sql`insert into execution_input (execution_id, position, requirement, input_id)
      select dataset.execution_id, position, requirement, pinned_input.id
      from execution_dataset as dataset
      left join execution_definition as definition on definition.execution_id = dataset.execution_id
      join pinned_input on pinned_input.digest = ${digest}`,
    sql`delete from shared_document where digest in (select digest from pinned_input where body is not null)`,
  ].map((statement) => bound(db, statement));
}

function replacement(db: Kysely<unknown>): readonly Compilable[] {
  return [
    db.schema.dropTable("execution_dataset"),
    bound(
      db,
      sql`create view execution_dataset as
        select execution_id, position, requirement, source_type, instance_id, content_ids
        from execution_input join pinned_input on pinned_input.id = input_id`,
    ),
  ];
}

function bound(db: Kysely<unknown>, statement: ReturnType<typeof sql>): Compilable {
  return { compile: () => statement.compile(db) };
}
