import type { Dataset, DatasetFile, Facets } from "../../core/catalog/dataset.ts";
import type { Snapshot, SourceTable } from "../../core/catalog/snapshot.ts";
import { buildTable, type TableDeclaration } from "../../core/catalog/snapshot-builder.ts";
import { compareCodeUnits } from "../../core/identity/compare.ts";
import type { DatasetName } from "../../ports/dataset-catalog.ts";
import type { Connection } from "./connection.ts";
import { readDatasetMark, readRevision } from "./marks.ts";
import { readOneReleased, readReleased } from "./released-datasets.ts";
import { storedJson } from "./row-values.ts";
import type { DatasetRow } from "./schema.ts";

/** Files of one dataset as the query returns them: a JSON list for each column. */
interface PackedFiles {
  readonly dataset_id: number;
  readonly paths: string;
  readonly starts: string;
  readonly ends: string;
  readonly calendars: string;
  readonly contentIds: string;
}

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
    const datasets = [...readUsable(connection, chosen), ...readReleased(connection, sourceTypes)];
    const usable = Map.groupBy(datasets, ({ sourceType }) => sourceType);
    const types = [...usable.keys()].sort(compareCodeUnits);
    const tables = types.map((name): readonly [string, SourceTable] => {
      const declaration = declarations(name) ?? { name, identityFacets: ["instance_id"] };
      return [name, buildTable(declaration, usable.get(name) ?? [])];
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
  const condition = "source_type = ? and instance_id = ?";
  const parameters = [name.sourceType, name.id];
  return readUsable(connection, { condition, parameters })[0] ?? readOneReleased(connection, name);
}

/**
 * Ingested datasets that can be used, with those files that are there: each table is read once, whatever its source types.
 * The rows of authored ones have no such files.
 */
function readUsable(connection: Connection, { condition, parameters }: Chosen): readonly Dataset[] {
  const inChosen =
    condition === "true" ? "" : `and dataset_id in (select id from dataset where ${condition})`;
  const packed = connection.all<PackedFiles>(
    `select dataset_id, json_group_array(path) as paths, json_group_array(start_time) as starts,
       json_group_array(end_time) as ends, json_group_array(calendar) as calendars,
       json_group_array(content_id) as "contentIds"
     from dataset_file where presence = 'present' ${inChosen} group by dataset_id`,
    ...parameters,
  );
  const files = new Map(packed.map((row) => [row.dataset_id, row]));
  const rows = connection.all<
    Pick<DatasetRow, "id" | "source_type" | "instance_id" | "finalised" | "facets">
  >(
    `select id, source_type, instance_id, finalised, facets from dataset
     where retracted = 0 and invalid is null and ${condition}`,
    ...parameters,
  );
  return rows.flatMap((row): readonly Dataset[] => {
    const own = files.get(row.id);
    if (own === undefined) return [];
    return [
      {
        sourceType: row.source_type,
        id: row.instance_id,
        facets: storedJson<Facets>(row.facets),
        finalised: row.finalised === 1,
        // Made when asked for: all files of the catalog at once are a hundred times as much as those of one dataset.
        get files() {
          return unpackFiles(own);
        },
      },
    ];
  });
}

/** Assigns field by field: this runs for every file of the catalog, and spreading is several times slower. */
function unpackFiles(packed: PackedFiles): readonly DatasetFile[] {
  const starts = storedJson<readonly (string | null)[]>(packed.starts);
  const ends = storedJson<readonly (string | null)[]>(packed.ends);
  const calendars = storedJson<readonly (string | null)[]>(packed.calendars);
  const contentIds = storedJson<readonly string[]>(packed.contentIds);
  return storedJson<readonly string[]>(packed.paths).map((path, at) => {
    const file: { -readonly [K in keyof DatasetFile]: DatasetFile[K] } = {
      path,
      contentId: contentIds[at] as string,
    };
    const [start, end, calendar] = [starts[at], ends[at], calendars[at]];
    if (start != null) file.start = start;
    if (end != null) file.end = end;
    if (calendar != null) file.calendar = calendar;
    return file;
  });
}
