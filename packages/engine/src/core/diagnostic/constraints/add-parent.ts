import type { AddParent } from "../constraint.ts";

const named = {
  source_id: "parent_source_id",
  experiment_id: "parent_experiment_id",
  variant_label: "parent_variant_label",
} as const;

/** Facets of the parent → facets of the child that name them, by source type. */
const defaults = {
  cmip6: { ...named, table_id: "table_id", variable_id: "variable_id", grid_label: "grid_label" },
  cmip7: { ...named, variable_id: "variable_id", grid_label: "grid_label" },
} as const;

/**
 * Adds each dataset's parent, such as the control run it branched from; a dataset without one is dropped.
 * @param settings `sourceType` (default `cmip6`) gives the default of `map`: the parent's facet → the facet that names it
 */
export function addParent(
  settings: { readonly sourceType?: "cmip6" | "cmip7"; readonly map?: Readonly<Record<string, string>> } = {},
): AddParent {
  return { kind: "addParent", map: { ...(settings.map ?? defaults[settings.sourceType ?? "cmip6"]) } };
}
