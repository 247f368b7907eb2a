import assert from "node:assert/strict";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, type TestContext, test } from "node:test";
import { pathToFileURL } from "node:url";
import { type AlmanacError, isAlmanacError } from "../../core/errors.ts";
import { sha256Hex } from "../../core/identity/digest.ts";
import type { RemoteContent } from "../../ports/downloader.ts";
import { type DurableObserver, unobserved } from "../../ports/durable.ts";
import { type RemoteServer, serveFiles } from "../../ports/remote-server.harness.ts";
import { createDownloader } from "./downloader.ts";
import type { DownloadLimits } from "./limits.ts";

const bytes = Buffer.from(Array.from({ length: 300_000 }, (_, at) => (at * 7 + (at >> 9)) % 256));
const sha256 = sha256Hex(bytes);

/** Patient enough for a busy machine, with pauses that are none. */
const quick: DownloadLimits = { stallSeconds: 20, totalSeconds: 60, retries: 3, firstPauseSeconds: 0.001 };

interface Place {
  readonly server: RemoteServer;
  readonly content: RemoteContent;
  readonly partial: string;
  download(limits?: Partial<DownloadLimits>, content?: Partial<RemoteContent>): Promise<readonly number[]>;
}

async function place(t: TestContext, observer: DurableObserver = unobserved): Promise<Place> {
  const server = await serveFiles({
    "/data set.nc": bytes,
    "/data%20set.nc": bytes,
    "/empty": Buffer.alloc(0),
  });
  const folder = mkdtempSync(join(tmpdir(), "almanac-download-"));
  t.after(async () => {
    await server[Symbol.asyncDispose]();
    rmSync(folder, { recursive: true });
  });
  const partial = join(folder, "partial");
  const content = { url: `${server.origin}/data%20set.nc`, sha256, sizeBytes: bytes.length };
  const signal = new AbortController().signal;
  return {
    ...{ server, content, partial },
    download: async (limits, other) => {
      const told: number[] = [];
      const downloader = createDownloader({ ...quick, ...limits }, observer);
      const progress = (done: number) => told.push(done);
      await downloader.download({ ...content, ...other }, { partial, signal, progress });
      return told;
    },
  };
}

const failing = (code: string, message: RegExp) => (error: unknown) => {
  assert.ok(isAlmanacError(error), String(error));
  assert.equal((error satisfies AlmanacError).code, code, error.message);
  assert.match(error.message, message);
  return true;
};

describe("downloader", () => {
  test("fetches what is there, and tells of true bytes", async (t) => {
    const { download, partial } = await place(t);
    const told = await download();
    assert.deepEqual(readFileSync(partial), bytes);
    assert.equal(told.at(-1), bytes.length);
    assert.deepEqual(
      told,
      told.toSorted((a, b) => a - b),
    );
  });

  test("goes on after a broken connection where it broke", async (t) => {
    const { server, download, partial } = await place(t);
    server.next({ kind: "cut", afterBytes: 100_000 }, { kind: "cut", afterBytes: 50_000 });
    await download();
    assert.deepEqual(readFileSync(partial), bytes);
    const ranges = server.seen.map(({ range }) => Number(/\d+/.exec(range ?? "0")?.[0]));
    assert.equal(ranges.length, 3);
    const [first, second = 0, third = 0] = ranges;
    assert.ok(first === 0 && second > 0 && third > second, String(ranges));
  });

  test("goes on with what an earlier download left", async (t) => {
    const { server, download, partial } = await place(t);
    writeFileSync(partial, bytes.subarray(0, 123_456));
    await download();
    assert.deepEqual(readFileSync(partial), bytes);
    assert.deepEqual(
      server.seen.map(({ range }) => range),
      ["bytes=123456-"],
    );
  });

  test("asks for nothing when all of it is there, and finds damage in it", async (t) => {
    const { server, download, partial } = await place(t);
    writeFileSync(partial, bytes);
    await download();
    assert.equal(server.seen.length, 0);
    writeFileSync(partial, Buffer.alloc(bytes.length));
    await download();
    assert.deepEqual(readFileSync(partial), bytes);
    writeFileSync(partial, Buffer.concat([bytes, bytes]));
    await download();
    assert.deepEqual(readFileSync(partial), bytes);
  });

  test("a beginning that is of another content is thrown away, once", async (t) => {
    const { server, download, partial } = await place(t);
    writeFileSync(partial, Buffer.alloc(1000));
    await download();
    assert.deepEqual(readFileSync(partial), bytes);
    assert.equal(server.seen.length, 2);
  });

  test("a server that ignores ranges gives the whole again", async (t) => {
    const { server, download, partial } = await place(t);
    server.next({ kind: "cut", afterBytes: 100_000 }, { kind: "whole" });
    await download();
    assert.deepEqual(readFileSync(partial), bytes);
  });

  test("a server that is busy or stalls is asked again", async (t) => {
    const { server, download, partial } = await place(t);
    const busy = { kind: "status", status: 503, retryAfter: "0" } as const;
    server.next(busy, { kind: "stall", afterBytes: 70_000 }, { kind: "status", status: 429 });
    await download({ stallSeconds: 0.3 });
    assert.deepEqual(readFileSync(partial), bytes);
    assert.equal(server.seen.length, 4);
  });

  test("one that stays busy is given up, and what has come stays", async (t) => {
    const { server, download, partial } = await place(t);
    const busy = { kind: "status", status: 503 } as const;
    server.next({ kind: "cut", afterBytes: 100_000 }, busy, busy, busy);
    await assert.rejects(download(), failing("DOWNLOAD_FAILED", /503/));
    assert.equal(server.seen.length, 4);
    assert.ok(readFileSync(partial).length > 0);
    await download();
    assert.deepEqual(readFileSync(partial), bytes);
  });

  test("what cannot pass by itself is asked once", async (t) => {
    const { server, download } = await place(t);
    await assert.rejects(
      download({}, { url: `${server.origin}/gone` }),
      failing("DOWNLOAD_REFUSED", /\/gone: the server answers 404/),
    );
    server.next({ kind: "status", status: 403 });
    await assert.rejects(download(), failing("DOWNLOAD_REFUSED", /403/));
    assert.equal(server.seen.length, 2);
    await assert.rejects(
      download({}, { url: "ftp://host/x" }),
      failing("DOWNLOAD_REFUSED", /no URL of http/),
    );
    await assert.rejects(download({}, { url: "data.nc" }), failing("DOWNLOAD_REFUSED", /no URL of http/));
    const secret = server.origin.replace("http://", "http://me:secret@");
    await assert.rejects(download({}, { url: secret }), (error: Error) => {
      assert.ok(!error.message.includes("secret"), error.message);
      return failing("DOWNLOAD_REFUSED", /user or password/)(error);
    });
  });

  test("a server that lies is refused with both digests, or sizes, and leaves nothing", async (t) => {
    const { server, download, partial, content } = await place(t);
    server.next({ kind: "lie" });
    const lied = sha256Hex(Buffer.alloc(bytes.length, "lie"));
    await assert.rejects(download(), failing("ARTIFACT_INVALID", new RegExp(`${lied}, not ${sha256}`)));
    assert.equal(existsSync(partial), false);
    await assert.rejects(
      download({}, { sizeBytes: 299_999 }),
      failing("ARTIFACT_INVALID", /300000 bytes, not 299999/),
    );
    server.next({ kind: "endless" });
    await assert.rejects(download(), failing("ARTIFACT_INVALID", /more than 300000 bytes/));
    assert.equal(existsSync(partial), false);
    assert.equal(content.sizeBytes, bytes.length);
  });

  test("the size need not be known, and may be 0", async (t) => {
    const { server, download, partial } = await place(t);
    const { sizeBytes: _, ...unsized } = { sizeBytes: 0, url: `${server.origin}/data%20set.nc`, sha256 };
    const signal = new AbortController().signal;
    await createDownloader(quick, unobserved).download(unsized, { partial, signal });
    assert.deepEqual(readFileSync(partial), bytes);
    // All of it is there, which nobody knows before the server says so.
    await createDownloader(quick, unobserved).download(unsized, { partial, signal });
    assert.equal(server.seen.at(-1)?.range, `bytes=${bytes.length}-`);
    rmSync(partial);
    await download({}, { url: `${server.origin}/empty`, sizeBytes: 0, sha256: sha256Hex(Buffer.alloc(0)) });
    assert.equal(readFileSync(partial).length, 0);
  });

  test("all requests together have their time", async (t) => {
    const { server, download } = await place(t);
    server.next({ kind: "stall", afterBytes: 10 });
    await assert.rejects(download({ totalSeconds: 0.3 }), failing("DOWNLOAD_FAILED", /more than 0.3 s/));
  });

  test("ends at once when it is cancelled, with the reason given", async (t) => {
    const { server, partial, content } = await place(t);
    server.next({ kind: "stall", afterBytes: 100_000 });
    const cancel = new AbortController();
    const reason = new Error("enough");
    const progress = () => cancel.abort(reason);
    const download = createDownloader(quick, unobserved).download(content, {
      ...{ partial, progress },
      signal: cancel.signal,
    });
    await assert.rejects(download, (error) => error === reason);
    assert.equal(server.seen.length, 1);
  });

  test("files elsewhere on this machine are read like those of a server", async (t) => {
    const { download, partial } = await place(t);
    const elsewhere = mkdtempSync(join(tmpdir(), "almanac-elsewhere-"));
    t.after(() => rmSync(elsewhere, { recursive: true }));
    const file = join(elsewhere, "ä b.nc");
    writeFileSync(file, bytes);
    await download({}, { url: pathToFileURL(file).href });
    assert.deepEqual(readFileSync(partial), bytes);
    const gone = pathToFileURL(join(elsewhere, "gone")).href;
    rmSync(partial);
    await assert.rejects(download({}, { url: gone }), failing("DOWNLOAD_REFUSED", /no such file/));
    const folder = pathToFileURL(elsewhere).href;
    await assert.rejects(download({}, { url: folder }), failing("DOWNLOAD_REFUSED", /no regular file/));
  });

  test("a disk that is full leaves nothing", async (t) => {
    const full: DurableObserver = {
      before: () => {
        throw Object.assign(new Error("ENOSPC: no space left on device"), { code: "ENOSPC" });
      },
      after: () => {},
    };
    const { download, partial } = await place(t, full);
    writeFileSync(partial, "begun");
    await assert.rejects(download(), failing("DISK_FULL", /no space left/));
    assert.equal(existsSync(partial), false);
  });
});
