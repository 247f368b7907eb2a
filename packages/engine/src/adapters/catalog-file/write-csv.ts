import type { Cell } from "../../core/catalog/catalog-row.ts";
import type { CatalogFileToWrite } from "../../ports/catalog-file.ts";
import { writeNewText } from "./new-file.ts";

type Table = Pick<CatalogFileToWrite, "columns" | "rows">;

/** Writes a CSV file with a heading. A missing cell is empty, the empty text a pair of quotes. */
export async function writeCsv(file: string, table: Table): Promise<void> {
  await writeNewText(file, csvText(table));
}

async function* csvText({ columns, rows }: Table): AsyncIterable<string> {
  const { stringify } = await import("csv-stringify/sync");
  const options = {
    quoted_empty: false,
    // Missing is written as nothing; a text that is empty, or has blanks that readers trim, in quotes.
    quoted_match: /^$|^\s|\s$|[\r\n]/,
    cast: { boolean: (value: boolean) => String(value), bigint: (value: bigint) => String(value) },
  };
  yield stringify([columns], options);
  for await (const batch of rows) yield stringify(batch as Cell[][], options);
}
