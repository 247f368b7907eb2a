import type { Constraint } from "./constraint.ts";

/** Names of all facets that a constraint reads, in order of declaration. Those of a custom one: its footprint's. */
export function facetsOfConstraint(constraint: Constraint): readonly string[] {
  switch (constraint.kind) {
    case "requireFacets":
    case "selectFirstMember":
      return [constraint.facet, ...constraint.groupBy];
    case "ignoreFacets":
      return Object.keys(constraint.facets);
    case "addSupplementary":
      return [...Object.keys(constraint.facets), ...constraint.matching, ...constraint.optional];
    case "addParent":
      return Object.entries(constraint.map).flat();
    case "custom":
      return Object.keys(constraint.footprint);
    default:
      return constraint.groupBy;
  }
}

/** Facets that need not be declared: every source type has them. */
export const universalFacets: readonly string[] = ["instance_id", "version"];
