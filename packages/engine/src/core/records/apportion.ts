/**
 * Whole numbers as near to quotas as can be, with their sum: every one is its quota rounded down or up, those of the largest
 * remainders up.
 * @param quotas from 0; their sum is a whole number but for round-off
 * @source largest remainder method (Hamilton, Hare–Niemeyer)
 */
export function largestRemainders(quotas: readonly number[]): readonly number[] {
  const whole = quotas.map((quota) => Math.floor(quota));
  const total = Math.round(quotas.reduce((sum, quota) => sum + quota, 0));
  const left = total - whole.reduce((sum, count) => sum + count, 0);
  const remainder = (at: number): number => (quotas[at] ?? 0) - (whole[at] ?? 0);
  const first = [...quotas.keys()].toSorted((a, b) => remainder(b) - remainder(a)).slice(0, left);
  return whole.map((count, at) => count + (first.includes(at) ? 1 : 0));
}

/**
 * A table of whole numbers with given sums of rows and columns, each entry its share `row · column / total` rounded down or
 * up. There always is one.
 * @param rows sums of the rows, whole numbers
 * @param columns sums of the columns, with the same total
 * @source controlled rounding (Cox 1987, J. Am. Stat. Assoc. 82, 520–524), here by augmenting paths
 */
export function proportionalTable(rows: readonly number[], columns: readonly number[]): readonly number[][] {
  const total = rows.reduce((sum, count) => sum + count, 0);
  const share = (row: number, column: number): number => (rows[row] ?? 0) * (columns[column] ?? 0);
  const table = rows.map((_, row) => columns.map((__, column) => Math.floor(share(row, column) / total)));
  const left = columns.map((count, column) =>
    table.reduce((rest, entries) => rest - (entries[column] ?? 0), count),
  );
  const raised = columns.map(() => new Set<number>());
  const remainder = (row: number, column: number): number => share(row, column) % total;
  const open = (row: number): readonly number[] =>
    [...columns.keys()]
      .filter((column) => remainder(row, column) > 0 && !raised[column]?.has(row))
      .toSorted((a, b) => remainder(row, b) - remainder(row, a));

  /** Rounds one more entry of a row up; where all columns are full, another row moves to a column that is not. */
  function raise(row: number, tried: Set<number>): boolean {
    const candidates = open(row).filter((column) => !tried.has(column));
    for (const column of candidates.toSorted((a, b) => Number(isFull(a)) - Number(isFull(b)))) {
      tried.add(column);
      if (isFull(column) && !makeRoom(column, tried)) continue;
      raised[column]?.add(row);
      left[column] = (left[column] ?? 0) - 1;
      return true;
    }
    return false;
  }

  function makeRoom(column: number, tried: Set<number>): boolean {
    for (const other of raised[column] ?? []) {
      if (!raise(other, tried)) continue;
      raised[column]?.delete(other);
      left[column] = (left[column] ?? 0) + 1;
      return true;
    }
    return false;
  }

  function isFull(column: number): boolean {
    return (left[column] ?? 0) === 0;
  }

  for (const [row, entries] of table.entries())
    for (let lacking = (rows[row] ?? 0) - sum(entries); lacking > 0; lacking -= 1) raise(row, new Set());
  return table.map((entries, row) =>
    entries.map((entry, column) => entry + Number(raised[column]?.has(row))),
  );
}

function sum(values: readonly number[]): number {
  return values.reduce((all, value) => all + value, 0);
}
