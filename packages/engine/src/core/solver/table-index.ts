import type { FacetColumn, SourceTable } from "../catalog/snapshot.ts";
import { splitPartlyTimed } from "./partly-timed.ts";

/** No dataset at all. */
export const noRows: Int32Array = new Int32Array(0);

/**
 * A source table with what the solver derives from it once and asks for often: latest datasets, posting lists, dense
 * keys over several facets. Lives as long as one solve; `memo` holds what others derive.
 */
export interface TableIndex {
  readonly table: SourceTable;
  /** Indexes of the latest datasets, ascending: "the whole catalog" of constraints. */
  readonly latest: Int32Array;
  readonly memo: Map<string, unknown>;
}

/** Indexes a table, partly timed datasets split; cheap, everything else is made when first asked for. */
export function indexTable(whole: SourceTable): TableIndex {
  const table = splitPartlyTimed(whole);
  const latest: number[] = [];
  for (let dataset = 0; dataset < table.ids.length; dataset++)
    if (table.latest[dataset] === 1) latest.push(dataset);
  return { table, latest: Int32Array.from(latest), memo: new Map() };
}

/**
 * Derives something from a table once.
 * @param key what it is; the same key must always mean the same derivation
 */
export function memoised<T>(index: TableIndex, key: string, make: () => T): T {
  if (!index.memo.has(key)) index.memo.set(key, make());
  return index.memo.get(key) as T;
}

/** Code of a value in a column, −1 when no dataset has it. */
export function codeOf(column: FacetColumn | undefined, value: string): number {
  let low = 0;
  let high = (column?.values.length ?? 0) - 1;
  while (low <= high) {
    const middle = (low + high) >> 1;
    const found = column?.values[middle] as string;
    if (found === value) return middle;
    if (found < value) low = middle + 1;
    else high = middle - 1;
  }
  return -1;
}

/** Value of a facet of one dataset, undefined when missing. */
// allow-parameters: table, facet and row are the natural order of a lookup, made in inner loops
export function facetValue(index: TableIndex, facet: string, dataset: number): string | undefined {
  const column = index.table.facets.get(facet);
  return column?.values[column.codes[dataset] as number];
}

/** Codes of a facet; all missing when no dataset has it. @shape [nDataset] */
export function facetCodes(index: TableIndex, facet: string): Int32Array {
  const column = index.table.facets.get(facet);
  if (column !== undefined) return column.codes;
  return memoised(index, `codes ${facet}`, () => new Int32Array(index.table.ids.length).fill(-1));
}

/** Latest datasets by code of a facet, each list ascending. */
function postings(index: TableIndex, facet: string): readonly Int32Array[] {
  return memoised(index, `postings ${facet}`, () => {
    const codes = facetCodes(index, facet);
    const lists: number[][] = (index.table.facets.get(facet)?.values ?? []).map(() => []);
    for (const dataset of index.latest) lists[codes[dataset] as number]?.push(dataset);
    return lists.map((list) => Int32Array.from(list));
  });
}

/** Latest datasets with this value of a facet, ascending. */
// allow-parameters: table, facet and value are the natural order of a lookup
export function posting(index: TableIndex, facet: string, value: string): Int32Array {
  return postings(index, facet)[codeOf(index.table.facets.get(facet), value)] ?? noRows;
}

/**
 * One whole number per dataset for its values of several facets: equal numbers mean equal values.
 * @param missing `drop`: −1 when any value is missing; `value`: missing counts as a value of its own
 * @shape [nDataset]
 */
export function denseKeys(
  index: TableIndex,
  facets: readonly string[],
  { missing }: { readonly missing: "drop" | "value" },
): Int32Array {
  return memoised(index, `keys ${missing} ${JSON.stringify(facets)}`, () => {
    let keys: Int32Array = new Int32Array(index.table.ids.length);
    for (const facet of facets) keys = refine(keys, facetCodes(index, facet), missing);
    return keys;
  });
}

function refine(keys: Int32Array, codes: Int32Array, missing: "drop" | "value"): Int32Array {
  const refined = new Int32Array(keys.length).fill(-1);
  const seen = new Map<number, number>();
  for (let dataset = 0; dataset < keys.length; dataset++) {
    const key = keys[dataset] as number;
    const code = codes[dataset] as number;
    if (missing === "drop" && (key < 0 || code < 0)) continue;
    // Both are below 2^26 (datasets of a type), so that the pair fits a double exactly.
    const pair = key * 67_108_864 + (code + 1);
    let dense = seen.get(pair);
    if (dense === undefined) {
      dense = seen.size;
      seen.set(pair, dense);
    }
    refined[dataset] = dense;
  }
  return refined;
}

/** A group split by some facets. */
export interface Partition {
  /** Sub-groups in the order of their first dataset, each ascending. */
  readonly parts: readonly Int32Array[];
  /** Datasets that miss a key, ascending. */
  readonly unkeyed: Int32Array;
}

/** Splits a group into sub-groups of equal facet values; no facets: one sub-group of all. */
// allow-parameters: called by every constraint on every group with just these
export function partition(index: TableIndex, group: Int32Array, facets: readonly string[]): Partition {
  if (facets.length === 0) return { parts: group.length === 0 ? [] : [group], unkeyed: noRows };
  const keys = denseKeys(index, facets, { missing: "drop" });
  const parts = new Map<number, number[]>();
  const unkeyed: number[] = [];
  for (const dataset of group) {
    const key = keys[dataset] as number;
    const part = parts.get(key);
    if (key < 0) unkeyed.push(dataset);
    else if (part === undefined) parts.set(key, [dataset]);
    else part.push(dataset);
  }
  return {
    parts: [...parts.values()].map((part) => Int32Array.from(part)),
    unkeyed: Int32Array.from(unkeyed),
  };
}

/** Ascending union without repeats. */
export function union(lists: readonly ArrayLike<number>[]): Int32Array {
  if (lists.length === 1) return Int32Array.from(lists[0] as ArrayLike<number>);
  const all = new Set<number>();
  for (const list of lists) for (let at = 0; at < list.length; at++) all.add(list[at] as number);
  return Int32Array.from(all).sort();
}

/** The group without some of its datasets. */
export function without(group: Int32Array, dropped: ReadonlySet<number>): Int32Array {
  return dropped.size === 0 ? group : group.filter((dataset) => !dropped.has(dataset));
}
