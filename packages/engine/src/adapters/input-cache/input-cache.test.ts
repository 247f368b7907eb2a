import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import {
  chmodSync,
  linkSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { isAlmanacError } from "../../core/errors.ts";
import type { Owner } from "../../core/execution/record.ts";
import { sha256Hex } from "../../core/identity/digest.ts";
import { type DurableObserver, unobserved } from "../../ports/durable.ts";
import { testInputCache } from "../../ports/input-cache.contract.ts";
import { type RemoteServer, serveFiles } from "../../ports/remote-server.harness.ts";
import { recordSyncs } from "../../ports/synced-paths.harness.ts";
import { createDownloader } from "../download/downloader.ts";
import { isAlive, ownIdentity } from "../process-tree/owner.ts";
import { type CacheParts, FolderInputCache } from "./input-cache.ts";

const limits = { stallSeconds: 20, totalSeconds: 60, retries: 3, firstPauseSeconds: 0.001 };

const bytes = Buffer.from(Array.from({ length: 3_000_000 }, (_, at) => (at * 7 + (at >> 9)) % 256));
const sha256 = sha256Hex(bytes);

const { signal } = new AbortController();

function openCache(folder: string, parts: Partial<CacheParts> = {}): FolderInputCache {
  return new FolderInputCache({
    folder,
    maxBytes: Number.POSITIVE_INFINITY,
    downloader: createDownloader(limits, unobserved),
    owners: { own: ownIdentity(), alive: isAlive },
    observer: unobserved,
    ...parts,
  });
}

testInputCache("local folder", () => {
  const folder = mkdtempSync(join(tmpdir(), "almanac-cache-"));
  return {
    open: (maxBytes = Number.POSITIVE_INFINITY) => openCache(folder, { maxBytes }),
    damage: (file) => {
      chmodSync(file, 0o644);
      const damaged = readFileSync(file).fill(1, 10, 11);
      writeFileSync(file, damaged);
    },
    close: () => rmSync(folder, { recursive: true }),
  };
});

interface Given {
  readonly folder: string;
  readonly server: RemoteServer;
  readonly content: { readonly url: string; readonly sha256: string; readonly sizeBytes: number };
}

async function given(t: TestContext): Promise<Given> {
  const folder = mkdtempSync(join(tmpdir(), "almanac-cache-"));
  const server = await serveFiles({ "/large": bytes });
  t.after(async () => {
    await server[Symbol.asyncDispose]();
    rmSync(folder, { recursive: true });
  });
  return { folder, server, content: { url: `${server.origin}/large`, sha256, sizeBytes: bytes.length } };
}

/** A process of its own that fetches a content into a cache, told before it begins. */
const program = `
import { createDownloader } from ${JSON.stringify(import.meta.resolve("../download/downloader.ts"))};
import { FolderInputCache } from ${JSON.stringify(import.meta.resolve("./input-cache.ts"))};
import { isAlive, ownIdentity } from ${JSON.stringify(import.meta.resolve("../process-tree/owner.ts"))};
const { folder, content, limits } = JSON.parse(process.argv[1]);
const observer = { before() {}, after() {} };
const cache = new FolderInputCache({
  folder, maxBytes: Infinity, observer, downloader: createDownloader(limits, observer),
  owners: { own: ownIdentity(), alive: isAlive },
});
process.stdout.write("ready\\n");
process.stdin.once("data", async () => {
  const progress = (done) => process.stdout.write(done + "\\n");
  const file = await cache.fetch(content, { signal: new AbortController().signal, progress });
  process.stdout.write("file " + file + "\\n");
  if (process.argv[2] !== "stay") process.exit(0);
});
`;

interface Fetching {
  /** Resolves when the output has a line that the pattern matches. */
  said(pattern: RegExp): Promise<string>;
  begin(): void;
  kill(): Promise<void>;
}

function startProcess({ folder, content }: Given, ...words: readonly string[]): Fetching {
  const argument = JSON.stringify({ folder, content, limits });
  const child = spawn(process.execPath, ["--input-type=module", "-e", program, argument, ...words], {
    stdio: ["pipe", "pipe", "inherit"],
  });
  let output = "";
  const waiting = new Set<() => void>();
  child.stdout.on("data", (chunk: Buffer) => {
    output += String(chunk);
    for (const look of waiting) look();
  });
  const ended = new Promise<void>((resolve) => child.once("close", () => resolve()));
  const said = (pattern: RegExp): Promise<string> =>
    new Promise((resolve, reject) => {
      const look = (): void => {
        const [found] = pattern.exec(output) ?? [];
        if (found !== undefined) resolve(found);
      };
      waiting.add(look);
      look();
      void ended.then(() => reject(new Error(`it ended without ${pattern}: ${output}`)));
    });
  return {
    said,
    begin: () => child.stdin.write("go\n"),
    kill: () => {
      child.kill("SIGKILL");
      return ended;
    },
  };
}

test("several processes that fetch the same at once all get it whole, and one entry is left", async (t) => {
  const all = await given(t);
  const processes = Array.from({ length: 3 }, () => startProcess(all));
  await Promise.all(processes.map((each) => each.said(/ready/)));
  for (const each of processes) each.begin();
  const files = await Promise.all(processes.map((each) => each.said(/(?<=file ).*/)));
  assert.equal(new Set(files).size, 1);
  assert.deepEqual(readFileSync(files[0] ?? ""), bytes);
  const cache = openCache(all.folder);
  assert.equal((await cache.list()).length, 1);
  assert.equal(await cache.partialBytes(), 0);
});

test("what a killed process had fetched is gone on with by the next one", async (t) => {
  const all = await given(t);
  all.server.next({ kind: "stall", afterBytes: 1_000_000 });
  const killed = startProcess(all);
  await killed.said(/ready/);
  killed.begin();
  await killed.said(/\d{5,}/);
  await killed.kill();
  const cache = openCache(all.folder);
  const come = await cache.partialBytes();
  assert.ok(come > 0);
  const file = await cache.fetch(all.content, { signal });
  assert.deepEqual(readFileSync(file), bytes);
  assert.equal(all.server.seen.at(-1)?.range, `bytes=${come}-`);
  assert.equal(await cache.partialBytes(), 0);
});

test("a download under way elsewhere is left alone, one that is long forgotten is taken over or removed", async (t) => {
  const all = await given(t);
  const other: Owner = { host: "elsewhere", bootId: "x", pid: 1, startTicks: 1 };
  const busy = { kind: "status", status: 503 } as const;
  const interrupted = openCache(all.folder, { owners: { own: other, alive: () => true } });
  all.server.next({ kind: "cut", afterBytes: 500_000 }, busy, busy, busy, busy);
  await assert.rejects(interrupted.fetch(all.content, { signal }));
  const cache = openCache(all.folder);
  const come = await cache.partialBytes();
  await cache.evict({ keepBytes: 0 });
  assert.equal(await cache.partialBytes(), come);
  const [name = ""] = readdirSync(join(all.folder, "partial"));
  utimesSync(join(all.folder, "partial", name), 1, 1);
  await cache.evict({ keepBytes: 0 });
  assert.equal(await cache.partialBytes(), 0);
});

test("a disk that is full is said so, and nothing is left", async (t) => {
  const all = await given(t);
  for (const point of ["cache.download", "cache.place"]) {
    const observer: DurableObserver = {
      before: (passed) => {
        if (passed === point)
          throw Object.assign(new Error("ENOSPC: no space left on device"), { code: "ENOSPC" });
      },
      after: () => {},
    };
    const cache = openCache(all.folder, { observer, downloader: createDownloader(limits, observer) });
    await assert.rejects(cache.fetch(all.content, { signal }), (error) => {
      assert.ok(isAlmanacError(error, "DISK_FULL"), String(error));
      assert.match(`${error.message} ${error.hint}`, /no space left.*cache evict/);
      return true;
    });
    assert.deepEqual(await cache.list(), []);
    assert.equal(await cache.partialBytes(), 0);
  }
});

test("what another process has asked for is evicted once that has ended, or its content is linked", async (t) => {
  const all = await given(t);
  const user = startProcess(all, "stay");
  await user.said(/ready/);
  user.begin();
  const file = (await user.said(/file .*/)).slice("file ".length);
  const cache = openCache(all.folder);
  for (const what of [{ keepBytes: 0 }, { sha256: [sha256] }]) assert.deepEqual(await cache.evict(what), []);
  assert.deepEqual(readFileSync(file), bytes);
  linkSync(file, join(all.folder, "linked"));
  assert.equal((await cache.evict({ keepBytes: 0 })).length, 1);
  assert.deepEqual(readFileSync(join(all.folder, "linked")), bytes);
  await user.kill();

  const next = startProcess(all, "stay");
  await next.said(/ready/);
  next.begin();
  await next.said(/file .*/);
  await next.kill();
  assert.equal((await cache.evict({ keepBytes: 0 })).length, 1);
  assert.deepEqual(readdirSync(join(all.folder, "entries", sha256.slice(0, 2))), []);
});

test("room is not made of what this process itself has asked for", async (t) => {
  const all = await given(t);
  const cache = openCache(all.folder, { maxBytes: 1 });
  const file = await cache.fetch(all.content, { signal, progress: () => {} });
  utimesSync(`${file}.used`, new Date(0), new Date(0));
  const small = Buffer.from("small");
  await using server = await serveFiles({ "/small": small });
  const other = { url: `${server.origin}/small`, sha256: sha256Hex(small), sizeBytes: small.length };
  await cache.fetch(other, { signal, progress: () => {} });
  assert.deepEqual(readFileSync(file), bytes);
});

test("the folders that an entry lies in are brought to disk, up to the one that holds the cache", async (t) => {
  const all = await given(t);
  const cache = openCache(join(all.folder, "new"));
  const synced = await recordSyncs(t);
  await cache.fetch(all.content, { signal, progress: () => {} });
  for (const folder of [`new/entries/${sha256.slice(0, 2)}`, "new/entries", "new", ""])
    assert.ok(synced.includes(join(all.folder, folder).replace(/\/$/, "")), `${folder}: ${synced.join()}`);
});
