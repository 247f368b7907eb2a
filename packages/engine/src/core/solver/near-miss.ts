import type { FacetFilter } from "../diagnostic/constraint.ts";
import { compareCodeUnits } from "../identity/compare.ts";
import { nearestNames } from "../identity/nearest-names.ts";
import type { NearMiss, RequirementExplanation } from "./explanation.ts";
import { selectDatasets } from "./select.ts";
import { codeOf, facetValue, noRows, type TableIndex } from "./table-index.ts";

/** Never varied: data of another model, or of another variable, is no near miss. */
const essentialFacets = new Set(["source_id", "variable_id", "branded_variable"]);

/**
 * Data that agrees on all facets but one: for each facet that may vary, the values that occur where the wanted ones do
 * not.
 * @param wanted facet → allowed values of the data looked for
 * @param fixed facets that must not vary, such as the model that was asked about
 * @param except datasets that do not count
 * @returns those with least data, which are the most telling, first; facets without any are left out
 */
export function nearMisses(
  index: TableIndex,
  wanted: FacetFilter,
  { fixed = [], except = noRows }: { readonly fixed?: readonly string[]; readonly except?: Int32Array } = {},
): readonly NearMiss[] {
  const own = new Set(except);
  const varying = Object.keys(wanted).filter(
    (facet) => !fixed.includes(facet) && !essentialFacets.has(facet),
  );
  return varying
    .map((facet) => {
      const { [facet]: values = [], ...agreeing } = wanted;
      const counts = new Map<string, number>();
      for (const dataset of selectDatasets(index, [agreeing])) {
        const value = own.has(dataset) ? undefined : facetValue(index, facet, dataset);
        if (value !== undefined && !values.includes(value)) counts.set(value, (counts.get(value) ?? 0) + 1);
      }
      const found = [...counts].map(([value, datasets]) => ({ value, datasets }));
      return { facet, wanted: values, found: found.sort(mostFirst), agreeing };
    })
    .filter(({ found }) => found.length > 0)
    .sort((a, b) => total(a) - total(b) || compareCodeUnits(a.facet, b.facet));
}

type Found = NearMiss["found"][number];

function mostFirst(a: Found, b: Found): number {
  return b.datasets - a.datasets || compareCodeUnits(a.value, b.value);
}

function total({ found }: NearMiss): number {
  return found.reduce((sum, { datasets }) => sum + datasets, 0);
}

/** Facets of which no wanted value occurs in the source type, with the nearest values that do. */
export function unknownValues(
  index: TableIndex,
  wanted: FacetFilter,
): RequirementExplanation["unknownValues"] {
  return Object.entries(wanted).flatMap(([facet, values]) => {
    const column = index.table.facets.get(facet);
    if (values.some((value) => codeOf(column, value) >= 0)) return [];
    return values.map((value) => ({ facet, value, nearest: nearestNames(value, column?.values ?? []) }));
  });
}
