import { compareCodeUnits } from "./compare.ts";
import type { Rid } from "./rid.ts";

/**
 * Orders two RIDs by the numbers they stand for, as a catalog lists records. Suits `toSorted`.
 * @returns negative when `a` comes first, positive when `b` does, 0 when equal
 */
export function compareRids(a: Rid, b: Rid): number {
  // The digits are in the order of their code units, and no RID begins with a zero.
  return a.length - b.length || compareCodeUnits(a, b);
}
