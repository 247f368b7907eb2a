import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { isAlmanacError } from "../../core/errors.ts";
import { sha256Hex } from "../../core/identity/digest.ts";
import { testBlobStore } from "../../ports/blob-store.contract.ts";
import { recordSyncs } from "../../ports/synced-paths.harness.ts";
import { createBlobFolder } from "./blob-folder.ts";

testBlobStore("folder", () => {
  const folder = mkdtempSync(join(tmpdir(), "almanac-blobs-"));
  return {
    store: createBlobFolder(folder),
    close: () => {
      const left = readdirSync(folder).filter((name) => name.startsWith("."));
      rmSync(folder, { recursive: true, force: true });
      assert.deepEqual(left, [], "no temporary files are left");
    },
  };
});

test("a folder that is not there is unavailable: nothing is made of it", async (t) => {
  const parent = mkdtempSync(join(tmpdir(), "almanac-blobs-"));
  t.after(() => rmSync(parent, { recursive: true, force: true }));
  const folder = join(parent, "mount");
  const store = createBlobFolder(folder);
  const unavailable = (error: unknown): boolean => isAlmanacError(error, "STORE_UNAVAILABLE");
  const bytes = new Uint8Array([1]);
  await assert.rejects(async () => {
    for await (const _ of store.list("a/")) assert.fail("nothing is listed");
  }, unavailable);
  await assert.rejects(store.put("a/b", { bytes }, sha256Hex(bytes)), unavailable);
  assert.deepEqual(readdirSync(parent), []);
  mkdirSync(folder);
  await store.put("a/b", { bytes }, sha256Hex(bytes));
});

test("the folders that a blob lies in are brought to disk, also those that another has made", async (t) => {
  const folder = mkdtempSync(join(tmpdir(), "almanac-blobs-"));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  mkdirSync(join(folder, "a"));
  const store = createBlobFolder(folder);
  const synced = await recordSyncs(t);
  const bytes = new Uint8Array([1]);
  await store.put("a/b/c", { bytes }, sha256Hex(bytes));
  for (const each of [join(folder, "a", "b"), join(folder, "a"), folder])
    assert.ok(synced.includes(each), `${each}: ${synced.join()}`);
});
