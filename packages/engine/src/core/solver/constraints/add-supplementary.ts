import type { AddSupplementary } from "../../diagnostic/constraint.ts";
import { selectDatasets } from "../select.ts";
import { denseKeys, facetCodes, memoised, noRows, type TableIndex, union } from "../table-index.ts";
import type { Evaluate } from "./context.ts";

/**
 * For each distinct combination of matching and optional facets in the group, adds the supplementary datasets that
 * agree on all matching facets and, of these, on most optional ones (missing never agrees); then the latest version;
 * then the first remaining combination in catalog order, with all its datasets of that version; as missing never agrees, a
 * combination that lacks a facet has none. Never rejects.
 */
export const evaluateAddSupplementary: Evaluate<AddSupplementary> = (group, constraint, { index }) => {
  const facets = [...constraint.matching, ...constraint.optional];
  const combinations = denseKeys(index, facets, { missing: "value" });
  const answers = memoised(
    index,
    `supplementary ${JSON.stringify(constraint)}`,
    () => new Map<number, Int32Array>(),
  );
  const added = new Map<number, Int32Array>();
  for (const dataset of group) {
    const combination = combinations[dataset] as number;
    let best = answers.get(combination);
    if (best === undefined) {
      best = bestFor(index, dataset, constraint);
      answers.set(combination, best);
    }
    added.set(combination, best);
  }
  return union([group, ...added.values()]);
};

/** Supplementary datasets by the key of their matching facets, in catalog order. */
function candidatesByMatch(index: TableIndex, constraint: AddSupplementary): ReadonlyMap<number, number[]> {
  return memoised(index, `supplementaries ${JSON.stringify(constraint)}`, () => {
    const keys = denseKeys(index, constraint.matching, { missing: "drop" });
    const byMatch = new Map<number, number[]>();
    for (const dataset of selectDatasets(index, [constraint.facets])) {
      const key = keys[dataset] as number;
      const list = byMatch.get(key);
      if (key < 0) continue;
      if (list === undefined) byMatch.set(key, [dataset]);
      else list.push(dataset);
    }
    return byMatch;
  });
}

function bestFor(index: TableIndex, dataset: number, constraint: AddSupplementary): Int32Array {
  const match = denseKeys(index, constraint.matching, { missing: "drop" })[dataset] as number;
  const candidates = match < 0 ? undefined : candidatesByMatch(index, constraint).get(match);
  if (candidates === undefined) return noRows;
  const optional = constraint.optional.map((facet) => facetCodes(index, facet));
  const scores = candidates.map(
    (each) =>
      optional.filter((codes) => (codes[dataset] as number) >= 0 && codes[dataset] === codes[each]).length,
  );
  const topScore = Math.max(...scores);
  const closest = candidates.filter((_, at) => scores[at] === topScore);
  const newest = Math.max(...closest.map((each) => index.table.versionRank[each] as number));
  const latest = closest.filter((each) => index.table.versionRank[each] === newest);
  const combinations = denseKeys(index, [...constraint.matching, ...constraint.optional], {
    missing: "drop",
  });
  const first = combinations[latest[0] as number] as number;
  return first < 0 ? noRows : Int32Array.from(latest.filter((each) => combinations[each] === first));
}
