import type { FacetColumn } from "./snapshot.ts";

/**
 * Marks the latest version of every dataset identity: 1 where no dataset with the same identity facets has a higher rank, so
 * that ties are all latest. A missing identity facet is a value like any other here.
 * @param columns the identity facets' columns; undefined for one that no dataset has @shape [nDataset]
 * @param versionRank from `versionRank` @shape [nDataset]
 * @shape [nDataset]
 */
export function latestVersions(
  columns: readonly (FacetColumn | undefined)[],
  versionRank: Float64Array,
): Uint8Array {
  const identity = identityNumbers(columns, versionRank.length);
  const highest = new Float64Array(versionRank.length).fill(Number.NEGATIVE_INFINITY);
  versionRank.forEach((rank, row) => {
    const group = identity[row] ?? 0;
    highest[group] = Math.max(highest[group] ?? rank, rank);
  });
  return Uint8Array.from(versionRank, (rank, row) => (rank === highest[identity[row] ?? 0] ? 1 : 0));
}

/** Rows with equal codes in all columns get one number below the row count. */
function identityNumbers(columns: readonly (FacetColumn | undefined)[], length: number): Int32Array {
  let numbers = new Int32Array(length);
  for (const column of columns) {
    if (column === undefined) continue;
    const width = column.values.length + 1;
    const seen = new Map<number, number>();
    const refined = new Int32Array(length);
    for (let row = 0; row < length; row++) {
      const pair = (numbers[row] ?? 0) * width + (column.codes[row] ?? -1) + 1;
      const known = seen.get(pair) ?? seen.size;
      if (known === seen.size) seen.set(pair, known);
      refined[row] = known;
    }
    numbers = refined;
  }
  return numbers;
}
