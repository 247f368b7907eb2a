import type { Constraint, FacetFilter } from "../diagnostic/constraint.ts";
import { partialText } from "./constraints/require-timerange.ts";

/** So many characters of a list of values are written out. */
const shownCharacters = 60;

/** Values as `a,b`; a long list is cut, with how many it has more. */
export function valuesText(values: readonly string[] = []): string {
  if (values.length === 0) return "(no value)";
  let shown = 1;
  while (shown < values.length && values.slice(0, shown + 1).join().length <= shownCharacters) shown++;
  const more = values.length - shown;
  return `${values.slice(0, shown).join()}${more === 0 ? "" : ` and ${more} more`}`;
}

/** A facet filter as `facet=a,b facet=c`. */
export function filterText(filter: FacetFilter): string {
  return Object.entries(filter)
    .map(([facet, values]) => `${facet}=${valuesText(values)}`)
    .join(" ");
}

/** What a constraint asks for, in a few words; empty where its name says all. */
export function constraintText(constraint: Constraint): string {
  switch (constraint.kind) {
    case "requireFacets":
      return `${constraint.match} of ${constraint.facet}=${valuesText(constraint.values)}`;
    case "ignoreFacets":
    case "addSupplementary":
      return filterText(constraint.facets);
    case "requireTimerange":
      return rangeText(constraint);
    case "selectFirstMember":
      return constraint.facet;
    case "addParent":
    case "requireContiguousTimerange":
    case "requireOverlappingTimerange":
    case "custom":
      return "";
  }
}

function rangeText({ start, end }: Extract<Constraint, { readonly kind: "requireTimerange" }>): string {
  const from = start === undefined ? [] : [`from ${partialText(start)}`];
  const to = end === undefined ? [] : [`to ${partialText(end)}`];
  return [...from, ...to].join(" ");
}
