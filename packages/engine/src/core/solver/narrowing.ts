import { type Condition, conditionTest, isGlob, type Selection } from "../catalog/selection.ts";
import type { FacetColumn, Snapshot } from "../catalog/snapshot.ts";
import type { FacetFilter } from "../diagnostic/constraint.ts";
import type { Diagnostic } from "../diagnostic/diagnostic.ts";
import { sourceTypesOf } from "./answer.ts";
import { codeOf } from "./table-index.ts";

/**
 * Which of the facets asked for concern which source type. What one of the diagnostic's source types meets does not
 * concern those that cannot meet it: a model's name says nothing about observations.
 */
// allow-parameters: the three things that are asked of it
export function narrow(
  snapshot: Snapshot,
  diagnostic: Diagnostic,
  selection: Selection,
): ReadonlyMap<string, FacetFilter> {
  const types = [...new Set(diagnostic.requirementSets.flat().flatMap(sourceTypesOf))];
  const byType = types.map((type) => {
    const own = selection.filter(({ sourceType = type }) => sourceType === type);
    const asked = Map.groupBy(own, ({ facet }) => facet);
    return { type, wanted: [...asked].flatMap(([, conditions]) => wantedOf(snapshot, type, conditions)) };
  });
  const metElsewhere = (facet: string): boolean =>
    byType.some(({ wanted }) => wanted.some((each) => each.facet === facet && each.met));
  return new Map(
    byType.map(({ type, wanted }) => {
      const concerning = wanted.filter(({ facet, met, ofType }) => met || ofType || !metElsewhere(facet));
      return [type, Object.fromEntries(concerning.map(({ facet, values }) => [facet, values]))] as const;
    }),
  );
}

/** What is wanted of one facet of a source type. */
interface Wanted {
  readonly facet: string;
  readonly values: readonly string[];
  /** True if the type has one of the values. */
  readonly met: boolean;
  /** True if the type was named. */
  readonly ofType: boolean;
}

/** What conditions on one facet want of a source type; nothing if the type does not have the facet. */
// allow-parameters: where, of which type and what is wanted
function wantedOf(snapshot: Snapshot, type: string, conditions: readonly Condition[]): readonly Wanted[] {
  const facet = conditions[0]?.facet;
  const column = facet === undefined ? undefined : snapshot.tables.get(type)?.facets.get(facet);
  if (facet === undefined || column === undefined) return [];
  const values = wantedValues(column, conditions);
  const met = values.some((value) => codeOf(column, value) >= 0);
  return [{ facet, values, met, ofType: conditions.some(({ sourceType }) => sourceType !== undefined) }];
}

/**
 * The values that meet all conditions on one facet: those of the catalog, and those written out, which the catalog may
 * lack and the explanation then names.
 */
function wantedValues({ values }: FacetColumn, conditions: readonly Condition[]): readonly string[] {
  const tests = conditions.map(conditionTest);
  const written = conditions.flatMap(({ negated, values: given }) =>
    negated ? [] : given.filter((value) => !isGlob(value)),
  );
  return [...new Set([...written, ...values])].filter((value) => tests.every((test) => test(value)));
}

/** Facets by source type as one filter of `type.facet`. */
export function qualified(narrowed: ReadonlyMap<string, FacetFilter>): FacetFilter {
  const entries = [...narrowed].flatMap(([type, facets]) =>
    Object.entries(facets).map(([facet, values]) => [`${type}.${facet}`, values] as const),
  );
  return Object.fromEntries(entries);
}
