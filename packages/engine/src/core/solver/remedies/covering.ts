import type { Constraint, FacetFilter, RequireTimerange } from "../../diagnostic/constraint.ts";
import type { Requirement } from "../../diagnostic/diagnostic.ts";
import { partialText } from "../constraints/require-timerange.ts";
import type { Covering } from "../explanation.ts";

/**
 * The times that a dataset must cover which comes into a group, if a later constraint asks for a range of the sub-group
 * that it alone would make.
 * @param facets of the dataset
 * @param others facets of the timed datasets of the group
 * @param origin constraint that brings it in; undefined: a filter
 */
export function coveringOf(
  { constraints }: Requirement,
  facets: FacetFilter,
  { others, origin }: { readonly others: readonly FacetFilter[]; readonly origin?: Constraint | undefined },
): Covering | undefined {
  const after = origin === undefined ? constraints : constraints.slice(constraints.indexOf(origin) + 1);
  const asked = after.find((each): each is RequireTimerange => each.kind === "requireTimerange");
  if (asked === undefined) return undefined;
  const together = (other: FacetFilter): boolean =>
    asked.groupBy.every((name) => facets[name]?.join() === other[name]?.join());
  if (others.some(together)) return undefined;
  return {
    ...(asked.start === undefined ? {} : { from: partialText(asked.start) }),
    ...(asked.end === undefined ? {} : { to: partialText(asked.end) }),
  };
}
