import { compareCodeUnits } from "../identity/compare.ts";
import { formatPackedDateTime } from "../time/date-time.ts";
import type { Dataset, DatasetFile, Facets } from "./dataset.ts";
import type { Snapshot, SourceTable } from "./snapshot.ts";
import { buildTable, type TableDeclaration } from "./snapshot-builder.ts";

/** Position of a dataset id in a table, by bisection of its code-unit order; −1 if it is not there. */
export function indexOfId(table: SourceTable, id: string): number {
  let low = 0;
  let high = table.ids.length - 1;
  while (low <= high) {
    const middle = (low + high) >> 1;
    const order = compareCodeUnits(table.ids[middle] ?? "", id);
    if (order === 0) return middle;
    if (order < 0) low = middle + 1;
    else high = middle - 1;
  }
  return -1;
}

/**
 * One dataset of a table as a plain value. Size and modification time are not in a table and so not in the files.
 * @param index row of the dataset, within the table
 */
export function datasetAt(table: SourceTable, index: number): Dataset {
  return {
    sourceType: table.sourceType,
    id: table.ids[index] ?? "",
    facets: facetsAt(table, index),
    finalised: table.finalised[index] === 1,
    files: filesAt(table, index),
  };
}

/** The files of one dataset, as `datasetAt` gives them. */
export function filesAt(table: SourceTable, index: number): readonly DatasetFile[] {
  const files: DatasetFile[] = [];
  const end = table.fileOffsets[index + 1] ?? 0;
  for (let row = table.fileOffsets[index] ?? 0; row < end; row += 1) files.push(fileAt(table, row));
  return files;
}

/** The value of one facet of one dataset, if it has any. */
// allow-parameters: the natural order of a look-up
export function facetAt(table: SourceTable, index: number, name: string): string | undefined {
  const column = table.facets.get(name);
  return column?.values[column.codes[index] ?? -1];
}

/** The facets of one dataset that have a value. */
export function facetsAt(table: SourceTable, index: number): Facets {
  const facets: Record<string, string> = {};
  for (const [name, column] of table.facets) {
    const value = column.values[column.codes[index] ?? -1];
    if (value !== undefined) facets[name] = value;
  }
  return facets;
}

/** Assigns field by field: spreading is several times slower, and a solve may ask for every file of the catalog. */
function fileAt(table: SourceTable, row: number): DatasetFile {
  const calendar = table.calendar.values[table.calendar.codes[row] ?? -1];
  const start = table.start[row] ?? Number.NaN;
  const end = table.end[row] ?? Number.NaN;
  const file: { -readonly [K in keyof DatasetFile]: DatasetFile[K] } = {
    path: table.paths[row] ?? "",
    contentId: table.contentIds[row] ?? "none",
  };
  if (!Number.isNaN(start)) file.start = formatPackedDateTime(start);
  if (!Number.isNaN(end)) file.end = formatPackedDateTime(end);
  if (calendar !== undefined) file.calendar = calendar;
  return file;
}

/** Datasets that stand in for, or drop out of, those of a snapshot. */
export interface Overlay {
  readonly replaced: readonly Dataset[];
  /** Ids that drop out. */
  readonly dropped: readonly string[];
}

/**
 * The snapshot as it would be with the overlay stored, for plans that write nothing. Tables not touched are shared. It has
 * no mark, as no catalog is in this state.
 */
export function overlaySnapshot(
  snapshot: Snapshot,
  { replaced, dropped }: Overlay,
  declarationOf: (sourceType: string) => TableDeclaration,
): Snapshot {
  const gone = new Set([...dropped, ...replaced.map(({ id }) => id)]);
  const tables = new Map(snapshot.tables);
  for (const [name, table] of snapshot.tables) {
    if (!table.ids.some((id) => gone.has(id))) continue;
    const kept = table.ids.flatMap((id, index) => (gone.has(id) ? [] : [datasetAt(table, index)]));
    const own = replaced.filter(({ sourceType }) => sourceType === name);
    tables.set(name, buildTable(declarationOf(name), [...kept, ...own]));
  }
  return { revision: snapshot.revision, tables };
}
