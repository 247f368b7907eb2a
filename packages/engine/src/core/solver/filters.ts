import { type Condition, conditionTest, parseSelection } from "../catalog/selection.ts";
import type { Provider } from "../diagnostic/diagnostic.ts";
import type { Candidate } from "./candidate.ts";
import type { SolveOptions } from "./options.ts";
import { facetCodes, memoised, type TableIndex } from "./table-index.ts";

/** True if the options' provider, diagnostic and exclude lists let a diagnostic through. */
export function isChosen(provider: Provider, slug: string, options: SolveOptions): boolean {
  const contains = (filters: readonly string[] | undefined, name: string): boolean =>
    filters === undefined ||
    filters.length === 0 ||
    filters.some((filter) =>
      options.exactNames === true ? name === filter : name.toLowerCase().includes(filter.toLowerCase()),
    );
  const excluded = options.exclude?.some((name) => name === slug || name === `${provider.slug}/${slug}`);
  return (
    contains(options.providers, provider.slug) && contains(options.diagnostics, slug) && excluded !== true
  );
}

/**
 * True if a candidate contains, of every source type that has the filtered facets, a dataset that matches them all.
 * Never changes what is in a candidate.
 */
export function isShown(candidate: Candidate, options: SolveOptions): boolean {
  const filter = options.datasets;
  if (filter === undefined) return true;
  const byType = Map.groupBy(candidate.parts, ({ sourceType }) => sourceType);
  return [...byType.values()].every((parts) => {
    const index = parts[0]?.index as TableIndex;
    const test = testOf(index, filter);
    return test === undefined || parts.some(({ datasets }) => datasets.some(test));
  });
}

/** The filter on one source type; undefined when none of its facets is this type's. */
function testOf(
  index: TableIndex,
  filter: NonNullable<SolveOptions["datasets"]>,
): ((dataset: number) => boolean) | undefined {
  return memoised(index, `dataset filter ${JSON.stringify(filter)}`, () => {
    const { sourceType, facets } = index.table;
    const tests = parseSelection(filter)
      .filter((condition) => condition.sourceType === undefined || condition.sourceType === sourceType)
      .filter(({ facet }) => facets.has(facet))
      .map((condition) => datasetTest(index, condition));
    return tests.length === 0 ? undefined : (dataset: number) => tests.every((test) => test(dataset));
  });
}

/** One condition as a test of datasets: each value that occurs is looked at once. */
function datasetTest(index: TableIndex, condition: Condition): (dataset: number) => boolean {
  const test = conditionTest(condition);
  const codes = facetCodes(index, condition.facet);
  const fitting = (index.table.facets.get(condition.facet)?.values ?? []).map(test);
  const missingFits = test(undefined);
  return (dataset) => {
    const code = codes[dataset] as number;
    return code < 0 ? missingFits : fitting[code] === true;
  };
}
