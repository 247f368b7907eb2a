import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { type TestContext, test } from "node:test";
import { Connection } from "../adapters/sqlite/connection.ts";
import { migrationBuilder, migrationChecksum, migrations } from "../adapters/sqlite/migrations/migrate.ts";
import { checksumTable } from "../adapters/sqlite/schema-state.ts";
import { unobserved } from "../ports/durable.ts";
import { openSnapshot } from "./open-snapshot.ts";

/** A catalog as the version with so many migrations wrote it. */
async function catalogOf(t: TestContext, known: number): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), "almanac-old-snapshot-"));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  const file = join(folder, "catalog.sqlite");
  const connection = new Connection({ file, readOnly: "no", observer: unobserved, busyTimeoutMs: 0 });
  connection.database.exec(`create table ${checksumTable} (name text not null primary key, checksum text not null);
    create table kysely_migration (name text not null primary key, timestamp text not null);
    create table kysely_migration_lock (id text not null primary key, is_locked integer not null default 0);
    insert into kysely_migration_lock (id) values ('migration_lock')`);
  const db = migrationBuilder(connection);
  for (const migration of migrations.slice(0, known)) {
    for (const statement of migration.statements(db)) await db.executeQuery(statement.compile());
    const { name } = migration;
    connection.run(`insert into ${checksumTable} values (?, ?)`, name, migrationChecksum(migration, db));
    connection.run("insert into kysely_migration values (?, '2026-01-01T00:00:00.000Z')", name);
  }
  connection.close();
  return file;
}

const digestOf = (file: string): string => createHash("sha256").update(readFileSync(file)).digest("hex");

test("a snapshot of an older version is read in a copy that is up to date, and stays as it is", async (t) => {
  const file = await catalogOf(t, migrations.length - 1);
  const before = digestOf(file);
  const { TMPDIR: temporary } = process.env;
  process.env["TMPDIR"] = dirname(file);
  t.after(() => {
    if (temporary === undefined) delete process.env["TMPDIR"];
    else process.env["TMPDIR"] = temporary;
  });
  const catalog = await openSnapshot({ file });
  assert.deepEqual((await catalog.admin.status()).pending, []);
  assert.equal((await catalog.executions.list({})).total, 0);
  await assert.rejects(catalog.vocabularies.create({ name: "Mood", description: "" }), {
    code: "CATALOG_READ_ONLY",
  });
  await catalog.close();
  assert.equal(digestOf(file), before);
  assert.deepEqual(readdirSync(dirname(file)), ["catalog.sqlite"], "the copy is gone");
});
