// The oracle is a second reading of the solver's specification, for tests: it works on rows, one per file, does everything
// the plain way, and shares nothing with the solver.

/** One file of a dataset, with the dataset's facets. */
export interface Row {
  readonly sourceType: string;
  /** Id of the dataset. */
  readonly id: string;
  /** `version` and `instance_id` included; a missing one has no entry. */
  readonly facets: Readonly<Record<string, string>>;
  readonly path: string;
  /** `YYYY-MM-DD hh:mm:ss`. */
  readonly start?: string | undefined;
  readonly end?: string | undefined;
  readonly calendar?: string | undefined;
}

/** Told when the oracle takes a decision of some kind: tests count that each really occurs. */
export type Note = (kind: string) => void;

/** Value of a facet, undefined when missing. */
export function valueOf(row: Row, facet: string): string | undefined {
  return row.facets[facet];
}

/** True if every facet's value is among the allowed ones; a missing value is never. */
export function matches(row: Row, filter: Readonly<Record<string, readonly string[]>>): boolean {
  return Object.entries(filter).every(([facet, allowed]) => {
    const value = valueOf(row, facet);
    return value !== undefined && allowed.includes(value);
  });
}

/** Compares texts by code units. */
export function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** Rows with equal values of some facets, in order of their first row, and the rows that miss one of them. */
export function subgroups(
  rows: readonly Row[],
  facets: readonly string[],
): { readonly parts: readonly (readonly Row[])[]; readonly unkeyed: readonly Row[] } {
  const parts = new Map<string, Row[]>();
  const unkeyed: Row[] = [];
  for (const row of rows) {
    const values = facets.map((facet) => valueOf(row, facet));
    if (values.includes(undefined)) unkeyed.push(row);
    else {
      const key = JSON.stringify(values);
      const part = parts.get(key);
      if (part === undefined) parts.set(key, [row]);
      else part.push(row);
    }
  }
  return { parts: [...parts.values()], unkeyed };
}

/** The integer of `v` and digits; −1 for any other version, and for none. */
export function rankOf(row: Row): number {
  const version = valueOf(row, "version") ?? "";
  return /^v[0-9]+$/.test(version) ? Number(version.slice(1)) : -1;
}

/** Rows of the highest version among those given; ties are all kept. */
export function latestOf(rows: readonly Row[]): readonly Row[] {
  const highest = Math.max(...rows.map(rankOf));
  return rows.filter((row) => rankOf(row) === highest);
}

/** True if start and end of a file are known. */
export function isTimed(row: Row): boolean {
  return row.start !== undefined && row.end !== undefined;
}
