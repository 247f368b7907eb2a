import type { Constraint } from "./constraint.ts";
import { type FacetValues, facetFilter } from "./constraints/values.ts";
import type { Requirement } from "./diagnostic.ts";

/** A requirement as written by hand. */
export interface RequirementInput extends Partial<Omit<Requirement, "sourceType" | "filters">> {
  readonly sourceType: string | readonly string[];
  /** One filter or several (any of them); a value may stand for a list of one. */
  readonly filters?: FacetValues | readonly FacetValues[];
  readonly constraints?: readonly Constraint[];
}

/** A need for data, with defaults: no filter, one group, no constraint. Copies. */
export function requirement(input: RequirementInput): Requirement {
  const { sourceType, filters = [], groupBy = [], constraints = [], ...rest } = input;
  return {
    ...rest,
    sourceType: typeof sourceType === "string" ? sourceType : [...sourceType],
    filters: [filters].flat().map(facetFilter),
    groupBy: [...groupBy],
    constraints: [...constraints],
  };
}
