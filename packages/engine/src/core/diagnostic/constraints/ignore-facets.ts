import type { IgnoreFacets } from "../constraint.ts";
import { type FacetValues, facetFilter } from "./values.ts";

/** Removes datasets that match all listed facets. */
export function ignoreFacets(facets: FacetValues): IgnoreFacets {
  return { kind: "ignoreFacets", facets: facetFilter(facets) };
}
