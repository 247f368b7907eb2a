import type { DownloadHow, RemoteContent } from "./downloader.ts";

/** One content that the cache holds. */
export interface CacheEntry {
  readonly sha256: string;
  readonly sizeBytes: number;
  /** When it was last asked for, in UTC. */
  readonly usedAt: string;
}

/** What checking one entry found. */
export interface CheckedEntry extends CacheEntry {
  readonly state: "good" | "damaged";
  /** SHA-256 that its file really has. */
  readonly found: string;
}

/** What is to be removed: what is named, else what was used longest ago until the rest fits. */
export type Eviction =
  | { readonly sha256: readonly string[] }
  | { readonly keepBytes: number; readonly unusedSeconds?: number };

/**
 * Contents from elsewhere, kept on this machine by their SHA-256. Several processes may use one cache at once. Files are
 * read-only; nobody sees one that has not been verified.
 */
export interface InputCache {
  /** Absolute. */
  readonly folder: string;
  /**
   * File with just this content, fetched unless it is there; one that is damaged is fetched again. While this
   * process lives no other evicts it, unless it is linked elsewhere.
   * @returns absolute path
   * @throws what downloading throws; a broken download goes on next time
   */
  fetch(content: RemoteContent, how: Pick<DownloadHow, "signal" | "progress">): Promise<string>;
  /** What is there, in order of digests. */
  list(): Promise<readonly CacheEntry[]>;
  /** Bytes of downloads that are under way or were broken off. */
  partialBytes(): Promise<number>;
  /** Hashes every entry; a damaged one is removed, to be fetched again when it is asked for. */
  verify(signal: AbortSignal): AsyncIterable<CheckedEntry>;
  /**
   * Removes entries, and what is left of downloads whose process is gone. What another process that lives has asked for
   * stays, unless its content is linked elsewhere.
   * @returns the entries removed
   */
  evict(what: Eviction): Promise<readonly CacheEntry[]>;
}
