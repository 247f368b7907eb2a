import type { FacetFilter } from "../diagnostic/constraint.ts";
import type { Selector } from "../execution/definition.ts";
import { compareCodeUnits } from "../identity/compare.ts";
import { codeOf, facetCodes, facetValue, partition, posting, type TableIndex, union } from "./table-index.ts";

/** A test whether a dataset's value of every facet is among the filter's; a missing value never matches. */
export function matcher(index: TableIndex, filter: FacetFilter): (dataset: number) => boolean {
  const tests = Object.entries(filter).map(([facet, values]) => {
    const column = index.table.facets.get(facet);
    const allowed = new Set(values.map((value) => codeOf(column, value)).filter((code) => code >= 0));
    return { codes: facetCodes(index, facet), allowed };
  });
  return (dataset) => tests.every(({ codes, allowed }) => allowed.has(codes[dataset] as number));
}

/**
 * Latest datasets that match any of the filters, ascending. No filter or an empty map: all; an empty value list:
 * nothing. Reads the posting lists of the facet that has the fewest datasets and tests the rest.
 */
export function selectDatasets(index: TableIndex, filters: readonly FacetFilter[]): Int32Array {
  if (filters.length === 0) return index.latest;
  return union(filters.map((filter) => selectByFilter(index, filter)));
}

function selectByFilter(index: TableIndex, filter: FacetFilter): Int32Array {
  const facets = Object.entries(filter).map(([facet, values]) => ({
    lists: [...new Set(values)].map((value) => posting(index, facet, value)),
  }));
  const sized = facets.map(({ lists }) => ({
    lists,
    size: lists.reduce((total, list) => total + list.length, 0),
  }));
  const rarest = sized.reduce<(typeof sized)[number] | undefined>(
    (best, each) => (best === undefined || each.size < best.size ? each : best),
    undefined,
  );
  return rarest === undefined ? index.latest : union(rarest.lists).filter(matcher(index, filter));
}

/** A group before its constraints. */
export interface SelectedGroup {
  /** In facet-name order. */
  readonly selector: Selector;
  /** Ascending, not empty. */
  readonly datasets: Int32Array;
}

/** Groups datasets by facets, in order of the key's values; datasets that miss a key are left out. */
export function groupDatasets(
  index: TableIndex,
  datasets: Int32Array,
  { groupBy }: { readonly groupBy: readonly string[] },
): readonly SelectedGroup[] {
  const columns = groupBy.map((facet) => facetCodes(index, facet));
  const byKey = (a: Int32Array, b: Int32Array): number => {
    for (const codes of columns) {
      const difference = (codes[a[0] as number] as number) - (codes[b[0] as number] as number);
      if (difference !== 0) return difference;
    }
    return 0;
  };
  const names = groupBy.toSorted(compareCodeUnits);
  return partition(index, datasets, groupBy)
    .parts.toSorted(byKey)
    .map((part) => ({ selector: selectorOf(index, names, part[0] as number), datasets: part }));
}

function selectorOf(index: TableIndex, names: readonly string[], dataset: number): Selector {
  return names.map((name) => [name, facetValue(index, name, dataset) as string] as const);
}

/** Datasets left after each facet of a filter, in the order the filter lists them: one step of the funnel each. */
export function filterSteps(
  index: TableIndex,
  filter: FacetFilter,
  { rows = index.latest }: { readonly rows?: Int32Array } = {},
): readonly { readonly facet: string; readonly rows: Int32Array }[] {
  let left = rows;
  return Object.entries(filter).map(([facet, values]) => {
    left = left.filter(matcher(index, { [facet]: values }));
    return { facet, rows: left };
  });
}
