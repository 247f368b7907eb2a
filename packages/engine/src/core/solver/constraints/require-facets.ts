import type { RequireFacets } from "../../diagnostic/constraint.ts";
import { codeOf, facetCodes, partition, without } from "../table-index.ts";
import { type ConstraintContext, type Evaluate, idsOf, subgroupOf } from "./context.ts";

/**
 * Keeps a sub-group if all (any) of the values occur in the facet. Datasets with a missing key belong to no sub-group
 * and stay.
 */
export const evaluateRequireFacets: Evaluate<RequireFacets> = (group, constraint, context) => {
  const { index } = context;
  const codes = facetCodes(index, constraint.facet);
  const column = index.table.facets.get(constraint.facet);
  const wanted = constraint.values.map((value) => codeOf(column, value));
  const dropped = new Set<number>();
  for (const part of partition(index, group, constraint.groupBy).parts) {
    const present = new Set<number>();
    for (const dataset of part) present.add(codes[dataset] as number);
    const occurs = (code: number): boolean => code >= 0 && present.has(code);
    if (constraint.match === "all" ? wanted.every(occurs) : wanted.some(occurs)) continue;
    for (const dataset of part) dropped.add(dataset);
    if (context.note !== undefined) noteMissing(part, constraint, context);
  }
  return without(group, dropped);
};

function noteMissing(part: Int32Array, constraint: RequireFacets, { index, note }: ConstraintContext): void {
  const codes = facetCodes(index, constraint.facet);
  const values = index.table.facets.get(constraint.facet)?.values ?? [];
  const codesPresent = new Set([...part].map((dataset) => codes[dataset] as number));
  const present = [...codesPresent].filter((code) => code >= 0).sort((a, b) => a - b);
  const names = present.map((code) => values[code] as string);
  note?.({
    kind: "values-missing",
    constraint: "requireFacets",
    facet: constraint.facet,
    missing: constraint.values.filter((value) => !names.includes(value)),
    present: names,
    match: constraint.match,
    subgroup: subgroupOf(index, part, constraint),
    datasets: idsOf(index, part),
  });
}
