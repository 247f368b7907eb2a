import type { Cell } from "../../core/catalog/catalog-row.ts";
import type { CatalogFileToWrite } from "../../ports/catalog-file.ts";
import { writeNewText } from "./new-file.ts";

type Table = Pick<CatalogFileToWrite, "columns" | "rows">;

/** Writes one JSON object a line, with every column; a missing cell is null. */
export async function writeNdjson(file: string, table: Table): Promise<void> {
  await writeNewText(file, ndjsonText(table));
}

async function* ndjsonText({ columns, rows }: Table): AsyncIterable<string> {
  for await (const batch of rows) yield batch.map((row) => `${lineOf(columns, row)}\n`).join("");
}

function lineOf(columns: readonly string[], row: readonly Cell[]): string {
  return JSON.stringify(Object.fromEntries(columns.map((name, index) => [name, row[index] ?? null])));
}
