import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { unobserved } from "../../ports/durable.ts";
import { Connection } from "./connection.ts";
import { neighbours, starts } from "./lineage-queries.ts";
import { migrationBuilder, migrations } from "./migrations/migrate.ts";

/** A connection to a catalog with every table and nothing in it. */
function emptyCatalog(): Connection {
  const connection = new Connection({
    ...{ file: ":memory:", readOnly: "no", observer: unobserved, busyTimeoutMs: 0 },
  });
  const db = migrationBuilder(connection);
  for (const migration of migrations)
    for (const statement of migration.statements(db)) {
      const { sql, parameters } = statement.compile();
      connection.run(sql, ...(parameters as readonly (string | number)[]));
    }
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
