import type { FacetColumn, SourceTable } from "../catalog/snapshot.ts";
import { compareCodeUnits } from "../identity/compare.ts";

/**
 * Splits datasets of which only some files have times into two rows of one id, first the timed files, then the others:
 * time constraints drop the former and keep the latter, everything else treats both alike. A table without such datasets,
 * as almost all are, is returned as it is.
 */
export function splitPartlyTimed(table: SourceTable): SourceTable {
  const halves = halvesOf(table);
  if (halves === undefined) return table;
  const { datasets: of, fileOffsets, files } = halves;
  const column = ({ values, codes }: FacetColumn, rows: Int32Array): FacetColumn => ({
    values,
    codes: rows.map((row) => codes[row] as number),
  });
  let paths: readonly string[] | undefined;
  let contentIds: readonly string[] | undefined;
  return {
    sourceType: table.sourceType,
    ids: Array.from(of, (dataset) => table.ids[dataset] as string),
    facets: new Map([...table.facets].map(([name, facet]) => [name, column(facet, of)])),
    finalised: Uint8Array.from(of, (dataset) => table.finalised[dataset] as number),
    versionRank: Float64Array.from(of, (dataset) => table.versionRank[dataset] as number),
    latest: Uint8Array.from(of, (dataset) => table.latest[dataset] as number),
    fileOffsets,
    start: Float64Array.from(files, (file) => table.start[file] as number),
    end: Float64Array.from(files, (file) => table.end[file] as number),
    calendar: column(table.calendar, files),
    // Texts are read late: seldom wanted, and most of a snapshot's bytes.
    get paths() {
      return (paths ??= Array.from(files, (file) => table.paths[file] as string));
    },
    get contentIds() {
      return (contentIds ??= Array.from(files, (file) => table.contentIds[file] as string));
    },
  };
}

/** Rows of the split table. */
interface Halves {
  /** Dataset of each row. @shape [nRow] */
  readonly datasets: Int32Array;
  /** @shape [nRow + 1] */
  readonly fileOffsets: Int32Array;
  /** Files row by row. @shape [nFile] */
  readonly files: Int32Array;
}

/** All datasets with their files, those partly timed twice; undefined when there is none of these. */
function halvesOf(table: SourceTable): Halves | undefined {
  const { ids, start } = table;
  if (!ids.some((_, dataset) => isPartlyTimed(table, dataset))) return undefined;
  const datasets: number[] = [];
  const fileOffsets = [0];
  const files = new Int32Array(start.length);
  let count = 0;
  const addRow = (dataset: number, isOfRow: (file: number) => boolean): void => {
    for (
      let file = table.fileOffsets[dataset] as number;
      file < (table.fileOffsets[dataset + 1] as number);
      file++
    )
      if (isOfRow(file)) files[count++] = file;
    datasets.push(dataset);
    fileOffsets.push(count);
  };
  for (let dataset = 0; dataset < ids.length; dataset++)
    if (isPartlyTimed(table, dataset)) {
      addRow(dataset, (file) => isTimed(table, file));
      addRow(dataset, (file) => !isTimed(table, file));
    } else addRow(dataset, () => true);
  return { datasets: Int32Array.from(datasets), fileOffsets: Int32Array.from(fileOffsets), files };
}

/** Without calls inside of its loop: every plan asks it about every file of the catalog. */
function isPartlyTimed({ fileOffsets, start, end }: SourceTable, dataset: number): boolean {
  const first = fileOffsets[dataset] as number;
  const after = fileOffsets[dataset + 1] as number;
  let timed = 0;
  // The sum of both is no number if one of them is not.
  for (let file = first; file < after; file++) {
    const sum = (start[file] as number) + (end[file] as number);
    if (sum === sum) timed++;
  }
  return timed > 0 && timed < after - first;
}

function isTimed({ start, end }: SourceTable, file: number): boolean {
  return !Number.isNaN(start[file]) && !Number.isNaN(end[file]);
}

/** A dataset as it stands in a group: one row of its table, or both halves of a partly timed one. */
export interface WholeDataset {
  readonly id: string;
  /** Rows of the table, ascending. */
  readonly rows: readonly number[];
}

/** The datasets of a group with their rows, in catalog order. @param rows ascending */
export function wholeDatasets({ ids }: SourceTable, rows: Iterable<number>): readonly WholeDataset[] {
  const wholes: { readonly id: string; readonly rows: number[] }[] = [];
  for (const row of rows) {
    const last = wholes.at(-1);
    const id = ids[row] as string;
    if (last?.id === id) last.rows.push(row);
    else wholes.push({ id, rows: [row] });
  }
  return wholes;
}

/** File rows of a dataset in a group, in path order. */
export function filesOfWhole(table: SourceTable, { rows }: WholeDataset): readonly number[] {
  const files = rows.flatMap((row) => {
    const first = table.fileOffsets[row] as number;
    return Array.from({ length: (table.fileOffsets[row + 1] as number) - first }, (_, at) => first + at);
  });
  if (rows.length === 1) return files;
  return files.sort((a, b) => compareCodeUnits(table.paths[a] as string, table.paths[b] as string));
}
