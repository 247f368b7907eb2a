import { Defect } from "../errors.ts";
import { compareCodeUnits } from "../identity/compare.ts";
import type { Dataset } from "./dataset.ts";
import { type ColumnBuilder, finishColumn, setValue, startColumn } from "./facet-column.ts";
import { type FileLists, fileLists } from "./file-lists.ts";
import { latestVersions } from "./latest-version.ts";
import type { FacetColumn, Snapshot, SourceTable } from "./snapshot.ts";
import type { FacetDeclaration } from "./source-type.ts";
import { versionRank } from "./version-order.ts";

/** What a table needs to know of a source type. */
export interface TableDeclaration {
  readonly name: string;
  readonly identityFacets: readonly string[];
  /** Facets that get a column even if no dataset has a value. */
  readonly facets?: readonly Pick<FacetDeclaration, "name">[];
}

/** A dataset with its files one by one, or as lists. */
export type TableDataset = Omit<Dataset, "files"> & (Pick<Dataset, "files"> | { readonly lists: FileLists });

/** The snapshot of an empty catalog. */
export const emptySnapshot: Snapshot = { revision: 0, tables: new Map() };

/**
 * Builds the columnar table of one source type: datasets in code-unit order of their ids, files by dataset, then path. The
 * same datasets in any order, with their files in any order, give the same table. Every facet that a dataset has, or that is
 * declared, gets a column, as do `instance_id` and `version`. Input is copied.
 */
export function buildTable(declaration: TableDeclaration, datasets: readonly TableDataset[]): SourceTable {
  const ordered = datasets.toSorted((a, b) => compareCodeUnits(a.id, b.id));
  const twice = ordered.find((dataset, row) => ordered[row - 1]?.id === dataset.id);
  if (twice !== undefined) throw new Defect(`two datasets have the id ${twice.id}`);
  const facets = facetColumns(declaration, ordered);
  const ranks = Float64Array.from(ordered, (dataset) => versionRank(dataset.facets["version"]));
  const identity = declaration.identityFacets.map((name) => facets.get(name));
  return {
    sourceType: declaration.name,
    ids: ordered.map((dataset) => dataset.id),
    facets,
    finalised: Uint8Array.from(ordered, (dataset) => (dataset.finalised ? 1 : 0)),
    versionRank: ranks,
    latest: latestVersions(identity, ranks),
    ...fileColumns(ordered),
  };
}

/** Columns in code-unit order of their names, so that iterating them never depends on the input. */
function facetColumns(
  declaration: TableDeclaration,
  datasets: readonly TableDataset[],
): ReadonlyMap<string, FacetColumn> {
  const builders = new Map<string, ColumnBuilder>();
  for (const { name } of declaration.facets ?? []) builders.set(name, startColumn(datasets.length));
  const ids = startColumn(datasets.length);
  builders.set("version", startColumn(datasets.length)).set("instance_id", ids);
  datasets.forEach((dataset, row) => {
    for (const name in dataset.facets) {
      let builder = builders.get(name);
      if (builder === undefined) builders.set(name, (builder = startColumn(datasets.length)));
      setValue(builder, row, dataset.facets[name] ?? "");
    }
    setValue(ids, row, dataset.id);
  });
  const names = [...builders.keys()].sort(compareCodeUnits);
  return new Map(names.map((name) => [name, finishColumn(builders.get(name) ?? ids)]));
}

type FileColumns = Pick<SourceTable, "fileOffsets" | "paths" | "start" | "end" | "calendar" | "contentIds">;

function fileColumns(datasets: readonly TableDataset[]): FileColumns {
  const lists = datasets.map((dataset) => ("lists" in dataset ? dataset.lists : fileLists(dataset.files)));
  const fileOffsets = new Int32Array(datasets.length + 1);
  lists.forEach((own, row) => {
    fileOffsets[row + 1] = (fileOffsets[row] as number) + own.paths.length;
  });
  const files = fileOffsets[datasets.length] as number;
  const start = new Float64Array(files);
  const end = new Float64Array(files);
  const calendar = startColumn(files);
  lists.forEach((own, row) => {
    const first = fileOffsets[row] as number;
    start.set(own.starts, first);
    end.set(own.ends, first);
    own.calendars.forEach((value, at) => {
      if (value != null) setValue(calendar, first + at, value);
    });
  });
  return {
    fileOffsets,
    paths: lists.flatMap(({ paths }) => paths),
    start,
    end,
    calendar: finishColumn(calendar),
    contentIds: lists.flatMap(({ contentIds }) => contentIds),
  };
}
