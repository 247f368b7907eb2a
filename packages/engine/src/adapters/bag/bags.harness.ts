import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TestContext } from "node:test";
import type { BagProblem, Bags } from "../../ports/bags.ts";
import { unobserved } from "../../ports/durable.ts";
import { type RemoteServer, serveFiles } from "../../ports/remote-server.harness.ts";
import { type SampleFile, sampleBag } from "../../ports/sample-bag.harness.ts";
import { createDownloader } from "../download/downloader.ts";
import { FolderInputCache } from "../input-cache/input-cache.ts";
import { ownIdentity } from "../process-tree/owner.ts";
import { createBags } from "./bags.ts";

/** Never aborts. */
export const { signal } = new AbortController();

/** Tries again once, at once. */
const limits = { stallSeconds: 20, totalSeconds: 60, retries: 1, firstPauseSeconds: 0.001 };

/** Bags with a real cache and a real downloader. */
export function openBags(t: TestContext): Bags {
  const cache = new FolderInputCache({
    ...{ folder: temporary(t), maxBytes: 1e9, downloader: createDownloader(limits, unobserved) },
    ...{ owners: { own: ownIdentity(), alive: () => true }, observer: unobserved },
  });
  return createBags({ observer: unobserved, cache });
}

/** A folder that is gone after the test. */
export function temporary(t: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), "almanac-bags-"));
  t.after(() => rmSync(folder, { recursive: true }));
  return folder;
}

/** Files of this machine with these contents by their paths in the dataset. */
export function localFiles(folder: string, texts: Readonly<Record<string, string>>): readonly SampleFile[] {
  mkdirSync(join(folder, "sources"));
  return Object.entries(texts).map(([path, text], at) => {
    const file = join(folder, "sources", String(at));
    writeFileSync(file, text);
    return { path, bytes: Buffer.from(text), origin: { file }, bring: true };
  });
}

/** Files of a server, to be fetched later. */
export function remoteFiles(
  server: RemoteServer,
  texts: Readonly<Record<string, string>>,
  bring = false,
): readonly SampleFile[] {
  return Object.entries(texts).map(([path, text]) => ({
    ...{ path, bytes: Buffer.from(text) },
    origin: { url: `${server.origin}/${path}` },
    bring,
  }));
}

/** A server of these texts. */
export async function served(t: TestContext, texts: Readonly<Record<string, string>>): Promise<RemoteServer> {
  const server = await serveFiles(
    Object.fromEntries(Object.entries(texts).map(([path, text]) => [`/${path}`, Buffer.from(text)])),
  );
  t.after(() => server[Symbol.asyncDispose]());
  return server;
}

/** Contents of a small dataset. */
export const texts = { "a.txt": "alpha", "sub/b.txt": "beta", "sub/empty": "" };

/** A bag that was just written. */
export async function written(t: TestContext, files: Readonly<Record<string, string>> = texts) {
  const folder = temporary(t);
  const bags = openBags(t);
  const bag = join(folder, "bag");
  const what = sampleBag(localFiles(folder, files));
  assert.equal(await bags.write(bag, what, { signal }), "written");
  return { folder, bags, bag, what };
}

/** Kind and path of each problem. */
export const kinds = (problems: readonly BagProblem[]): readonly string[] =>
  problems.map(({ kind, path }) => `${kind} ${path}`);

/** What verifying finds. */
export async function problemsOf(bags: Bags, bag: string): Promise<readonly string[]> {
  return kinds((await bags.verify(bag, { signal })).problems);
}
