import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, test } from "node:test";
import { isAlmanacError } from "../core/errors.ts";
import type { BlobStore } from "./blob-store.ts";

/** A new, empty store for one test. */
export interface BlobStoreUnderTest {
  readonly store: BlobStore;
  close(): Promise<void> | void;
}

const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text);
const digest = (bytes: Uint8Array): string => createHash("sha256").update(bytes).digest("hex");

async function put(store: BlobStore, name: string, text: string): Promise<void> {
  await store.put(name, { bytes: bytesOf(text) }, digest(bytesOf(text)));
}

async function textAt(store: BlobStore, name: string): Promise<string | undefined> {
  const bytes = await store.get(name);
  return bytes === undefined ? undefined : new TextDecoder().decode(bytes);
}

async function namesIn(store: BlobStore, prefix: string): Promise<readonly string[]> {
  const found: string[] = [];
  for await (const { name, bytes } of store.list(prefix)) found.push(`${name} ${bytes}`);
  return found.sort();
}

/** Registers the tests that every `BlobStore` passes. @param make a new, empty store */
export function testBlobStore(name: string, make: () => BlobStoreUnderTest): void {
  const withStore = (title: string, body: (store: BlobStore) => Promise<void>): void => {
    test(title, async () => {
      const { store, close } = make();
      try {
        await body(store);
      } finally {
        await close();
      }
    });
  };
  describe(`blob store: ${name}`, () => {
    withStore("what is not there is undefined, and removing it does nothing", async (store) => {
      assert.equal(await store.get("a/b"), undefined);
      assert.equal(await store.range("a/b", { start: 0, end: 1 }), undefined);
      assert.deepEqual(await namesIn(store, "a/"), []);
      assert.deepEqual(await namesIn(store, "a/b"), []);
      await store.delete("a/b");
    });
    withStore("bytes come back whole and in parts, are listed, replaced and removed", async (store) => {
      await put(store, "a/b/one", "0123456789");
      await put(store, "a/two", "");
      await put(store, "ab/three", "3");
      await put(store, "b/two-and-more", "3");
      await put(store, "b/two", "2");
      assert.equal(await textAt(store, "a/b/one"), "0123456789");
      assert.equal(await textAt(store, "a/two"), "");
      const part = await store.range("a/b/one", { start: 8, end: 100 });
      assert.equal(new TextDecoder().decode(part), "89");
      assert.equal((await store.range("a/b/one", { start: 10, end: 20 }))?.length, 0);
      assert.deepEqual(await namesIn(store, "a/"), ["a/b/one 10", "a/two 0"]);
      assert.deepEqual(await namesIn(store, "a/two"), ["a/two 0"]);
      assert.deepEqual(await namesIn(store, "b/two"), ["b/two 1"]);
      await put(store, "a/two", "other");
      assert.equal(await textAt(store, "a/two"), "other");
      await store.delete("a/two");
      assert.equal(await store.get("a/two"), undefined);
      assert.deepEqual(await namesIn(store, "a/"), ["a/b/one 10"]);
    });
    withStore("what is handed out and taken in is nobody else's", async (store) => {
      const bytes = bytesOf("mine");
      await store.put("a", { bytes }, digest(bytes));
      bytes[0] = 0;
      (await store.get("a"))?.fill(0);
      assert.equal(await textAt(store, "a"), "mine");
    });
    withStore("content of another digest is refused, and nothing of it is left", async (store) => {
      await put(store, "a", "before");
      const folder = mkdtempSync(join(tmpdir(), "almanac-blob-"));
      const file = join(folder, "file");
      writeFileSync(file, "from a file");
      try {
        const wrong = digest(bytesOf("something else"));
        for (const content of [{ bytes: bytesOf("x") }, { file }])
          await assert.rejects(store.put("a", content, wrong), (error) =>
            isAlmanacError(error, "ARTIFACT_INVALID"),
          );
        assert.equal(await textAt(store, "a"), "before");
        await store.put("a", { file }, digest(bytesOf("from a file")));
        assert.equal(await textAt(store, "a"), "from a file");
        assert.deepEqual(await namesIn(store, "a"), ["a 11"]);
      } finally {
        rmSync(folder, { recursive: true, force: true });
      }
    });
    withStore("many at once under one name leave one of them", async (store) => {
      const texts = Array.from({ length: 20 }, (_, at) => `${at} `.repeat(5000));
      await Promise.all(texts.map((text) => put(store, "x/same", text)));
      assert.ok(texts.includes((await textAt(store, "x/same")) ?? ""));
      assert.equal((await namesIn(store, "x/")).length, 1);
    });
    withStore("names that lead out of the store are refused", async (store) => {
      for (const each of ["../a", "a/../../b", "/a", "", "a//b", ".hidden", "a b"])
        await assert.rejects(
          put(store, each, "x"),
          (error) => isAlmanacError(error, "ARTIFACT_INVALID"),
          each,
        );
    });
  });
}
