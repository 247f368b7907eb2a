import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { applyMigrations, connectInMemory } from "../../../test/support/apply-migrations.ts";
import type { Connection } from "./connection.ts";
import { neighbours, starts } from "./lineage-queries.ts";
import { migrations } from "./migrations/migrate.ts";

/** A connection to a catalog with every table and nothing in it. */
function emptyCatalog(): Connection {
  const connection = connectInMemory();
  applyMigrations(connection, migrations);
  return connection;
}

/** Tables that a query looks through from end to end; a subquery's own rows are not a table's. */
function scannedBy(connection: Connection, sql: string): readonly string[] {
  return connection.database
    .prepare(`explain query plan ${sql}`)
    .all()
    .map((row) => String(row["detail"]))
    .filter((detail) => /^SCAN (?!\(subquery)/.test(detail));
}

suite("no step from a record to its neighbours looks at every row of a table", () => {
  const connection = emptyCatalog();
  for (const [kind, { up, down }] of Object.entries(neighbours))
    for (const [direction, queries] of Object.entries({ up, down }))
      queries.forEach(([next, sql], at) => {
        test(`${kind} ${direction} to ${next}, query ${at + 1}`, () => {
          assert.deepEqual(scannedBy(connection, sql), []);
        });
      });
  for (const [kind, sql] of Object.entries(starts))
    test(`a ${kind} by its number`, () => assert.deepEqual(scannedBy(connection, sql), []));
});
