import assert from "node:assert/strict";
import { mkdtempSync, readdirSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { test } from "node:test";
import { unobserved } from "../../ports/durable.ts";
import { Connection } from "./connection.ts";
import { openCatalog } from "./open.ts";

const mebibyte = "x".repeat(1024 * 1024);

test("a log of 16 MiB is taken over in a thread, and starts anew with the next commit", async (t) => {
  const folder = mkdtempSync(join(tmpdir(), "almanac-checkpoints-"));
  t.after(() => rmSync(folder, { recursive: true }));
  const file = join(folder, "catalog.sqlite");
  await (await openCatalog({ file, create: true })).close();
  const connection = new Connection({ file, readOnly: "no", observer: unobserved, busyTimeoutMs: 1000 });
  connection.database.exec("pragma wal_autocheckpoint = 0; pragma journal_size_limit = 0");
  const write = (id: string, count: number): Promise<void> =>
    connection.write("catalog.ingest", () => {
      for (let at = 0; at < count; at++)
        connection.run("insert into shared_document values (?, ?)", `${id}-${at}`, mebibyte);
    });
  await write("a", 40);
  const before = statSync(file).size;
  const log = statSync(`${file}-wal`).size;
  assert.ok(before < 10 * mebibyte.length && log > 40 * mebibyte.length, `${before} ${log}`);
  await connection.end();
  assert.deepEqual(readdirSync(folder), ["catalog.sqlite"], "the last connection leaves no log");
  assert.ok(statSync(file).size > 40 * mebibyte.length);

  // With another connection open the log stays, and the end of one takes it over all the same.
  const reader = new DatabaseSync(file);
  reader.prepare("select count(*) from shared_document").get();
  const writer = new Connection({ file, readOnly: "no", observer: unobserved, busyTimeoutMs: 1000 });
  writer.database.exec("pragma wal_autocheckpoint = 0; pragma journal_size_limit = 0");
  const insert = (id: string): Promise<void> =>
    writer.write("catalog.ingest", () => {
      writer.run("insert into shared_document values (?, ?)", id, mebibyte.repeat(40));
    });
  await insert("b");
  await writer.end();
  assert.ok(statSync(file).size > 80 * mebibyte.length, "taken over while another connection is open");
  const next = new Connection({ file, readOnly: "no", observer: unobserved, busyTimeoutMs: 1000 });
  next.database.exec("pragma wal_autocheckpoint = 0; pragma journal_size_limit = 0");
  await next.write("catalog.ingest", () => next.run("delete from shared_document where digest = 'a-0'"));
  assert.ok(statSync(`${file}-wal`).size < 40 * mebibyte.length, "the log was cut when it started anew");
  await next.end();
  reader.close();
});

test("a log that cannot be taken over harms nothing", async (t) => {
  const folder = mkdtempSync(join(tmpdir(), "almanac-checkpoints-"));
  t.after(() => rmSync(folder, { recursive: true }));
  const file = join(folder, "catalog.sqlite");
  const catalog = await openCatalog({ file, create: true });
  const reader = new DatabaseSync(file);
  reader.exec("begin");
  reader.prepare("select count(*) from shared_document").get();
  const writer = new Connection({ file, readOnly: "no", observer: unobserved, busyTimeoutMs: 1000 });
  for (let at = 0; at < 3; at++)
    await writer.write("catalog.ingest", () =>
      writer.run("insert into shared_document values (?, ?)", `${at}`, mebibyte.repeat(40)),
    );
  await writer.end();
  const seen = (database: DatabaseSync): unknown =>
    database.prepare("select count(*) as n from shared_document").get()?.["n"];
  assert.equal(seen(reader), 0, "the reader sees what it has seen");
  reader.exec("rollback");
  assert.equal(seen(reader), 3);
  reader.close();
  await catalog.close();
  assert.deepEqual(readdirSync(folder), ["catalog.sqlite"]);
});
