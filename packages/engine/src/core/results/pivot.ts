import { AlmanacError } from "../errors.ts";
import { compareCodeUnits } from "../identity/compare.ts";
import type { Rid } from "../identity/rid.ts";
import type { Dimensions } from "./value.ts";

/** A number with what it is of. */
export interface PlacedNumber {
  readonly rid: Rid;
  /** Dimensions, and whatever else rows and columns may be told apart by. */
  readonly facets: Dimensions;
  /** `null` is missing. */
  readonly value: number | null;
  readonly units: string | undefined;
}

/** How several numbers become one. */
export const reductions = ["mean", "min", "max", "count"] as const;

/** A way to make one number of several in a cell. */
export type Reduction = (typeof reductions)[number];

/** What a table is made by. */
export interface PivotRequest {
  /** Facets that tell rows apart, in the order of the headings. */
  readonly rows: readonly string[];
  /** The facet whose values are the columns. */
  readonly column: string;
  /** Without it, several numbers in one cell are an error. */
  readonly reduce?: Reduction;
}

/** One row: the values of the row facets, and a cell for each column. */
export interface PivotRow {
  /** In the order of the row facets; "" where the numbers lack the facet. */
  readonly names: readonly string[];
  /** In the order of the columns; undefined: an empty cell. */
  readonly cells: readonly (number | undefined)[];
}

/** A column: a value of the column facet, and the units that all of its numbers share. */
export interface PivotColumn {
  readonly name: string;
  readonly units: string | undefined;
}

/** A table of numbers. */
export interface Pivot {
  readonly columns: readonly PivotColumn[];
  readonly rows: readonly PivotRow[];
}

type Cell = PlacedNumber & { readonly value: number };

/**
 * Arranges numbers as rows and columns, both in code-unit order of their names. Missing numbers (`null`) fill no cell, but
 * their row and column are there.
 * @throws USAGE when a cell would hold several numbers and no reduction is given, or numbers of different units are to be
 * reduced to one
 */
export function pivot(numbers: readonly PlacedNumber[], request: PivotRequest): Pivot {
  const keyOf = (number: PlacedNumber) => JSON.stringify(rowNames(number, request));
  const rows = [...Map.groupBy(numbers, keyOf).values()].map((members) => ({
    names: rowNames(members[0] as PlacedNumber, request),
    cells: Map.groupBy(members.filter(isPresent), (number) => number.facets[request.column] ?? ""),
  }));
  const columns = [...Map.groupBy(numbers, ({ facets }) => facets[request.column] ?? "")]
    .map(([name, members]) => ({ name, units: request.reduce === "count" ? "1" : sharedUnits(members) }))
    .sort((a, b) => compareCodeUnits(a.name, b.name));
  return {
    columns,
    rows: rows
      .map(({ names, cells }) => ({
        names,
        cells: columns.map(({ name }) => {
          const place = [...names, name].join(", ");
          return cellOf(cells.get(name) ?? [], { reduce: request.reduce, place });
        }),
      }))
      .sort((a, b) => compareLists(a.names, b.names)),
  };
}

function rowNames({ facets }: PlacedNumber, { rows }: PivotRequest): readonly string[] {
  return rows.map((facet) => facets[facet] ?? "");
}

function isPresent(number: PlacedNumber): number is Cell {
  return number.value !== null;
}

function sharedUnits(numbers: readonly PlacedNumber[]): string | undefined {
  const all = new Set(numbers.map(({ units }) => units));
  return all.size === 1 ? numbers[0]?.units : undefined;
}

function cellOf(
  numbers: readonly Cell[],
  { reduce, place }: { readonly reduce: Reduction | undefined; readonly place: string },
): number | undefined {
  const [first] = numbers;
  if (first === undefined) return undefined;
  if (reduce === "count") return numbers.length;
  if (numbers.length === 1) return first.value;
  if (reduce === undefined) throw severalIn(place, numbers);
  if (new Set(numbers.map(({ units }) => units)).size > 1) throw unitsIn(place, numbers);
  const values = numbers.map(({ value }) => value);
  if (reduce === "mean") return values.reduce((sum, value) => sum + value, 0) / values.length;
  return values.reduce((one, other) => Math[reduce](one, other));
}

function severalIn(place: string, numbers: readonly Cell[]): AlmanacError {
  const rids = numbers.map(({ rid }) => rid);
  const facets = tellingApart(numbers);
  const apart = facets.length === 0 ? "" : `, told apart by ${facets.join(", ")}`;
  const shown = rids.length > 5 ? [...rids.slice(0, 5), "…"] : rids;
  return new AlmanacError(
    "USAGE",
    `${rids.length} values for one cell (${place}): ${shown.join(", ")}${apart}`,
    {
      hint: `give ${facets.length === 0 ? "selectors" : "such a facet to --rows, or select by it"}, or take --reduce ${reductions.join("|")}`,
      facts: { values: rids, facets },
    },
  );
}

function unitsIn(place: string, numbers: readonly Cell[]): AlmanacError {
  const units = [...new Set(numbers.map((number) => number.units ?? "none"))];
  return new AlmanacError(
    "USAGE",
    `values of one cell (${place}) have different units: ${units.join(", ")}`,
    {
      hint: "select what has one unit, or take --reduce count",
      facts: { values: numbers.map(({ rid }) => rid), units },
    },
  );
}

/** Facets in which some of the numbers differ. */
function tellingApart(numbers: readonly Cell[]): readonly string[] {
  const names = new Set(numbers.flatMap(({ facets }) => Object.keys(facets)));
  return [...names]
    .filter((name) => new Set(numbers.map(({ facets }) => facets[name])).size > 1)
    .sort(compareCodeUnits);
}

function compareLists(a: readonly string[], b: readonly string[]): number {
  for (const [index, text] of a.entries()) {
    const order = compareCodeUnits(text, b[index] ?? "");
    if (order !== 0) return order;
  }
  return 0;
}
