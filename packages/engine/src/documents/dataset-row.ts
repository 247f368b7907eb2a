import type { Cell } from "../core/catalog/catalog-row.ts";
import type { Dataset } from "../core/catalog/dataset.ts";
import type { SourceType } from "../core/catalog/source-type.ts";

/**
 * Form 1 of rows. Columns of the file itself, in the order they are written; type and facets stand before them. What a later
 * form adds is a column that may be absent.
 */
export const fileColumns = [
  "path",
  "start_time",
  "end_time",
  "calendar",
  "time_units",
  "tracking_id",
  "size_bytes",
  "mtime_ms",
  "content_id",
  "finalised",
] as const;

/** Column with the time range as file names have it, in catalogs that have no columns of times. */
export const timeRangeColumn = "time_range";

/** Column that names the source type, for catalogs that hold several. `source_type` is a facet of model output. */
export const typeColumn = "almanac_type";

/** Columns that are written as whole numbers. */
export const numberColumnNames: ReadonlySet<string> = new Set(["size_bytes", "mtime_ms"]);

/** Columns that are written as truth values. */
export const truthColumnNames: ReadonlySet<string> = new Set(["finalised"]);

/** Columns of rows of these source types: the type, the facets that any has, then those of the file. */
export function exportColumns(sourceTypes: readonly Pick<SourceType, "facets">[]): readonly string[] {
  const own = new Set<string>(fileColumns);
  const facets = sourceTypes.flatMap((each) => each.facets).map(({ name }) => name);
  return [typeColumn, ...new Set(facets.filter((name) => !own.has(name))), ...fileColumns];
}

/**
 * A dataset as rows, one for each file, in path order: reading them gives the same dataset. Calendar and time units stand in
 * the file's columns.
 * @param columns as `exportColumns` gives them
 */
export function datasetCells(dataset: Dataset, columns: readonly string[]): readonly (readonly Cell[])[] {
  const { sourceType, facets, finalised } = dataset;
  const ofDataset: readonly Cell[] = [
    sourceType,
    ...columns.slice(1, -fileColumns.length).map((name) => facets[name]),
  ];
  return dataset.files.map((file) => [
    ...ofDataset,
    file.path,
    file.start,
    file.end,
    file.calendar,
    file.timeUnits,
    file.trackingId,
    file.sizeBytes,
    file.mtimeMs,
    file.contentId,
    finalised,
  ]);
}

/**
 * The text of a cell: numbers in shortest decimal form.
 * @returns undefined for a missing one
 */
export function cellText(cell: Cell): string | undefined {
  if (typeof cell === "string") return cell;
  if (cell === null || cell === undefined || Number.isNaN(cell)) return undefined;
  // Adding 0 keeps −0 out of the catalog.
  return typeof cell === "number" ? (cell + 0).toString() : String(cell);
}
