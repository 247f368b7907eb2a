import type { CatalogRow } from "../../core/catalog/catalog-row.ts";
import type { NumberedRow, RowBatch, RowProblem } from "../../ports/catalog-file.ts";

/** Rows that are handed on together. */
export const rowsPerBatch = 5000;

/** A row as a reader makes it: cells, or why there are none. */
export type ReadRow = { readonly cells: CatalogRow } | { readonly reason: string };

/** Numbers rows from 1 and gathers them in batches. */
export async function* inBatches(rows: AsyncIterable<ReadRow> | Iterable<ReadRow>): AsyncIterable<RowBatch> {
  let number = 0;
  let good: NumberedRow[] = [];
  let problems: RowProblem[] = [];
  for await (const row of rows) {
    number += 1;
    if ("cells" in row) good.push({ number, cells: row.cells });
    else problems.push({ number, reason: row.reason });
    if (good.length + problems.length < rowsPerBatch) continue;
    yield { rows: good, problems };
    good = [];
    problems = [];
  }
  if (good.length + problems.length > 0) yield { rows: good, problems };
}
