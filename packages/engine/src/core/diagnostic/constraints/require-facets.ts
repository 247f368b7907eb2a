import type { RequireFacets } from "../constraint.ts";

/**
 * Keeps a sub-group only if values occur in a facet, such as all variables of a formula.
 * @param settings `match`: `all` (default) or `any` of the values; `groupBy`: default none, the group as a whole
 */
export function requireFacets(settings: {
  readonly facet: string;
  readonly values: string | readonly string[];
  readonly match?: "all" | "any";
  readonly groupBy?: readonly string[];
}): RequireFacets {
  const { facet, values, match = "all", groupBy = [] } = settings;
  return { kind: "requireFacets", facet, values: [values].flat(), match, groupBy: [...groupBy] };
}
