import type { CustomConstraint } from "../../diagnostic/constraint.ts";
import { isAlmanacError } from "../../errors.ts";
import { idsOf } from "../constraints/context.ts";
import { evaluateCustom } from "../constraints/custom.ts";
import type { Remedy } from "../explanation.ts";
import { facetCodes, type TableIndex, without } from "../table-index.ts";

/** So often a constraint is asked what it would accept. */
const trials = 64;

/** Datasets that are tried to be left out, and what they have in common. */
interface Suspects {
  readonly rows: readonly number[];
  readonly facet?: readonly [name: string, value: string];
}

/**
 * Which datasets make a user's own constraint reject a group: the first that it accepts the group without, else the first
 * that have one value of a facet in common.
 * @param group rows of the group as the constraint saw it
 */
// allow-parameters: where, what was rejected, and by what
export function unwantedDatasets(
  index: TableIndex,
  group: Int32Array,
  constraint: CustomConstraint,
): Extract<Remedy, { readonly kind: "leave-out" }> | undefined {
  let asked = 0;
  for (const { rows, facet } of suspects(index, group)) {
    if (asked === trials) return undefined;
    asked += 1;
    if (!accepts(index, without(group, new Set(rows)), constraint)) continue;
    const facets = facet === undefined ? {} : { [facet[0]]: [facet[1]] };
    return { kind: "leave-out", datasets: idsOf(index, rows), facets };
  }
  return undefined;
}

/** Each dataset alone, then those of one value of a facet; never all. */
function* suspects(index: TableIndex, group: Int32Array): Generator<Suspects> {
  if (group.length < 2) return;
  for (const row of group) yield { rows: [row] };
  for (const [name, { values }] of index.table.facets) {
    const codes = facetCodes(index, name);
    const alike = [...Map.groupBy(group, (row) => codes[row] as number)];
    if (alike.length === 1) continue;
    for (const [code, rows] of alike) {
      const value = values[code];
      if (value !== undefined && rows.length > 1) yield { rows, facet: [name, value] };
    }
  }
}

// allow-parameters: where, what and by what
function accepts(index: TableIndex, group: Int32Array, constraint: CustomConstraint): boolean {
  try {
    return evaluateCustom(group, constraint, { index }).length > 0;
  } catch (error) {
    // It answers for the groups that there are; what it does with others is no error of anybody.
    if (isAlmanacError(error, "PROVIDER_INVALID")) return false;
    throw error;
  }
}
