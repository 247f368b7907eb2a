import type { Dataset, Facets } from "../../core/catalog/dataset.ts";
import { AlmanacError } from "../../core/errors.ts";
import { authoredInputFiles } from "../../core/execution/authored-files.ts";
import { compareCodeUnits } from "../../core/identity/compare.ts";
import { parseDatasetSpec } from "../../core/records/dataset-version.ts";
import type { ReleasedType } from "../../core/records/released-type.ts";
import type { DatasetName } from "../../ports/dataset-catalog.ts";
import { findAuthored } from "./authored-rows.ts";
import type { Connection } from "./connection.ts";
import { memberFiles } from "./member-files.ts";
import { ridNumber, ridText } from "./rids.ts";
import { storedJson } from "./row-values.ts";
import type { DatasetRow } from "./schema.ts";

/**
 * Origin of the rows that released versions of authored datasets with facets have beside the row of their dataset: these
 * are what solving sees. Their source type is the dataset's name, their id `RID@version`; their files are the members.
 */
export const releasedOrigin = "released" as const;

/** A row of a released version with the dataset it is of. */
export type ReleasedRow = Pick<DatasetRow, "id" | "source_type" | "instance_id" | "facets"> & {
  readonly dataset: number;
  readonly released: string;
};

// Begins with the versions, of which there are none in most catalogs: the rest is found by its keys.
const releasedRows = `select shown.id, shown.source_type, shown.instance_id, shown.facets,
    own.dataset_id as dataset, own.version as released
  from dataset_version as own
  cross join authored_dataset as named on named.id = own.dataset_id
  cross join dataset as whole on whole.id = own.dataset_id
  cross join dataset as shown on shown.source_type = named.name
    and shown.instance_id = whole.instance_id || '@' || own.version and shown.origin = '${releasedOrigin}'`;

/** Of each dataset the newest version, unless it is retracted or cannot be used: then the one before it. */
const isShown = `whole.retracted = 0 and shown.retracted = 0 and shown.invalid is null and not exists (
  select 1 from dataset_version as newer where newer.dataset_id = own.dataset_id and newer.ordinal > own.ordinal
  and not exists (select 1 from dataset as hidden where hidden.source_type = named.name
    and hidden.instance_id = whole.instance_id || '@' || newer.version
    and (hidden.retracted = 1 or hidden.invalid is not null)))`;

/**
 * The released versions that solving sees, with their files; those without files have nothing to see.
 * @param sourceTypes all when absent
 * @throws CONFIG_INVALID when one has the name of a source type that the configuration declares
 */
export function readReleased(connection: Connection, sourceTypes?: readonly string[]): readonly Dataset[] {
  const rows = connection.all<ReleasedRow>(`${releasedRows} where ${isShown} order by shown.id`);
  return rows
    .filter(({ source_type }) => sourceTypes === undefined || sourceTypes.includes(source_type))
    .flatMap((row) => releasedDataset(connection, row));
}

/** The released version of a name, if solving sees it. */
export function readOneReleased(connection: Connection, name: DatasetName): Dataset | undefined {
  const { rid, version } = parseDatasetSpec(name.id) ?? {};
  if (rid === undefined || version === undefined) return undefined;
  const row = connection.get<ReleasedRow>(
    `${releasedRows} where own.dataset_id = ? and own.version = ? and shown.source_type = ? and ${isShown}`,
    ridNumber(rid),
    version,
    name.sourceType,
  );
  return row && releasedDataset(connection, row)[0];
}

/** Rows of all released versions of a dataset, hidden ones too. */
export function rowsOfDataset(connection: Connection, dataset: number): readonly ReleasedRow[] {
  return connection.all<ReleasedRow>(`${releasedRows} where own.dataset_id = ?`, dataset);
}

/** The version that a row shows to solving. */
export function releasedRow(
  connection: Connection,
  { source_type: sourceType, instance_id: id }: Pick<DatasetRow, "source_type" | "instance_id">,
): ReleasedRow | undefined {
  const dataset = datasetOfReleased(connection, id);
  const rows = dataset === undefined ? [] : rowsOfDataset(connection, dataset);
  return rows.find((row) => row.source_type === sourceType && row.instance_id === id);
}

/** The authored dataset that an id names, alone or with a version. */
export function datasetOfReleased(connection: Connection, id: string): number | undefined {
  const spec = parseDatasetSpec(id);
  const row = spec && findAuthored(connection, spec.rid);
  return row?.id;
}

/** What released datasets are to solving, hidden ones too, in order of names. */
export function readReleasedTypes(connection: Connection): readonly ReleasedType[] {
  const byName = Map.groupBy(connection.all<ReleasedRow>(releasedRows), ({ source_type }) => source_type);
  return [...byName]
    .toSorted(([a], [b]) => compareCodeUnits(a, b))
    .map(([name, rows]) => ({
      name,
      facets: [...new Set(rows.flatMap(({ facets }) => Object.keys(storedJson<Facets>(facets))))].sort(
        compareCodeUnits,
      ),
      datasets: [...new Set(rows.map(({ dataset }) => ridText(dataset)))],
    }));
}

/** Files of a released version as its executions will have them. */
export function filesOfReleased(
  connection: Connection,
  { dataset, released, instance_id }: Pick<ReleasedRow, "dataset" | "released" | "instance_id">,
): Dataset["files"] {
  const files = memberFiles(connection, { dataset, version: released });
  return authoredInputFiles(instance_id, files)
    .map(({ path, sizeBytes = 0, contentId }) => ({ path, sizeBytes, contentId }))
    .sort((a, b) => compareCodeUnits(a.path, b.path));
}

function releasedDataset(connection: Connection, row: ReleasedRow): readonly Dataset[] {
  if (connection.declares(row.source_type)) throw taken(row);
  const files = filesOfReleased(connection, row);
  if (files.length === 0) return [];
  const { source_type: sourceType, instance_id: id } = row;
  return [{ sourceType, id, facets: storedJson<Facets>(row.facets), finalised: true, files }];
}

/** The configuration has come to declare a source type of a name that datasets put together here have. */
function taken({ source_type: name, instance_id, dataset }: ReleasedRow): AlmanacError {
  const rid = ridText(dataset);
  return new AlmanacError(
    "CONFIG_INVALID",
    `the source type "${name}" of the configuration is also the name of the dataset ${instance_id}, which solving sees`,
    {
      hint: `almanac datasets change ${rid} --name OTHER, or another name in datasets.types of the configuration`,
      facts: { name, dataset: rid },
    },
  );
}
