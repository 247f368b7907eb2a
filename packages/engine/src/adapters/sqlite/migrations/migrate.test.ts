import assert from "node:assert/strict";
import { test } from "node:test";
import { unobserved } from "../../../ports/durable.ts";
import { Connection } from "../connection.ts";
import { releasedMigrations } from "../released-migrations.ts";
import { migrationBuilder, migrationChecksum, migrations } from "./migrate.ts";

test("every migration is the one that was released", () => {
  const connection = new Connection({
    file: ":memory:",
    readOnly: "no",
    observer: unobserved,
    busyTimeoutMs: 0,
  });
  const db = migrationBuilder(connection);
  assert.deepEqual(
    migrations.map((migration) => ({ name: migration.name, checksum: migrationChecksum(migration, db) })),
    releasedMigrations,
  );
  connection.close();
});
