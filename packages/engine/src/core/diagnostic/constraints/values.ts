import type { FacetFilter } from "../constraint.ts";

/** Facet → one allowed value or several: how filters are written by hand. */
export type FacetValues = Readonly<Record<string, string | readonly string[]>>;

/** Written values in their one form, lists. Copies. */
export function facetFilter(values: FacetValues): FacetFilter {
  return Object.fromEntries(
    Object.entries(values).map(([facet, value]) => [facet, typeof value === "string" ? [value] : [...value]]),
  );
}
