import type { SourceTable } from "../../catalog/snapshot.ts";
import { indexOfId } from "../../catalog/table-rows.ts";

/** Ends the name of the second row of a dataset that was split in two; no id holds this character. */
const secondHalf = "\u0001";

/** Rows of a dataset: none, one, or both halves of a partly timed one. */
export function rowsOfId(table: SourceTable, id: string): readonly number[] {
  const found = indexOfId(table, id);
  if (found < 0) return [];
  const first = table.ids[found - 1] === id ? found - 1 : found;
  return table.ids[first + 1] === id ? [first, first + 1] : [first];
}

/** What names a row wherever it stands: its dataset's id, marked when it is the second of two. */
export function nameOfRow({ ids }: SourceTable, row: number): string {
  const id = ids[row] as string;
  return ids[row - 1] === id ? `${id}${secondHalf}` : id;
}

/** Row of a name; −1 when there is none. */
export function rowOfName(table: SourceTable, name: string): number {
  const rows = rowsOfId(table, idOfName(name));
  return (name.endsWith(secondHalf) ? rows[1] : rows[0]) ?? -1;
}

/** The id in the name of a row. */
export function idOfName(name: string): string {
  return name.endsWith(secondHalf) ? name.slice(0, -secondHalf.length) : name;
}
