import type { Json } from "../json.ts";
import type { ColumnType } from "./asset-kind.ts";
import { type Column, type ColumnFacts, checkColumnValue } from "./column.ts";
import type { RecordType, StagedRecord } from "./record-type.ts";

/** A row as it is staged, or all that is wrong with it. */
export type CheckedRow = { readonly staged: StagedRecord } | { readonly problems: readonly string[] };

const readers: Readonly<Record<ColumnType, (text: string) => Json>> = {
  text: (text) => text,
  // What is no number stays a text, so that the message shows it.
  number: (text) => (text.trim() === "" || Number.isNaN(Number(text)) ? text : Number(text)),
  boolean: (text) => ({ true: true, false: false })[text] ?? text,
  json: (text) => {
    try {
      return JSON.parse(text) as Json;
    } catch (error) {
      if (error instanceof SyntaxError) return text;
      throw error;
    }
  },
};

/**
 * Checks one row of a record table, whose cells are texts; an empty cell is null.
 * @param row by heading
 */
export function checkRecordRow(
  type: RecordType,
  { row, facts }: { readonly row: Readonly<Record<string, string>>; readonly facts: ColumnFacts },
): CheckedRow {
  const problems: string[] = [];
  const known = new Set(type.columns.map(({ name }) => name));
  for (const heading of Object.keys(row))
    if (!known.has(heading))
      problems.push(`there is no column "${heading}": there are ${[...known].join(", ")}`);
  const values: Record<string, Json> = {};
  for (const column of type.columns) {
    const checked = checkColumnValue(column, { given: cellOf(column, row[column.name]), facts });
    if ("problem" in checked) problems.push(checked.problem);
    else values[column.name] = checked.value;
  }
  return problems.length > 0 ? { problems } : { staged: { type: type.name, values } };
}

function cellOf(column: Column, text: string | undefined): Json {
  if (text === undefined || text === "") return null;
  return column.holds === "value" ? readers[column.type](text) : text;
}
