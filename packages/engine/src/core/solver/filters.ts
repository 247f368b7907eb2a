import type { Provider } from "../diagnostic/diagnostic.ts";
import type { Candidate } from "./candidate.ts";
import type { SolveOptions } from "./options.ts";
import { matcher } from "./select.ts";
import { memoised, type TableIndex } from "./table-index.ts";

/** True if the options' provider, diagnostic and exclude lists let a diagnostic through. */
export function isChosen(provider: Provider, slug: string, options: SolveOptions): boolean {
  const contains = (filters: readonly string[] | undefined, name: string): boolean =>
    filters === undefined ||
    filters.length === 0 ||
    filters.some((filter) => name.toLowerCase().includes(filter.toLowerCase()));
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
    const prefix = `${index.table.sourceType}.`;
    const tests = Object.entries(filter).flatMap(([name, values]) => {
      const facet = name.startsWith(prefix) ? name.slice(prefix.length) : name;
      return index.table.facets.has(facet) ? [matcher(index, { [facet]: values })] : [];
    });
    return tests.length === 0 ? undefined : (dataset: number) => tests.every((test) => test(dataset));
  });
}
