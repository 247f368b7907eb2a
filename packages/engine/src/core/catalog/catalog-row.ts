/** A cell of a catalog in a file, as its reader gives it. Missing: undefined, null and NaN; the empty text is a value. */
export type Cell = string | number | bigint | boolean | null | undefined;

/** One row of a catalog in a file: one file of a dataset. Column → cell; a column that is absent has no entry. */
export type CatalogRow = Readonly<Record<string, Cell>>;
