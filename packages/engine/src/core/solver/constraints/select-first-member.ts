import type { SelectFirstMember } from "../../diagnostic/constraint.ts";
import { compareCodeUnits } from "../../identity/compare.ts";
import { facetCodes, partition, without } from "../table-index.ts";
import { type Evaluate, idsOf } from "./context.ts";

/**
 * Keeps, per sub-group, the datasets of the member with the smallest numbers (r, i, p, f); names of another form come
 * after, as text. A dataset that misses a key is dropped; a sub-group whose members are all missing stays.
 */
export const evaluateSelectFirstMember: Evaluate<SelectFirstMember> = (
  group,
  constraint,
  { index, note },
) => {
  const { facet, groupBy, kind } = constraint;
  const codes = facetCodes(index, facet);
  const values = index.table.facets.get(facet)?.values ?? [];
  const { parts, unkeyed } = partition(index, group, groupBy);
  const dropped = new Set<number>(unkeyed);
  if (unkeyed.length > 0)
    note?.({
      kind: "facet-missing",
      constraint: kind,
      facet: groupBy.join(", "),
      datasets: idsOf(index, unkeyed),
    });
  for (const part of parts) {
    const members = new Set([...part].map((dataset) => codes[dataset] as number).filter((code) => code >= 0));
    const names = [...members].map((code) => values[code] as string);
    const first = names.toSorted(compareMembers)[0];
    if (first === undefined) continue;
    const others = part.filter((dataset) => values[codes[dataset] as number] !== first);
    for (const dataset of others) dropped.add(dataset);
    if (others.length > 0)
      note?.({ kind: "other-member", constraint: kind, facet, kept: first, datasets: idsOf(index, others) });
  }
  return without(group, dropped);
};

const memberForm = /^r(\d+)i(\d+)p(\d+)f(\d+)$/;

/** Orders member names: `r2i1p1f1` before `r10i1p1f1`, other forms after all of these, as text. */
export function compareMembers(a: string, b: string): number {
  const left = memberForm.exec(a);
  const right = memberForm.exec(b);
  if (left === null || right === null)
    return Number(left === null) - Number(right === null) || compareCodeUnits(a, b);
  for (let part = 1; part <= 4; part++) {
    const difference = Number(left[part]) - Number(right[part]);
    if (difference !== 0) return difference;
  }
  return compareCodeUnits(a, b);
}
