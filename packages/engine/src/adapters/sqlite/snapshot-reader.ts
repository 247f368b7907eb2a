import type { Dataset, DatasetFile, Facets } from "../../core/catalog/dataset.ts";
import type { Snapshot, SourceTable } from "../../core/catalog/snapshot.ts";
import { buildTable, type TableDeclaration } from "../../core/catalog/snapshot-builder.ts";
import { compareCodeUnits } from "../../core/identity/compare.ts";
import type { Connection } from "./connection.ts";
import { readDatasetMark, readRevision } from "./marks.ts";
import { storedJson } from "./row-values.ts";
import type { DatasetRow } from "./schema.ts";

/** One file as the query returns it: path, start, end, calendar, content id. */
type PackedFile = readonly [string, string | null, string | null, string | null, string];

/** Finds what a source type's table needs; undefined for a type that nobody declares any more. */
export type Declarations = (sourceType: string) => TableDeclaration | undefined;

/**
 * Reads the snapshot in one transaction. Files of a dataset come packed in one row, which is what makes hundreds of
 * thousands of them cheap to read.
 * @param sourceTypes all when absent; a type without datasets has no table
 */
export function readSnapshot(
  connection: Connection,
  {
    declarations,
    sourceTypes,
  }: { readonly declarations: Declarations; readonly sourceTypes?: readonly string[] | undefined },
): Snapshot {
  return connection.read(() => {
    const types = connection
      .all<{ source_type: string }>("select distinct source_type from dataset")
      .map((row) => row.source_type)
      .filter((name) => sourceTypes === undefined || sourceTypes.includes(name))
      .sort(compareCodeUnits);
    const tables = types.map((name): readonly [string, SourceTable] => {
      const declaration = declarations(name) ?? { name, identityFacets: ["instance_id"] };
      return [name, buildTable(declaration, readUsable(connection, name))];
    });
    return {
      revision: readRevision(connection),
      mark: readDatasetMark(connection),
      tables: new Map(tables.filter(([, { ids }]) => ids.length > 0)),
    };
  });
}

/** Datasets of a type that can be used, with those files that are there. @param id only the dataset with this id */
export function readUsable(
  connection: Connection,
  sourceType: string,
  { id }: { readonly id?: string } = {},
): readonly Dataset[] {
  const only = id === undefined ? [] : [id];
  const packed = connection.all<{ dataset_id: number; files: string }>(
    `select dataset_id, json_group_array(json_array(path, start_time, end_time, calendar, content_id)) as files
     from dataset_file where source_type = ? and presence = 'present'
     ${id === undefined ? "" : "and dataset_id in (select id from dataset where instance_id = ?)"} group by dataset_id`,
    sourceType,
    ...only,
  );
  const files = new Map(packed.map((row) => [row.dataset_id, row.files]));
  const rows = connection.all<Pick<DatasetRow, "id" | "instance_id" | "finalised" | "facets">>(
    `select id, instance_id, finalised, facets from dataset
     where source_type = ? and retracted = 0 and invalid is null ${id === undefined ? "" : "and instance_id = ?"}`,
    sourceType,
    ...only,
  );
  return rows.flatMap((row): readonly Dataset[] => {
    const text = files.get(row.id);
    if (text === undefined) return [];
    return [
      {
        sourceType,
        id: row.instance_id,
        facets: storedJson<Facets>(row.facets),
        finalised: row.finalised === 1,
        files: storedJson<readonly PackedFile[]>(text).map(unpackFile),
      },
    ];
  });
}

/** Assigns field by field: this runs for every file of the catalog, and spreading is several times slower. */
function unpackFile([path, start, end, calendar, contentId]: PackedFile): DatasetFile {
  const file: { -readonly [K in keyof DatasetFile]: DatasetFile[K] } = { path, contentId };
  if (start !== null) file.start = start;
  if (end !== null) file.end = end;
  if (calendar !== null) file.calendar = calendar;
  return file;
}
