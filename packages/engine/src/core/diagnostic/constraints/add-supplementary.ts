import type { AddSupplementary } from "../constraint.ts";
import { type FacetValues, facetFilter } from "./values.ts";

/** Matching and optional facets by source type; other types must name theirs. */
const defaults = {
  cmip6: {
    matching: ["source_id", "grid_label"],
    optional: ["table_id", "experiment_id", "member_id", "version"],
  },
  cmip7: { matching: ["source_id", "grid_label"], optional: ["experiment_id", "variant_label"] },
} as const;

/**
 * Adds the datasets that fit best, such as cell areas: equal in all `matching` facets, then in most `optional` ones.
 * @param facets what is added, such as `{variable_id: "areacella"}`
 * @param settings `sourceType` (default `cmip6`) gives the defaults of `matching` and `optional`
 */
export function addSupplementary(
  facets: FacetValues,
  settings: {
    readonly sourceType?: "cmip6" | "cmip7";
    readonly matching?: readonly string[];
    readonly optional?: readonly string[];
  } = {},
): AddSupplementary {
  const { matching, optional } = { ...defaults[settings.sourceType ?? "cmip6"], ...settings };
  return {
    kind: "addSupplementary",
    facets: facetFilter(facets),
    matching: [...matching],
    optional: [...optional],
  };
}
