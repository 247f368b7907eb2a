import { distance } from "fastest-levenshtein";

/**
 * The known names closest to one that does not exist, for "did you mean".
 * @param name what was given
 * @returns at most three, nearest first; names that differ in more than half of their letters are left out
 */
export function nearest(name: string, known: readonly string[]): readonly string[] {
  const lower = name.toLowerCase();
  return known
    .map((each) => ({ each, steps: distance(lower, each.toLowerCase()) }))
    .filter(({ each, steps }) => steps <= Math.max(2, Math.ceil(each.length / 2)) || each.toLowerCase().includes(lower))
    .sort((a, b) => a.steps - b.steps)
    .slice(0, 3)
    .map(({ each }) => each);
}
