import { distance } from "fastest-levenshtein";
import { compareCodeUnits } from "./compare.ts";

/**
 * The names most like a mistyped one, best first, at most three: those that contain it or that few edits make of it. Case
 * does not count.
 */
export function nearestNames(given: string, names: Iterable<string>): readonly string[] {
  const wanted = given.toLowerCase();
  const limit = Math.max(2, Math.floor(wanted.length / 3));
  return [...names]
    .map((name) => ({ name, edits: distance(wanted, name.toLowerCase()) }))
    .filter(({ name, edits }) => edits <= limit || (wanted.length > 2 && name.toLowerCase().includes(wanted)))
    .sort((a, b) => a.edits - b.edits || compareCodeUnits(a.name, b.name))
    .slice(0, 3)
    .map(({ name }) => name);
}
