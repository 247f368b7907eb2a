import type { AddSupplementary, FacetFilter } from "../../diagnostic/constraint.ts";
import type { Requirement } from "../../diagnostic/diagnostic.ts";
import { isBranded } from "./naming.ts";

/** What brings data with a value into a group: a filter, or a supplement. */
export type Origin =
  | {
      readonly kind: "filter";
      readonly filter: FacetFilter;
      /** Facets of the filter, left out of it, with which nothing can have the value. */
      readonly excluding: FacetFilter;
    }
  | { readonly kind: "supplement"; readonly constraint: AddSupplementary };

/** Values that are asked for, and those of the same facet that there are. */
interface Asked {
  readonly facet: string;
  readonly present: readonly string[];
}

/** What brings in one of some values: the first that anything can bring in. */
// allow-parameters: by which requirement, of which facet, which values
export function originOf(requirement: Requirement, asked: Asked, values: readonly string[]): Origin {
  const origins = values.map((value) => originOfOne(requirement, asked, value));
  const able = origins.find(
    (origin) => origin.kind === "supplement" || Object.keys(origin.excluding).length === 0,
  );
  return able ?? origins[0] ?? { kind: "filter", filter: {}, excluding: {} };
}

// allow-parameters: by which requirement, of which facet, which value
function originOfOne({ filters, constraints }: Requirement, asked: Asked, value: string): Origin {
  const { facet } = asked;
  const asking = filters.find((filter) => filter[facet]?.includes(value) === true);
  if (asking !== undefined) return { kind: "filter", filter: asking, excluding: {} };
  for (const constraint of constraints)
    if (constraint.kind === "addSupplementary" && brings(constraint.facets, facet, value))
      return { kind: "supplement", constraint };
  const open = filters.filter((filter) => filter[facet] === undefined);
  const telling = open.find((filter) =>
    Object.values(filter)
      .flat()
      .some((each) => isBranded(each, value)),
  );
  const entries = Object.entries(telling ?? open[0] ?? filters[0] ?? {});
  const excluding = entries.filter(([name, allowed]) => excludes(name, allowed, { asked, value }));
  const rest = entries.filter((entry) => !excluding.includes(entry));
  return {
    kind: "filter",
    filter: filterFor(Object.fromEntries(rest), value),
    excluding: Object.fromEntries(excluding),
  };
}

// allow-parameters: what it brings, and which value of which facet
function brings(facets: FacetFilter, facet: string, value: string): boolean {
  if (facets[facet] !== undefined) return facets[facet].includes(value);
  return Object.values(facets)
    .flat()
    .some((each) => isBranded(value, each) || isBranded(each, value));
}

/** True for another value of the facet itself, and for branded variables that are of the present ones and not of this one. */
// allow-parameters: one entry of a filter, and what is asked of it
function excludes(
  name: string,
  allowed: readonly string[],
  { asked: { facet, present }, value }: { readonly asked: Asked; readonly value: string },
): boolean {
  if (name === facet) return !allowed.includes(value);
  const isOf = (variable: string): boolean => allowed.some((each) => isBranded(each, variable));
  return present.some(isOf) && !isOf(value);
}

/** A filter with only those values that begin with another facet's: of branded variables that of the variable. */
function filterFor(filter: FacetFilter, value: string): FacetFilter {
  const entries = Object.entries(filter).map(([facet, values]) => {
    const own = values.filter((each) => isBranded(each, value));
    return [facet, own.length === 0 ? values : own];
  });
  return Object.fromEntries(entries);
}
