import type { CatalogRow, Cell } from "../core/catalog/catalog-row.ts";

/** Forms of a catalog in a file. CSV and NDJSON may be compressed (`.gz`). */
export const catalogForms = ["parquet", "csv", "ndjson", "intake-esm"] as const;

/** A form of catalogs in files. */
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

/** Batches of rows: cells in the order of the columns, undefined where missing. */
export type CellBatches = AsyncIterable<readonly (readonly Cell[])[]>;

/** A catalog to be written, and in which form. */
export interface CatalogFileToWrite {
  readonly form: CatalogForm;
  /** In order; every row has a cell for each. */
  readonly columns: readonly string[];
  /** Columns that hold whole numbers, and truth values; all others are text. */
  readonly numbers: ReadonlySet<string>;
  readonly truths: ReadonlySet<string>;
  /** Name of the column with each file's path. */
  readonly pathColumn: string;
  readonly rows: CellBatches;
}

/** Writes catalogs without their data files. */
export interface CatalogFileWriter {
  /**
   * Writes a file, all of it or nothing: under a temporary name, fsynced, then renamed into place. Equal rows give equal
   * bytes. A name that ends in `.gz` is compressed; intake-esm has its table beside it.
   * @param file absolute path
   * @returns absolute paths of the files written
   * @throws DISK_FULL, FILE_MISSING, FILE_UNREADABLE when the place cannot be written
   */
  write(file: string, content: CatalogFileToWrite): Promise<readonly string[]>;
}
