import type { CatalogRow } from "../core/catalog/catalog-row.ts";

/** Forms of a catalog in a file. CSV and NDJSON may be compressed (`.gz`). */
export const catalogForms = ["parquet", "csv", "ndjson", "intake-esm"] as const;

/** One of them. */
export type CatalogForm = (typeof catalogForms)[number];

/** A row with its number, counted from 1; the heading of a CSV file does not count. */
export interface NumberedRow {
  readonly number: number;
  readonly cells: CatalogRow;
}

/** A row that cannot be read. */
export interface RowProblem {
  readonly number: number;
  readonly reason: string;
}

/** Rows read together: a few thousand, so that memory does not grow with the file. */
export interface RowBatch {
  readonly rows: readonly NumberedRow[];
  readonly problems: readonly RowProblem[];
}

/** A catalog file opened for reading. */
export interface OpenCatalogFile {
  /** All columns, where the file says so before its rows; NDJSON does not. */
  readonly columns: readonly string[] | undefined;
  /** Name of the column with each file's path. */
  readonly pathColumn: string;
  /** @throws CATALOG_FILE_INVALID where the file is found to be damaged; the batches before are good */
  readonly batches: AsyncIterable<RowBatch>;
}

/** Reads catalogs without their data files. */
export interface CatalogFileReader {
  /**
   * Opens a file.
   * @param file absolute path
   * @param options.wanted columns that rows need; others may be left out of them
   * @throws FILE_MISSING when there is no such file
   * @throws CATALOG_FILE_INVALID when it is not of the form, or damaged
   */
  open(
    file: string,
    options: { readonly form: CatalogForm; readonly wanted: ReadonlySet<string> },
  ): Promise<OpenCatalogFile>;
}
