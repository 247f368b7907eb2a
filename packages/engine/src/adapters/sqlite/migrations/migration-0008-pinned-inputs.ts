import { type Compilable, type Kysely, sql } from "kysely";
import type { CatalogMigration } from "./migration.ts";

/**
 * Input datasets as executions were given them, each stored once and named by a number: most executions have the same as
 * others. What was a table of names and texts per execution is a view of the two. An input that is what a dataset of the
 * catalog is now only names it; triggers write its content down just before the dataset becomes something else, whoever
 * changes it. There is none for files that are added, as it would cost each of them more than its insertion: who adds files to
 * a dataset calls `writeDown` of `pinned-inputs.ts` before.
 */
export const migration0008: CatalogMigration = {
  name: "0008-pinned-inputs",
  statements: (db) => [
    ...tables(db),
    ...filling(db),
    db.schema.dropTable("execution_dataset"),
    ...[datasetContent, executionDataset, ...triggers].map((statement) => bound(db, statement)),
  ],
};

function tables(db: Kysely<unknown>): readonly Compilable[] {
  return [
    db.schema
      .createTable("pinned_input")
      .addColumn("id", "integer", (column) => column.primaryKey())
      .addColumn("digest", "text", (column) => column.unique())
      .addColumn("source_type", "text", (column) => column.notNull())
      .addColumn("instance_id", "text", (column) => column.notNull())
      .addColumn("content_ids", "text")
      .addColumn("body", "text")
      .addColumn("dataset_id", "bigint"),
    db.schema.createIndex("pinned_input_instance").on("pinned_input").column("instance_id"),
    db.schema
      .createIndex("pinned_input_dataset")
      .unique()
      .on("pinned_input")
      .column("dataset_id")
      .where(sql.ref("dataset_id"), "is not", sql.lit(null)),
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

/** What a dataset is now: its facets, and its files with path, content id, start, end and calendar. */
const datasetContent = sql`create view dataset_content as
  select id as dataset_id, json_object('facets', json(facets), 'files',
    (select json_group_array(json_array(path, content_id, start_time, end_time, calendar)) from dataset_file
      where dataset_id = dataset.id and presence = 'present')) as body
  from dataset`;

const executionDataset = sql`create view execution_dataset as
  select execution_id, position, requirement, source_type, instance_id, input_id
  from execution_input join pinned_input on pinned_input.id = input_id`;

/** Writes down the content of inputs that name these datasets. */
const written = (datasets: string) => `begin
  update pinned_input set dataset_id = null,
    body = (select body from dataset_content where dataset_content.dataset_id = pinned_input.dataset_id)
  where dataset_id in (${datasets});
end`;

/** Columns of a file that its dataset's content shows. */
const shown = ["dataset_id", "path", "content_id", "start_time", "end_time", "calendar", "presence"];

const triggers = [
  `dataset_changed before update of facets on dataset when old.facets is not new.facets ${written("old.id")}`,
  `dataset_deleted before delete on dataset ${written("old.id")}`,
  `dataset_file_changed before update of ${shown.join(", ")} on dataset_file
    when ${shown.map((column) => `old.${column} is not new.${column}`).join(" or ")}
    ${written("old.dataset_id, new.dataset_id")}`,
  `dataset_file_deleted before delete on dataset_file ${written("old.dataset_id")}`,
].map((trigger) => sql`create trigger ${sql.raw(trigger)}`);

function bound(db: Kysely<unknown>, statement: ReturnType<typeof sql>): Compilable {
  return { compile: () => statement.compile(db) };
}
