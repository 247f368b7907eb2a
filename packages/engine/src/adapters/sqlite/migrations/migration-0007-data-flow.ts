import { sql } from "kysely";
import type { CatalogMigration } from "./migration.ts";

/** Ways back from a source to what was made of it: no step of an impact looks at every dataset. */
export const migration0007: CatalogMigration = {
  name: "0007-data-flow",
  statements: (db) => [
    db.schema.createIndex("dataset_version_made_by").on("dataset_version").column("made_by"),
    db.schema
      .createIndex("authored_dataset_source")
      .on("authored_dataset")
      .expression(sql`json_extract(derivation, '$.of')`),
  ],
};
