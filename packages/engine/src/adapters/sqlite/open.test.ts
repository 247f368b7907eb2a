import assert from "node:assert/strict";
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { afterEach, beforeEach, describe, test } from "node:test";
import { type ErrorCode, isAlmanacError } from "../../core/errors.ts";
import { type DurablePoint, unobserved } from "../../ports/durable.ts";
import { sampleDataset } from "../../ports/sample-records.contract.ts";
import { Connection } from "./connection.ts";
import { networkedFileSystem } from "./file-system.ts";
import { lockingProcess } from "./lock-holder.ts";
import { openCatalog, openCatalogAdmin } from "./open.ts";
import { releasedMigrations } from "./released-migrations.ts";

let folder = "";
let file = "";

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "almanac-open-"));
  file = join(folder, "catalog.db");
});

afterEach(() => rmSync(folder, { recursive: true, force: true }));

const withCode =
  (code: ErrorCode, message = /./) =>
  (error: unknown): boolean =>
    isAlmanacError(error, code) && message.test(error.message);

async function create(): Promise<void> {
  const catalog = await openCatalog({ file, create: true });
  await catalog.datasets.ingest({
    datasets: [sampleDataset("tas")],
    invalidFiles: [],
    warnings: [],
    missing: [],
  });
  await catalog.close();
}

function editSchema(sql: string): void {
  const database = new DatabaseSync(file);
  database.exec(sql);
  database.close();
}

describe("opening a catalog", () => {
  test("a missing one is an error unless it is to be made", async () => {
    await assert.rejects(openCatalog({ file }), withCode("CATALOG_MISSING"));
    assert.equal(existsSync(file), false);
    await assert.rejects(openCatalog({ file, create: true, readOnly: true }), withCode("CATALOG_MISSING"));
    const nested = join(folder, "new", "catalog.db");
    const catalog = await openCatalog({ file: nested, create: true });
    assert.deepEqual((await catalog.admin.status()).pending, []);
    await catalog.close();
    assert.deepEqual(readdirSync(join(folder, "new")), ["catalog.db"]);
  });

  test("it is in write-ahead mode and every commit is synced", async () => {
    await create();
    const database = new DatabaseSync(file);
    assert.deepEqual({ ...database.prepare("pragma journal_mode").get() }, { journal_mode: "wal" });
    database.close();
  });

  test("what is no database, another program's or damaged is invalid", async () => {
    writeFileSync(file, "<html>not found</html>".repeat(100));
    await assert.rejects(openCatalog({ file }), withCode("CATALOG_INVALID", /is not a catalog/));
    await assert.rejects(openCatalog({ file, create: true }), withCode("CATALOG_INVALID"));
    rmSync(file);
    mkdirSync(file);
    await assert.rejects(openCatalog({ file }), withCode("CATALOG_INVALID", /folder/));
    rmSync(file, { recursive: true });
    editSchema("create table users (name text)");
    await assert.rejects(openCatalog({ file, create: true }), withCode("CATALOG_INVALID", /not a catalog/));
    const database = new DatabaseSync(file);
    assert.deepEqual({ ...database.prepare("pragma journal_mode").get() }, { journal_mode: "delete" });
    database.close();
  });

  test("a catalog cut short is invalid, when opened or when what is cut off is read", async () => {
    await create();
    truncateSync(file, 8192);
    await assert.rejects(
      async () => {
        const catalog = await openCatalog({ file });
        try {
          await catalog.datasets.snapshot();
        } finally {
          await catalog.close();
        }
      },
      withCode("CATALOG_INVALID", /damaged/),
    );
  });

  test("an unknown migration is newer, a lacking one outdated, a changed one invalid", async () => {
    await create();
    editSchema("insert into migration_checksum values ('0999-later', 'x')");
    await assert.rejects(openCatalog({ file }), withCode("CATALOG_NEWER", /0999-later/));
    const newer = await openCatalogAdmin({ file });
    assert.equal((await newer.admin.status()).newer, true);
    await assert.rejects(newer.admin.migrate(), withCode("CATALOG_NEWER"));
    await newer.close();
    editSchema("delete from migration_checksum");
    await assert.rejects(openCatalog({ file }), withCode("CATALOG_OUTDATED", /0001-catalog/));
    editSchema("insert into migration_checksum values ('0001-catalog', 'other')");
    await assert.rejects(openCatalog({ file }), withCode("CATALOG_INVALID", /0001-catalog/));
  });

  test("an empty file, as a kill leaves it, is migrated when asked to", async () => {
    writeFileSync(file, "");
    await assert.rejects(openCatalog({ file }), withCode("CATALOG_OUTDATED"));
    const admin = await openCatalogAdmin({ file });
    assert.deepEqual(
      await admin.admin.migrate(),
      releasedMigrations.map(({ name }) => name),
    );
    assert.deepEqual(await admin.admin.migrate(), []);
    await admin.close();
    await (await openCatalog({ file })).close();
  });

  test("a failed migration leaves nothing of it", async () => {
    const points: DurablePoint[] = [];
    const failing = { ...unobserved, before: () => assert.fail("no space") };
    await assert.rejects(openCatalog({ file, create: true, observer: failing }), /no space/);
    const observer = { ...unobserved, before: (point: DurablePoint) => points.push(point) };
    await (await openCatalog({ file, create: true, observer })).close();
    assert.deepEqual(points, ["catalog.migrate"]);
  });
});

describe("writing to a catalog that cannot be written", () => {
  test("a read-only handle reads and refuses every write", async () => {
    await create();
    const catalog = await openCatalog({ file, readOnly: true });
    assert.equal((await catalog.datasets.snapshot()).tables.get("cmip6")?.ids.length, 1);
    await assert.rejects(catalog.datasets.setRetracted("x", true), withCode("CATALOG_READ_ONLY"));
    await assert.rejects(catalog.executions.record([], undefined), withCode("CATALOG_READ_ONLY"));
    await catalog.close();
  });

  test("the connection itself refuses, whoever asks", async () => {
    await create();
    const options = { file, observer: unobserved, busyTimeoutMs: 0 };
    const connection = new Connection({ ...options, readOnly: "asked" });
    assert.throws(() => connection.run("delete from dataset"), withCode("CATALOG_READ_ONLY"));
    connection.close();
  });

  test("a full disk is told and leaves nothing of the transaction", async () => {
    await create();
    const connection = new Connection({ file, readOnly: "no", observer: unobserved, busyTimeoutMs: 0 });
    const pages = connection.get<{ page_count: number }>("pragma page_count")?.page_count ?? 0;
    connection.database.exec(`pragma max_page_count = ${pages}`);
    const filling = connection.write("catalog.record", () => {
      connection.run("update catalog_meta set value = 77 where name = 'rid'");
      connection.run("insert into shared_document values ('d', ?)", "x".repeat(1_000_000));
    });
    await assert.rejects(filling, withCode("DISK_FULL"));
    assert.equal(connection.get("select 1 from catalog_meta where value = 77"), undefined);
    connection.close();
  });

  test("the lock is waited for and then reported with its holder", async () => {
    await create();
    const holder = new DatabaseSync(file);
    const catalog = await openCatalog({ file, busyTimeoutMs: 50 });
    holder.exec("begin immediate");
    assert.equal((await catalog.datasets.snapshot()).tables.size, 1);
    await assert.rejects(
      catalog.datasets.setRetracted("x", true),
      withCode("CATALOG_LOCKED", /locked by .* for 0.05 s/),
    );
    holder.exec("rollback");
    holder.close();
    assert.equal(await catalog.datasets.setRetracted("x", true), false);
    await catalog.close();
  });

  test("the holder is read from the system's table of locks", () => {
    const locks = [
      "1: POSIX  ADVISORY  READ  11 08:01:77 120 120",
      "2: POSIX  ADVISORY  WRITE 12 08:01:78 120 120",
      "3: POSIX  ADVISORY  WRITE 13 08:01:77 124 124",
      "4: POSIX  ADVISORY  WRITE 14 08:01:77 120 EOF",
    ];
    assert.equal(lockingProcess(locks.join("\n"), 77), 14);
    assert.equal(lockingProcess(locks.slice(0, 3).join("\n"), 77), undefined);
  });

  test("networked file systems are told by their magic number", () => {
    assert.deepEqual(
      [0x6969, -11317950, 0xff534d42, 0x0bd00bd0, 0x47504653, 0x65735546].map(networkedFileSystem),
      ["NFS", "CIFS", "CIFS", "Lustre", "GPFS", "FUSE"],
    );
    assert.deepEqual([0xef53, 0x01021994, 0x9123683e].map(networkedFileSystem), Array(3).fill(undefined));
  });
});

describe("backing up a catalog", () => {
  test("a backup is a catalog of its own and never overwrites", async () => {
    await create();
    const catalog = await openCatalog({ file });
    const copy = join(folder, "copy'.db");
    await catalog.admin.backup(copy);
    await assert.rejects(catalog.admin.backup(copy), withCode("USAGE"));
    await assert.rejects(catalog.admin.backup(join(folder, "no", "copy")), withCode("USAGE"));
    await catalog.close();
    const copied = await openCatalog({ file: copy });
    assert.deepEqual((await copied.admin.status()).counts, {
      ...{ datasets: 1, files: 1, groups: 0, executions: 0, values: 0 },
    });
    await copied.close();
    assert.deepEqual(readdirSync(folder).sort(), ["catalog.db", "copy'.db"]);
  });

  test("migrating a catalog with data keeps the last five backups", async () => {
    await create();
    for (const number of [3, 4, 5, 6, 10]) copyFileSync(file, `${file}.backup-${number}`);
    const { backUpBeside } = await import("./backup.ts");
    const connection = new Connection({ file, readOnly: "no", observer: unobserved, busyTimeoutMs: 0 });
    assert.equal(backUpBeside(connection), `${file}.backup-11`);
    connection.close();
    const backups = readdirSync(folder).filter((name) => name.includes("backup"));
    assert.deepEqual(backups.sort(), [4, 5, 6, 10, 11].map((n) => `catalog.db.backup-${n}`).sort());
  });
});

test("a RID in any spelling says what it stands for", async () => {
  const catalog = await openCatalog({ file: ":memory:" });
  await catalog.datasets.ingest({
    datasets: [sampleDataset("tas")],
    invalidFiles: [],
    warnings: [],
    missing: [],
  });
  assert.equal(await catalog.kindOf("rid:l"), "dataset");
  assert.equal(await catalog.kindOf("2"), undefined);
  assert.equal(await catalog.kindOf("400-0001-0000"), undefined);
  assert.equal(await catalog.kindOf("u"), undefined);
  assert.equal(await catalog.kindOf("1-oooo-0001"), "vocabulary");
  assert.equal(await catalog.kindOf("1-0000-0002"), "term");
  assert.equal(await catalog.kindOf("200-0001-0000"), undefined);
  await catalog.close();
});
