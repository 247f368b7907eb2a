import { distance } from "fastest-levenshtein";
import { compareCodeUnits } from "./compare.ts";

/**
 * The names most like a mistyped one, best first, at most three: those that contain it, that few edits make of it, or that
 * have its letters in another order. Of short names at most half of the letters may differ: `ts` is not like `pr`. Case does
 * not count.
 */
export function nearestNames(given: string, names: Iterable<string>): readonly string[] {
  const wanted = given.toLowerCase();
  const { length } = wanted;
  const limit = Math.min(Math.floor(length / 2), Math.max(2, Math.floor(length / 3)));
  const letters = lettersOf(wanted);
  const isNear = (name: string, edits: number): boolean =>
    edits <= limit || (length > 2 && name.includes(wanted)) || (edits === 2 && lettersOf(name) === letters);
  return [...names]
    .map((name) => ({ name, edits: distance(wanted, name.toLowerCase()) }))
    .filter(({ name, edits }) => isNear(name.toLowerCase(), edits))
    .sort((a, b) => a.edits - b.edits || compareCodeUnits(a.name, b.name))
    .slice(0, 3)
    .map(({ name }) => name);
}

function lettersOf(name: string): string {
  return Array.from(name).sort().join("");
}
