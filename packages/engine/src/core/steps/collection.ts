import type { StoredProduct } from "./stored-products.ts";

/** What may be thrown away. */
export interface CollectionPolicy {
  /** Actions to keep of each step, newest first; the one that its names point at is always kept. Default 1. */
  readonly keepLast?: number;
  /** Keep what was made at this time (ISO 8601, UTC) or later. */
  readonly keepSince?: string;
  /** Of what may go, the oldest go until the store holds this much; without it all of it goes. */
  readonly maxBytes?: number;
  readonly dryRun: boolean;
}

/** What stays and what goes, by key. */
export interface Selection {
  readonly removed: readonly StoredProduct[];
  readonly removedKeys: ReadonlySet<string>;
  readonly keptBytes: number;
  readonly freedBytes: number;
  /** What making the removed products again would take. */
  readonly recomputeMs: number;
}

/**
 * Chooses what collection removes: never what is pinned, was saved by hand or is current.
 * @param products oldest first
 */
export function selectForRemoval(
  products: readonly StoredProduct[],
  policy: CollectionPolicy & { readonly pinned: ReadonlySet<string> },
): Selection {
  const removable = removableKeys(products, policy);
  const bytes = new Map<string, number>();
  for (const { key, output, here } of products)
    bytes.set(key, (bytes.get(key) ?? 0) + (here ? output.bytes : 0));
  const total = [...bytes.values()].reduce((sum, each) => sum + each, 0);
  const removedKeys = new Set<string>();
  let freedBytes = 0;
  for (const key of removable) {
    if (policy.maxBytes !== undefined && total - freedBytes <= policy.maxBytes) break;
    removedKeys.add(key);
    freedBytes += bytes.get(key) ?? 0;
  }
  const removed = products.filter(({ key }) => removedKeys.has(key));
  const costs = new Map(removed.map(({ key, durationMs }) => [key, durationMs]));
  const recomputeMs = [...costs.values()].reduce((sum, each) => sum + each, 0);
  return { removed, removedKeys, freedBytes, keptBytes: total - freedBytes, recomputeMs };
}

function removableKeys(
  products: readonly StoredProduct[],
  { keepLast = 1, keepSince, pinned }: CollectionPolicy & { readonly pinned: ReadonlySet<string> },
): readonly string[] {
  const kept = new Map<string, Set<string>>();
  const keys = new Set<string>();
  for (const { key, step, current, at } of products.toReversed()) {
    if (step === undefined) continue;
    const newest = kept.get(step) ?? new Set();
    kept.set(step, newest);
    if (newest.size < keepLast) newest.add(key);
    const isYoung = keepSince !== undefined && at >= keepSince;
    if (!newest.has(key) && !current && !pinned.has(key) && !isYoung) keys.add(key);
  }
  return [...keys].reverse();
}
