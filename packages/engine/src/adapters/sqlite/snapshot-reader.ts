import type { Dataset, DatasetFile, Facets } from "../../core/catalog/dataset.ts";
import { type FileLists, orderedLists } from "../../core/catalog/file-lists.ts";
import type { Snapshot, SourceTable } from "../../core/catalog/snapshot.ts";
import { buildTable, type TableDataset, type TableDeclaration } from "../../core/catalog/snapshot-builder.ts";
import { compareCodeUnits } from "../../core/identity/compare.ts";
import type { DatasetName } from "../../ports/dataset-catalog.ts";
import type { Connection } from "./connection.ts";
import { fileOf } from "./dataset-rows.ts";
import { readDatasetMark, readRevision } from "./marks.ts";
import { readOneReleased, readReleased } from "./released-datasets.ts";
import { storedJson } from "./row-values.ts";
import type { DatasetFileRow, DatasetRow } from "./schema.ts";

/** Finds what a source type's table needs; undefined for a type that nobody declares any more. */
export type Declarations = (sourceType: string) => TableDeclaration | undefined;

/**
 * Reads the snapshot in one transaction. Files of a dataset come packed in one row, a list for each column, which
 * is what makes hundreds of thousands of them cheap to read.
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
    const chosen = sourceTypes === undefined ? everything : ofTypes(sourceTypes);
    const datasets: readonly TableDataset[] = [
      ...readUsable(connection, chosen),
      ...readReleased(connection, sourceTypes),
    ];
    const byType = Map.groupBy(datasets, ({ sourceType }) => sourceType);
    const types = [...byType.keys()].sort(compareCodeUnits);
    const tables = types.map((name): readonly [string, SourceTable] => {
      const declaration = declarations(name) ?? { name, identityFacets: ["instance_id"] };
      return [name, buildTable(declaration, byType.get(name) ?? [])];
    });
    return { revision: readRevision(connection), mark: readDatasetMark(connection), tables: new Map(tables) };
  });
}

/** Which datasets to read: a condition on their table. */
interface Chosen {
  readonly condition: string;
  readonly parameters: readonly string[];
}

const everything: Chosen = { condition: "true", parameters: [] };

function ofTypes(sourceTypes: readonly string[]): Chosen {
  const parameters = [JSON.stringify(sourceTypes)];
  return { condition: "source_type in (select value from json_each(?))", parameters };
}

/** One dataset, as far as it can be used. */
export function readOneUsable(connection: Connection, name: DatasetName): Dataset | undefined {
  const row = connection.get<UsableRow>(
    `${usableRows} and source_type = ? and instance_id = ?`,
    name.sourceType,
    name.id,
  );
  const files = row === undefined ? [] : readFiles(connection, row.id);
  return row === undefined || files.length === 0
    ? readOneReleased(connection, name)
    : { ...usable(row), files };
}

function readFiles(connection: Connection, dataset: number): readonly DatasetFile[] {
  const rows = connection.all<DatasetFileRow>(
    "select * from dataset_file where dataset_id = ? and presence = 'present' order by path",
    dataset,
  );
  return rows.map(fileOf);
}

type UsableRow = Pick<DatasetRow, "id" | "source_type" | "instance_id" | "finalised" | "facets">;

const usableRows = `select id, source_type, instance_id, finalised, facets from dataset
  where retracted = 0 and invalid is null`;

function usable(row: UsableRow): Omit<Dataset, "files"> {
  return {
    sourceType: row.source_type,
    id: row.instance_id,
    facets: storedJson<Facets>(row.facets),
    finalised: row.finalised === 1,
  };
}

/**
 * Ingested datasets that can be used, with those files that are there: each table is read once, whatever its source types.
 * The rows of authored ones have no such files.
 */
function readUsable(connection: Connection, chosen: Chosen): readonly TableDataset[] {
  const files = readFileLists(connection, chosen);
  const rows = connection.all<UsableRow>(`${usableRows} and ${chosen.condition}`, ...chosen.parameters);
  return rows.flatMap((row): readonly TableDataset[] => {
    const lists = files.get(row.id);
    return lists === undefined ? [] : [{ ...usable(row), lists }];
  });
}

/** Files by dataset. Those of a dataset come packed in one row, which is taken apart before the next is read. */
function readFileLists(
  connection: Connection,
  { condition, parameters }: Chosen,
): ReadonlyMap<number, FileLists> {
  const inChosen =
    condition === "true" ? "" : `and dataset_id in (select id from dataset where ${condition})`;
  const rows = connection.each<readonly [dataset: number, ...lists: readonly string[]]>(
    `select dataset_id, json_group_array(path), json_group_array(content_id), json_group_array(start_time),
       json_group_array(end_time), json_group_array(calendar)
     from dataset_file where presence = 'present' ${inChosen} group by dataset_id`,
    ...parameters,
  );
  const lists = new Map<number, FileLists>();
  for (const [dataset, paths, contentIds, starts, ends, calendars] of rows)
    lists.set(
      dataset,
      orderedLists({
        paths: storedJson(paths as string),
        contentIds: storedJson(contentIds as string),
        starts: storedJson(starts as string),
        ends: storedJson(ends as string),
        calendars: storedJson(calendars as string),
      }),
    );
  return lists;
}
