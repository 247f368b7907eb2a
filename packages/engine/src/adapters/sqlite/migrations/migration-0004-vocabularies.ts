import type { ColumnDefinitionBuilder, Compilable, Kysely } from "kysely";
import type { CatalogSchema } from "../schema.ts";
import type { CatalogMigration } from "./migration.ts";

const required = (column: ColumnDefinitionBuilder) => column.notNull();
const key = (column: ColumnDefinitionBuilder) => column.notNull().primaryKey();

/** A column that names a row of another table and goes when that goes. */
function partOf(target: string) {
  return (column: ColumnDefinitionBuilder) => column.notNull().references(target).onDelete("cascade");
}

/** Vocabularies with what every catalog begins with, record types, features. */
export const migration0004: CatalogMigration = {
  name: "0004-vocabularies",
  statements: (db) => [
    ...vocabularyTables(db),
    ...baseTerms(db as Kysely<CatalogSchema>),
    ...recordTables(db),
  ],
};

function vocabularyTables(db: Kysely<unknown>): Compilable[] {
  return [
    db.schema
      .createTable("vocabulary")
      .addColumn("id", "bigint", key)
      .addColumn("name", "text", (column) => column.notNull().unique())
      .addColumn("description", "text", required)
      .addForeignKeyConstraint("vocabulary_record_fk", ["id"], "record", ["id"]),
    db.schema
      .createTable("term")
      .addColumn("id", "bigint", key)
      .addColumn("vocabulary_id", "bigint", partOf("vocabulary.id"))
      .addColumn("name", "text", required)
      .addColumn("description", "text", required)
      .addForeignKeyConstraint("term_record_fk", ["id"], "record", ["id"])
      .addUniqueConstraint("term_name", ["vocabulary_id", "name"]),
    db.schema
      .createTable("synonym")
      .addColumn("vocabulary_id", "bigint", partOf("vocabulary.id"))
      .addColumn("synonym", "text", required)
      .addColumn("term_id", "bigint", partOf("term.id"))
      .addPrimaryKeyConstraint("synonym_pk", ["vocabulary_id", "synonym"]),
    db.schema.createIndex("synonym_term").on("synonym").column("term_id"),
  ];
}

function recordTables(db: Kysely<unknown>): Compilable[] {
  return [
    db.schema
      .createTable("record_type")
      .addColumn("id", "integer", key)
      .addColumn("name", "text", (column) => column.notNull().unique())
      .addColumn("description", "text", required)
      .addColumn("columns", "text", required),
    db.schema
      .createTable("typed_record")
      .addColumn("id", "bigint", key)
      .addColumn("type_id", "integer", partOf("record_type.id"))
      .addColumn("execution_id", "bigint", partOf("execution.id"))
      .addColumn("body", "text", required),
    db.schema.createIndex("typed_record_type").on("typed_record").columns(["type_id", "id"]),
    db.schema.createIndex("typed_record_execution").on("typed_record").column("execution_id"),
    db.schema
      .createTable("feature")
      .addColumn("id", "integer", key)
      .addColumn("target_kind", "text", required)
      .addColumn("target_name", "text", required)
      .addColumn("name", "text", required)
      .addColumn("description", "text", required)
      .addColumn("columns", "text", required)
      .addUniqueConstraint("feature_name", ["target_name", "name"]),
    db.schema
      .createTable("feature_record")
      .addColumn("feature_id", "integer", partOf("feature.id"))
      .addColumn("target_id", "bigint", required)
      .addColumn("execution_id", "bigint", partOf("execution.id"))
      .addColumn("body", "text", required)
      .addPrimaryKeyConstraint("feature_record_pk", ["feature_id", "target_id", "execution_id"]),
    db.schema.createIndex("feature_record_execution").on("feature_record").column("execution_id"),
  ];
}

/** Where the RIDs of what every catalog has begin: beyond the counter, so that they are the same everywhere. */
const firstBaseRid = 2 ** 40;

interface BaseVocabulary {
  readonly name: string;
  readonly description: string;
  /** Name, description, synonyms. */
  readonly terms: readonly (readonly [name: string, description: string, ...synonyms: string[]])[];
}

const baseVocabularies: readonly BaseVocabulary[] = [
  {
    name: "Workflow_Type",
    description: "What a piece of code is for",
    terms: [
      ["Training", "Fits a model to data", "training"],
      ["Prediction", "Applies a model", "prediction", "Inference"],
      ["Evaluation", "Measures how good something is", "evaluation", "Testing"],
      ["Preparation", "Makes data ready for use", "preparation", "Preprocessing"],
      ["Analysis", "Answers a question about data", "analysis"],
      ["Annotation", "Attaches values to records", "annotation", "Feature_Creation"],
      ["Notebook", "A notebook", "notebook", "python_notebook"],
      ["Script", "A script", "script", "python_script"],
    ],
  },
  {
    name: "Asset_Type",
    description: "What a file is",
    terms: [
      ["execution-metadata", "What was recorded about an execution"],
      ["execution-asset", "A file that an execution made"],
      ["file", "A file from outside"],
      ["model", "A trained model"],
      ["table", "Rows and columns"],
      ["figure", "A picture for people", "plot"],
      ["log", "What a program said"],
      ["configuration", "Settings"],
      ["environment", "Software and machine"],
      ["lock-file", "Exact versions of packages"],
      ["patch", "Changes of code beside its commit"],
      ["staged-features", "Feature records of an execution"],
      ["staged-records", "Rows of a record type of an execution"],
    ],
  },
  {
    name: "Asset_Role",
    description: "What a file is to an execution",
    terms: [
      ["Input", "It was read"],
      ["Output", "It was made"],
    ],
  },
  {
    name: "Dataset_Type",
    description: "What an authored dataset is for",
    terms: [
      ["Complete", "All members"],
      ["Training", "To fit models to", "training", "train"],
      ["Validation", "To choose between models", "validation"],
      ["Testing", "To judge a model at the end", "testing", "test"],
      ["Split", "Parts of another dataset as children", "split"],
      ["Subset", "A part of another dataset", "subset"],
      ["File", "Files, registered where they are", "file"],
    ],
  },
  {
    name: "Execution_Status",
    description: "Where an execution stands",
    terms: [
      ["created", "Recorded"],
      ["initializing", "Inputs are fetched and checked"],
      ["pending", "Ready, with an executor"],
      ["running", "Computing"],
      ["completed", "Computed; the files are still in scratch only", "Completed"],
      ["publishing", "Files are promoted, values ingested"],
      ["published", "Durable and to be found"],
      ["failed", "Ended with an error", "Failed"],
      ["aborted", "Given up", "Aborted"],
    ],
  },
];

function baseTerms(db: Kysely<CatalogSchema>): Compilable[] {
  let id = firstBaseRid;
  const next = (): number => {
    id += 1;
    return id;
  };
  return baseVocabularies.flatMap(({ name, description, terms }) => {
    const vocabulary = { id: next(), name, description };
    const rows = terms.map(([term, meaning, ...synonyms]) => ({
      row: { id: next(), vocabulary_id: vocabulary.id, name: term, description: meaning },
      synonyms,
    }));
    const spelled = rows.flatMap(({ row, synonyms }) =>
      synonyms.map((synonym) => ({ vocabulary_id: vocabulary.id, synonym, term_id: row.id })),
    );
    return [
      db
        .insertInto("record")
        .values([
          { id: vocabulary.id, kind: "vocabulary" },
          ...rows.map(({ row }) => ({ id: row.id, kind: "term" })),
        ]),
      db.insertInto("vocabulary").values(vocabulary),
      db.insertInto("term").values(rows.map(({ row }) => row)),
      ...(spelled.length === 0 ? [] : [db.insertInto("synonym").values(spelled)]),
    ];
  });
}
