import type { SourceType } from "../catalog/source-type.ts";
import { nearestNames } from "../identity/nearest-names.ts";
import type { Constraint } from "./constraint.ts";
import { facetsOfConstraint, universalFacets } from "./constraint-facets.ts";
import type { Requirement } from "./diagnostic.ts";

/** Problems of one requirement's filters, group-by and constraints with its source types. */
export function requirementProblems(
  requirement: Requirement,
  sourceTypes: ReadonlyMap<string, SourceType>,
): readonly string[] {
  const types = [requirement.sourceType].flat().flatMap((name) => sourceTypes.get(name) ?? []);
  const filtered = requirement.filters.flatMap(Object.keys);
  return [
    ...types.flatMap((type) => [
      ...facetProblems(type, new Set(filtered), "a filter", true),
      ...facetProblems(type, new Set(requirement.groupBy), "group-by", true),
      ...requirement.constraints.flatMap((constraint) =>
        facetProblems(type, new Set(facetsOfConstraint(constraint)), constraint.kind, false),
      ),
    ]),
    ...repeated(requirement.groupBy).map((facet) => `group-by names "${facet}" twice`),
    ...requirement.constraints.flatMap(constraintProblems),
  ];
}

function facetProblems(
  type: SourceType,
  facets: ReadonlySet<string>,
  where: string,
  fromPathOnly: boolean,
): readonly string[] {
  const known = [...new Set([...type.facets.map(({ name }) => name), ...universalFacets])];
  return [...facets].flatMap((facet) => {
    if (!known.includes(facet)) {
      const near = nearestNames(facet, known);
      const hint = near.length === 0 ? "" : `; did you mean ${near.join(" or ")}?`;
      return [`${where} names "${facet}", which is no facet of ${type.name}${hint}`];
    }
    const late = type.facets.find(({ name }) => name === facet)?.origin === "header";
    return late && fromPathOnly
      ? [`${where} names "${facet}", which is known only after opening; use a constraint for it`]
      : [];
  });
}

function constraintProblems(constraint: Constraint): readonly string[] {
  switch (constraint.kind) {
    case "requireFacets":
      return constraint.values.length === 0 ? ["requireFacets names no value"] : [];
    case "ignoreFacets":
      return Object.keys(constraint.facets).length === 0 ? ["ignoreFacets names no facet"] : [];
    case "addSupplementary":
      return Object.keys(constraint.facets).length === 0 ? ["addSupplementary names no facet to add"] : [];
    case "addParent":
      return Object.keys(constraint.map).length === 0 ? ["addParent maps no facet"] : [];
    case "custom":
      return constraint.name === "" ? ["a custom constraint has no name"] : [];
    default:
      return [];
  }
}

function repeated(names: readonly string[]): readonly string[] {
  return [...new Set(names.filter((name, at) => names.indexOf(name) !== at))];
}
