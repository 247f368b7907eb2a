/**
 * Orders two texts by their UTF-16 code units: the only text order used where bytes depend on it, because it knows no
 * locale. Suits `toSorted`.
 * @returns negative when `a` comes first, positive when `b` does, 0 when equal
 */
export function compareCodeUnits(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
