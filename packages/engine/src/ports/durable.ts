/**
 * Every named point at which something durable is written. A kill before or after any of them must leave a state that
 * the next command can finish or fail; the kill tests enumerate this list.
 */
export const durablePoints = [
  "config.write",
  "catalog.migrate",
  "catalog.ingest",
  "catalog.finalise",
  "catalog.record",
  "catalog.transition",
  "catalog.publish",
  "scratch.definition",
  "worker.manifest",
  "worker.journal",
  "worker.bundle",
  "worker.seal",
  "worker.outcome",
  "results.copy",
  "results.manifest",
  "results.promote",
  "scratch.remove",
] as const;

/** The points of a product store, which a solve never passes. */
export const productPoints = [
  "products.blob",
  "products.append",
  "products.sync",
  "products.lease",
  "products.collect",
] as const;

/** The points of a store of blobs that several share: whole or not at all. */
export const blobPoints = ["blobs.put"] as const;

/** The points of the cache of inputs: what a kill leaves there is fetched again. */
export const cachePoints = ["cache.download", "cache.place", "cache.evict"] as const;

/** The points of bags, which are folders outside of the results. */
export const bagPoints = ["bags.build", "bags.place", "bags.fetch"] as const;

/** The points of snapshots of the catalog, and of deleting: what a kill leaves is finished by the next command that writes. */
export const keepingPoints = ["catalog.snapshot", "catalog.delete"] as const;

/** Name of a durable write. */
export type DurablePoint =
  | (typeof durablePoints)[number]
  | (typeof productPoints)[number]
  | (typeof blobPoints)[number]
  | (typeof cachePoints)[number]
  | (typeof bagPoints)[number]
  | (typeof keepingPoints)[number];

/**
 * Told before and after every durable write. The default does nothing; tests kill the process in it. Adapters that
 * write durably receive one and call `before`, write and fsync, then `after`.
 */
export interface DurableObserver {
  before(point: DurablePoint): void;
  after(point: DurablePoint): void;
}

/** The observer of everyday use: none. */
export const unobserved: DurableObserver = { before: () => {}, after: () => {} };

/** Runs a synchronous durable write between the observer's two calls. */
export function observed<T>(observer: DurableObserver, point: DurablePoint, write: () => T): T {
  observer.before(point);
  const result = write();
  observer.after(point);
  return result;
}

/** Runs an asynchronous durable write between the observer's two calls. */
export async function observedAsync<T>(
  observer: DurableObserver,
  point: DurablePoint,
  write: () => Promise<T>,
): Promise<T> {
  observer.before(point);
  const result = await write();
  observer.after(point);
  return result;
}
