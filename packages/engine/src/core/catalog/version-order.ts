/**
 * Where a version stands among others: the integer of `v<digits>`; anything else, absent included, is −1 and so before
 * every numbered one.
 */
export function versionRank(version: string | undefined): number {
  const match = version === undefined ? null : /^v(\d+)$/.exec(version);
  return match === null ? -1 : Number(match[1]);
}
