import type { SourceType } from "../catalog/source-type.ts";
import { nearestNames } from "../identity/nearest-names.ts";
import type { Constraint } from "./constraint.ts";
import { facetsOfConstraint, universalFacets } from "./constraint-facets.ts";
import type { Requirement } from "./diagnostic.ts";
import { type DeclarationProblem, problem, within } from "./problem.ts";

/** Problems of one requirement's filters, group-by and constraints with its source types. */
export function requirementProblems(
  requirement: Requirement,
  sourceTypes: ReadonlyMap<string, SourceType>,
): readonly DeclarationProblem[] {
  const types = [requirement.sourceType].flat().flatMap((name) => sourceTypes.get(name) ?? []);
  return [
    ...types.flatMap((type) => [
      ...requirement.filters.flatMap((filter, at) => within(["filters", at], filterProblems(type, filter))),
      ...within(["groupBy"], groupByProblems(type, requirement.groupBy)),
      ...requirement.constraints.flatMap((constraint, at) =>
        within(["constraints", at], facetProblems(type, constraint)),
      ),
    ]),
    ...repeated(requirement.groupBy).map((facet) =>
      problem(`group-by names "${facet}" twice`, ["groupBy", requirement.groupBy.lastIndexOf(facet)]),
    ),
    ...requirement.constraints.flatMap((constraint, at) =>
      constraintProblems(constraint).map((message) => problem(message, ["constraints", at])),
    ),
  ];
}

function filterProblems(
  type: SourceType,
  filter: Requirement["filters"][number],
): readonly DeclarationProblem[] {
  return Object.keys(filter).flatMap((facet) =>
    facetProblem(type, facet, { where: "a filter", fromPathOnly: true }).map((each) =>
      problem(each, [facet]),
    ),
  );
}

function groupByProblems(type: SourceType, groupBy: readonly string[]): readonly DeclarationProblem[] {
  return [...new Set(groupBy)].flatMap((facet) =>
    facetProblem(type, facet, { where: "group-by", fromPathOnly: true }).map((each) =>
      problem(each, [groupBy.indexOf(facet)]),
    ),
  );
}

function facetProblems(type: SourceType, constraint: Constraint): readonly DeclarationProblem[] {
  return [...new Set(facetsOfConstraint(constraint))].flatMap((facet) =>
    facetProblem(type, facet, { where: constraint.kind, fromPathOnly: false }).map((each) => problem(each)),
  );
}

/** What is wrong with naming a facet of a type, if anything. */
function facetProblem(
  type: SourceType,
  facet: string,
  { where, fromPathOnly }: { readonly where: string; readonly fromPathOnly: boolean },
): readonly string[] {
  const declared = type.facets.find(({ name }) => name === facet);
  if (declared === undefined && !universalFacets.includes(facet)) {
    const known = [...new Set([...type.facets.map(({ name }) => name), ...universalFacets])];
    const near = nearestNames(facet, known);
    const hint = near.length === 0 ? "" : `; did you mean ${near.join(" or ")}?`;
    return [`${where} names "${facet}", which is no facet of ${type.name}${hint}`];
  }
  return declared?.origin === "header" && fromPathOnly
    ? [`${where} names "${facet}", which is known only after opening; use a constraint for it`]
    : [];
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
