import assert from "node:assert/strict";
import { readFileSync, statSync } from "node:fs";
import { describe, test } from "node:test";
import { AlmanacError, isAlmanacError } from "../core/errors.ts";
import { sha256Hex } from "../core/identity/digest.ts";
import type { CheckedEntry, InputCache } from "./input-cache.ts";
import { type RemoteServer, serveFiles } from "./remote-server.harness.ts";

/** An empty cache for one test; it asks servers again, with pauses that are none. */
export interface InputCacheUnderTest {
  /** @param maxBytes default: without limit */
  open(maxBytes?: number): InputCache;
  /** Changes bytes of an entry without asking the cache. */
  damage(file: string): void;
  close(): void;
}

/** Contents that the server has, by their path. */
const contents = {
  "/a": Buffer.alloc(10_000, "a"),
  "/b": Buffer.alloc(20_000, "b"),
  "/c": Buffer.alloc(30_000, "c"),
};

type Name = keyof typeof contents;

const digest = (name: Name): string => sha256Hex(contents[name]);

const { signal } = new AbortController();

/** Registers the tests that every `InputCache` passes. */
export function testInputCache(name: string, prepare: () => InputCacheUnderTest): void {
  const withCache = (
    title: string,
    body: (given: InputCacheUnderTest & { readonly server: RemoteServer }) => Promise<void>,
  ): void => {
    test(title, async () => {
      await using server = await serveFiles(contents);
      const given = prepare();
      try {
        await body({ ...given, server });
      } finally {
        given.close();
      }
    });
  };
  const from = (server: RemoteServer, path: Name) => ({
    ...{ url: `${server.origin}${path}`, sha256: digest(path) },
    sizeBytes: contents[path].length,
  });

  describe(`input cache (${name})`, () => {
    withCache("fetches once, read-only, and knows content by its digest", async ({ open, server }) => {
      const cache = open();
      const told: number[] = [];
      const file = await cache.fetch(from(server, "/a"), { signal, progress: (done) => told.push(done) });
      assert.deepEqual(readFileSync(file), contents["/a"]);
      assert.equal(statSync(file).mode & 0o222, 0);
      assert.equal(told.at(-1), contents["/a"].length);
      const elsewhere = { ...from(server, "/a"), url: `${server.origin}/gone` };
      assert.equal(await open().fetch(elsewhere, { signal }), file);
      assert.equal(server.seen.length, 1);
      const [entry, ...others] = await cache.list();
      assert.equal(others.length, 0);
      assert.deepEqual([entry?.sha256, entry?.sizeBytes], [digest("/a"), 10_000]);
    });

    withCache("what is asked for twice at once is fetched once", async ({ open, server }) => {
      const cache = open();
      const both = [0, 1].map(() => cache.fetch(from(server, "/b"), { signal }));
      const [first, second] = await Promise.all(both);
      assert.equal(first, second);
      assert.equal(server.seen.length, 1);
    });

    withCache("who asks second is not cancelled with who asked first", async ({ open, server }) => {
      const cache = open();
      server.next({ kind: "stall", afterBytes: 100 });
      const cancel = new AbortController();
      const reason = new AlmanacError("INTERRUPTED", "enough");
      const progress = () => cancel.abort(reason);
      const first = cache.fetch(from(server, "/b"), { signal: cancel.signal, progress });
      const second = cache.fetch(from(server, "/b"), { signal });
      await assert.rejects(first, (error) => error === reason);
      assert.deepEqual(readFileSync(await second), contents["/b"]);
    });

    withCache("a damaged entry is found and fetched again", async ({ open, damage, server }) => {
      const cache = open();
      const file = await cache.fetch(from(server, "/a"), { signal });
      damage(file);
      assert.deepEqual(readFileSync(await cache.fetch(from(server, "/a"), { signal })), contents["/a"]);
      assert.equal(server.seen.length, 2);
    });

    withCache(
      "verifying names what an entry really holds, and removes it",
      async ({ open, damage, server }) => {
        const cache = open();
        const damaged = await cache.fetch(from(server, "/a"), { signal });
        await cache.fetch(from(server, "/b"), { signal });
        damage(damaged);
        const found: CheckedEntry[] = [];
        for await (const entry of cache.verify(signal)) found.push(entry);
        const states = Object.fromEntries(found.map(({ sha256, state }) => [sha256, state]));
        assert.deepEqual(states, { [digest("/a")]: "damaged", [digest("/b")]: "good" });
        const other = found.find(({ sha256 }) => sha256 === digest("/a"))?.found;
        assert.match(other ?? "", /^[0-9a-f]{64}$/);
        assert.notEqual(other, digest("/a"));
        assert.deepEqual(
          (await cache.list()).map(({ sha256 }) => sha256),
          [digest("/b")],
        );
      },
    );

    withCache("nobody sees what is not as recorded", async ({ open, server }) => {
      const cache = open();
      server.next({ kind: "lie" });
      await assert.rejects(cache.fetch(from(server, "/a"), { signal }), (error) =>
        isAlmanacError(error, "ARTIFACT_INVALID"),
      );
      assert.deepEqual(await cache.list(), []);
      assert.equal(await cache.partialBytes(), 0);
      const wrong = { ...from(server, "/a"), sha256: "ABC" };
      await assert.rejects(cache.fetch(wrong, { signal }), (error) =>
        isAlmanacError(error, "ARTIFACT_INVALID"),
      );
    });

    withCache("a broken download goes on next time", async ({ open, server }) => {
      const cache = open();
      const busy = { kind: "status", status: 503 } as const;
      server.next({ kind: "cut", afterBytes: 9_000 }, busy, busy, busy, busy, busy);
      await assert.rejects(cache.fetch(from(server, "/b"), { signal }), (error) =>
        isAlmanacError(error, "DOWNLOAD_FAILED"),
      );
      assert.deepEqual(await cache.list(), []);
      const come = await cache.partialBytes();
      assert.ok(come > 0 && come < 20_000, String(come));
      server.next();
      assert.deepEqual(readFileSync(await cache.fetch(from(server, "/b"), { signal })), contents["/b"]);
      assert.equal(server.seen.at(-1)?.range, `bytes=${come}-`);
      assert.equal(await cache.partialBytes(), 0);
    });

    withCache("evicts what is named, else what was used longest ago", async ({ open, server }) => {
      const cache = open();
      for (const path of ["/a", "/b", "/c", "/a"] as const) {
        await cache.fetch(from(server, path), { signal });
        // Times of use are those of a file system.
        await new Promise((resolve) => setTimeout(resolve, 5));
      }
      const [named] = await cache.evict({ sha256: [digest("/c"), digest("/a").replace(/^./, "x")] });
      assert.equal(named?.sha256, digest("/c"));
      const gone = await cache.evict({ keepBytes: 15_000 });
      assert.deepEqual(
        gone.map(({ sha256 }) => sha256),
        [digest("/b")],
      );
      assert.equal((await cache.evict({ keepBytes: 15_000 })).length, 0);
      assert.equal((await cache.evict({ keepBytes: 0 })).length, 1);
      assert.deepEqual(await cache.list(), []);
    });

    withCache("what was asked for just now stays, even above the limit", async ({ open, server }) => {
      const cache = open(25_000);
      for (const path of ["/a", "/b", "/c"] as const) await cache.fetch(from(server, path), { signal });
      assert.equal((await cache.list()).length, 3);
    });
  });
}
