import { chmod, rename, rm } from "node:fs/promises";
import path from "node:path";
import { AlmanacError } from "../../core/errors.ts";
import type { Downloader, RemoteContent } from "../../ports/downloader.ts";
import { type DurableObserver, observedAsync } from "../../ports/durable.ts";
import type { CacheEntry, CheckedEntry, Eviction, InputCache } from "../../ports/input-cache.ts";
import {
  cacheError,
  digestOfFile,
  factsOf,
  makeFolder,
  namesIn,
  syncFolderOf,
  touch,
} from "./cache-files.ts";
import { Holds } from "./holds.ts";
import type { FileOwners } from "./owned-names.ts";
import { PartialFiles } from "./partial-files.ts";

/** What a cache is made of. */
export interface CacheParts {
  /** Absolute; made when something is fetched. */
  readonly folder: string;
  /** Bytes that the entries may have together; what was used longest ago goes. */
  readonly maxBytes: number;
  readonly downloader: Downloader;
  readonly owners: FileOwners;
  readonly observer: DurableObserver;
}

/** Nobody writes to an entry. */
const entryMode = 0o444;

/** What was asked for just now is not evicted to make room: whoever asked is about to link it. */
const justUsedSeconds = 60;

const usedSuffix = ".used";

interface UnderWay {
  readonly file: Promise<string>;
  readonly signal: AbortSignal;
}

type FetchHow = Parameters<InputCache["fetch"]>[1];

/** A cache in a local folder: `entries/<2 digits>/<sha256>`, and beside each a file whose time is that of its last use. */
export class FolderInputCache implements InputCache {
  readonly folder: string;
  readonly #parts: CacheParts;
  readonly #entries: string;
  readonly #partials: PartialFiles;
  readonly #holds: Holds;
  /** Folders whose entry in the folder above is on disk. */
  readonly #synced = new Set<string>();
  /** What is being fetched by this process: asked for twice, fetched once. */
  readonly #underWay = new Map<string, UnderWay>();

  constructor(parts: CacheParts) {
    this.folder = parts.folder;
    this.#parts = parts;
    this.#entries = path.join(parts.folder, "entries");
    this.#partials = new PartialFiles(path.join(parts.folder, "partial"), parts.owners);
    this.#holds = new Holds(parts.owners);
  }

  async fetch(content: RemoteContent, how: FetchHow): Promise<string> {
    const { sha256 } = content;
    if (!/^[0-9a-f]{64}$/.test(sha256)) throw noDigest(content);
    const begun = this.#underWay.get(sha256);
    if (begun === undefined) return this.#begin(content, how);
    try {
      return await begun.file;
    } catch (error) {
      if (!begun.signal.aborted) throw error;
      // Who asked first has cancelled, which is nothing to those who asked later.
      return this.fetch(content, how);
    }
  }

  async list(): Promise<readonly CacheEntry[]> {
    return this.#translating(async () => {
      const entries: CacheEntry[] = [];
      for (const below of await namesIn(this.#entries))
        for (const name of await namesIn(path.join(this.#entries, below))) {
          const entry = name.includes(".") ? undefined : await this.#entry(name);
          if (entry !== undefined) entries.push(entry);
        }
      return entries;
    });
  }

  partialBytes(): Promise<number> {
    return this.#translating(() => this.#partials.bytes());
  }

  async *verify(signal: AbortSignal): AsyncGenerator<CheckedEntry> {
    for (const entry of await this.list()) {
      const found = await this.#translating(() => digestOfFile(this.#file(entry.sha256), signal));
      // Evicted meanwhile.
      if (found === undefined) continue;
      const state = found === entry.sha256 ? "good" : "damaged";
      if (state === "damaged") await this.#remove(entry.sha256);
      yield { ...entry, state, found };
    }
  }

  async evict(what: Eviction): Promise<readonly CacheEntry[]> {
    await this.#translating(() => this.#partials.removeAbandoned());
    const entries = await this.list();
    const chosen =
      "sha256" in what
        ? entries.filter(({ sha256 }) => what.sha256.includes(sha256))
        : surplus(entries, { unusedSeconds: 0, ...what });
    const free = await this.#unheld(chosen, { own: false });
    for (const { sha256 } of free) await this.#remove(sha256);
    return free;
  }

  async #begin(content: RemoteContent, how: FetchHow): Promise<string> {
    const file = this.#translating(() => this.#fetch(content, how));
    this.#underWay.set(content.sha256, { file, signal: how.signal });
    try {
      return await file;
    } finally {
      this.#underWay.delete(content.sha256);
    }
  }

  async #fetch(content: RemoteContent, how: FetchHow): Promise<string> {
    const { sha256 } = content;
    const file = this.#file(sha256);
    await makeFolder(path.dirname(file));
    await this.#holds.take(file);
    const found = await digestOfFile(file, how.signal);
    if (found !== undefined && found !== sha256) {
      await this.#remove(sha256);
      await this.#holds.take(file);
    }
    if (found !== sha256) await this.#bring(content, { ...how, file });
    await touch(`${file}${usedSuffix}`);
    const { maxBytes } = this.#parts;
    if (found !== sha256) await this.#keepSmall({ keepBytes: maxBytes, unusedSeconds: justUsedSeconds });
    return file;
  }

  /** Brings an entry that this process holds to its place. */
  async #bring(
    content: RemoteContent,
    { file, ...how }: FetchHow & { readonly file: string },
  ): Promise<void> {
    try {
      const partial = await this.#partials.take(content.sha256);
      await this.#parts.downloader.download(content, { ...how, partial });
      await this.#place(partial, file);
    } catch (error) {
      await this.#holds.release(file);
      throw error;
    }
  }

  /** What cannot be put in its place leaves nothing: it may be the disk that is full. */
  async #place(partial: string, file: string): Promise<void> {
    try {
      await observedAsync(this.#parts.observer, "cache.place", () => this.#moveIn(partial, file));
    } finally {
      await rm(partial, { force: true });
    }
  }

  /** Puts a whole file in its place, for good. Another process may have done so before: equal content replaces equal. */
  async #moveIn(partial: string, file: string): Promise<void> {
    await chmod(partial, entryMode);
    await rename(partial, file);
    await syncFolderOf(file);
    // Whoever made the folders above may not have brought them to disk.
    for (let folder = path.dirname(file); folder.startsWith(this.folder); folder = path.dirname(folder)) {
      if (!this.#synced.has(folder)) await syncFolderOf(folder);
      this.#synced.add(folder);
    }
  }

  async #keepSmall(room: Required<Extract<Eviction, { keepBytes: number }>>): Promise<void> {
    const free = await this.#unheld(surplus(await this.list(), room), { own: true });
    for (const { sha256 } of free) await this.#remove(sha256);
  }

  /** Entries that no process needs. */
  async #unheld(
    entries: readonly CacheEntry[],
    how: { readonly own: boolean },
  ): Promise<readonly CacheEntry[]> {
    const free: CacheEntry[] = [];
    for (const entry of entries)
      if (!(await this.#translating(() => this.#holds.isHeld(this.#file(entry.sha256), how))))
        free.push(entry);
    return free;
  }

  async #entry(sha256: string): Promise<CacheEntry | undefined> {
    const facts = await factsOf(this.#file(sha256));
    if (facts === undefined) return undefined;
    const used = await factsOf(`${this.#file(sha256)}${usedSuffix}`);
    const usedAt = new Date((used ?? facts).changedMs).toISOString();
    return { sha256, sizeBytes: facts.sizeBytes, usedAt };
  }

  #file(sha256: string): string {
    return path.join(this.#entries, sha256.slice(0, 2), sha256);
  }

  #remove(sha256: string): Promise<void> {
    return this.#translating(() =>
      observedAsync(this.#parts.observer, "cache.evict", async () => {
        await rm(this.#file(sha256), { force: true });
        await rm(`${this.#file(sha256)}${usedSuffix}`, { force: true });
        await this.#holds.forget(this.#file(sha256));
      }),
    );
  }

  async #translating<T>(operation: () => Promise<T>): Promise<T> {
    try {
      return await operation();
    } catch (error) {
      throw cacheError(error, this.folder);
    }
  }
}

/** Entries that are too many, those used longest ago first. */
function surplus(
  entries: readonly CacheEntry[],
  { keepBytes, unusedSeconds }: Required<Extract<Eviction, { keepBytes: number }>>,
): readonly CacheEntry[] {
  const latest = new Date(Date.now() - unusedSeconds * 1000).toISOString();
  let bytes = entries.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
  const chosen: CacheEntry[] = [];
  for (const entry of entries.toSorted((a, b) => (a.usedAt < b.usedAt ? -1 : 1))) {
    if (bytes <= keepBytes) break;
    if (entry.usedAt > latest) continue;
    bytes -= entry.sizeBytes;
    chosen.push(entry);
  }
  return chosen;
}

function noDigest({ url, sha256 }: RemoteContent): AlmanacError {
  return new AlmanacError("ARTIFACT_INVALID", `"${sha256}" is no sha256 of ${url}`, {
    hint: "a remote file is known by its SHA-256: 64 digits, in lower case",
    facts: { url },
  });
}
