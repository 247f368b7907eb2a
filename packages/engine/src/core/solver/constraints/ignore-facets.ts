import type { IgnoreFacets } from "../../diagnostic/constraint.ts";
import { matcher } from "../select.ts";
import { without } from "../table-index.ts";
import { type Evaluate, idsOf } from "./context.ts";

/** Removes datasets that match all listed facets; an empty map removes none. */
export const evaluateIgnoreFacets: Evaluate<IgnoreFacets> = (group, constraint, { index, note }) => {
  if (Object.keys(constraint.facets).length === 0) return group;
  const dropped = new Set<number>(group.filter(matcher(index, constraint.facets)));
  if (dropped.size > 0)
    note?.({
      kind: "ignored",
      constraint: "ignoreFacets",
      facets: constraint.facets,
      datasets: idsOf(index, dropped),
    });
  return without(group, dropped);
};
