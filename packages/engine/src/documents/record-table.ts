import { CsvError, parse } from "csv-parse/sync";
import { AlmanacError } from "../core/errors.ts";

/**
 * Reads the table of a record type: CSV with a heading, cells as texts.
 * @param name for messages
 * @throws FEATURE_INVALID when the text is no such table
 */
export function parseRecordTable(text: string, name: string): readonly Readonly<Record<string, string>>[] {
  try {
    return parse(text, { columns: true, bom: true, skip_empty_lines: true });
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    throw new AlmanacError("FEATURE_INVALID", `${name} is no table: ${error.message}`, {
      facts: { file: name },
      cause: error,
    });
  }
}
