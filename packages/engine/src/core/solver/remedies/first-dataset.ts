import type { FacetFilter } from "../../diagnostic/constraint.ts";
import type { Requirement } from "../../diagnostic/diagnostic.ts";
import { facetValue, posting, type TableIndex } from "../table-index.ts";
import { anyFacetValue, type DatasetRemedy, datasetRemedy, isBranded } from "./naming.ts";

/** From this share of the catalog's data on, what holds of it is taken to hold of new data too. */
const asARule = 0.9;

/**
 * The dataset with which a group of a requirement could begin, where nothing is selected: as the filter asks, of required
 * values the first, and with the parent that such data has as a rule.
 * @param wanted facets that it must have, those of a filter among them
 */
// allow-parameters: where, for which need, and what was asked
export function firstDataset(
  index: TableIndex,
  requirement: Requirement,
  wanted: FacetFilter,
): DatasetRemedy {
  const facets = Object.fromEntries(Object.entries(wanted).filter(([, values]) => values.length > 0));
  const one = { ...facets, ...firstRequired(facets, requirement) };
  return datasetRemedy(
    index.table.sourceType,
    { ...one, ...parentNames(index, one, requirement) },
    { anyValue: requirement.groupBy },
  );
}

/** Of the first facet of which all of some values are required: one that the filter allows. */
function firstRequired(facets: FacetFilter, { constraints }: Requirement): FacetFilter {
  for (const constraint of constraints) {
    if (constraint.kind !== "requireFacets" || constraint.match !== "all") continue;
    const { facet, values } = constraint;
    const allowed = facets[facet];
    if (allowed !== undefined) {
      const first = values.find((value) => allowed.includes(value));
      if (first !== undefined) return { [facet]: [first] };
      continue;
    }
    for (const [name, branded] of Object.entries(facets))
      for (const value of values) {
        const own = branded.filter((each) => isBranded(each, value));
        if (own.length > 0) return { [name]: own, [facet]: [value] };
      }
  }
  return {};
}

/** The facets by which a dataset names its parent, with the values that they have as a rule. */
function parentNames(index: TableIndex, facets: FacetFilter, { constraints }: Requirement): FacetFilter {
  const addParent = constraints.find((each) => each.kind === "addParent");
  if (addParent === undefined) return {};
  const names = Object.entries(addParent.map).filter(([target, source]) => target !== source);
  const kin = [...posting(index, "experiment_id", facets["experiment_id"]?.[0] ?? "")];
  return Object.fromEntries(
    names.map(([target, source]) => {
      const own = kin.filter((row) => facetValue(index, source, row) === facetValue(index, target, row));
      if (kin.length > 0 && own.length >= kin.length * asARule)
        return [source, facets[target] ?? [anyFacetValue]];
      return [source, [usualValue(index, kin, source) ?? anyFacetValue]];
    }),
  );
}

// allow-parameters: of which rows, and which facet
function usualValue(index: TableIndex, rows: readonly number[], facet: string): string | undefined {
  const counts = new Map<string, number>();
  for (const row of rows) {
    const value = facetValue(index, facet, row);
    if (value !== undefined) counts.set(value, (counts.get(value) ?? 0) + 1);
  }
  const [most] = [...counts].sort(([, a], [, b]) => b - a);
  return most !== undefined && most[1] >= rows.length * asARule ? most[0] : undefined;
}
