import type { Facets } from "../../core/catalog/dataset.ts";
import { AlmanacError, isAlmanacError } from "../../core/errors.ts";
import { authoredInputFiles } from "../../core/execution/authored-files.ts";
import { datasetSpecText } from "../../core/records/dataset-version.ts";
import { releasedFacets, releasedTypeProblems } from "../../core/records/released-type.ts";
import type { DatasetName } from "../../ports/dataset-catalog.ts";
import { type AuthoredRow, selectAuthored } from "./authored-rows.ts";
import { raiseRevision } from "./changes.ts";
import type { Connection } from "./connection.ts";
import { memberFiles } from "./member-files.ts";
import { releasedOrigin, rowsOfDataset } from "./released-datasets.ts";
import { blocksOf, ridText, takeRid } from "./rids.ts";
import { orderedJson, storedJson } from "./row-values.ts";
import type { DatasetRow, DatasetVersionRow } from "./schema.ts";

/**
 * Shows a version to solving that was released just now, if its dataset has facets. Call it in the transaction that
 * releases it, with the members frozen.
 * @throws RELEASE_REFUSED when its name is that of a source type, or its facets cannot be those of a dataset
 */
export function showReleased(connection: Connection, version: DatasetVersionRow): void {
  const dataset = rowOf(connection, version.dataset_id);
  const facets = storedJson<Facets>(dataset.facets);
  const isSeen = Object.keys(facets).length > 0;
  if (isSeen) insertShown(connection, { dataset, facets, version });
  if (isSeen || rowsOfDataset(connection, dataset.id).length > 0) tellReleased(connection, dataset.id);
}

/** True if the facets of a dataset are other ones than its newest version was released with. */
export function hasOtherFacets(
  connection: Connection,
  { dataset_id: dataset, version }: DatasetVersionRow,
): boolean {
  const { facets: stored } = rowOf(connection, dataset);
  const shown = rowsOfDataset(connection, dataset).find(({ released }) => released === version);
  if (shown === undefined) return stored !== "{}";
  const id = shown.instance_id;
  return shown.facets !== orderedJson(releasedFacets(storedJson<Facets>(stored), { id, version }));
}

/** Counts a change of what solving sees of a dataset: each of its versions may have come or gone. */
export function tellReleased(connection: Connection, dataset: number): void {
  const names = namesOf(connection, dataset);
  if (names.length > 0) raiseRevision(connection, names);
}

/**
 * Gives what solving sees of a dataset its new name, once the dataset has it.
 * @throws RELEASE_REFUSED when that is the name of a source type
 */
// allow-parameters: where, of which dataset, and what it was called
export function renameReleased(connection: Connection, dataset: number, before: string): void {
  const row = rowOf(connection, dataset);
  const rid = ridText(dataset);
  // Everything of the dataset sorts after RID@ and before RIDA.
  const versions = connection.all<Pick<DatasetRow, "id" | "instance_id" | "facets">>(
    `select id, instance_id, facets from dataset where source_type = ? and instance_id > ? and instance_id < ?
     and origin = '${releasedOrigin}'`,
    before,
    `${rid}@`,
    `${rid}A`,
  );
  if (versions.length === 0) return;
  requireType(connection, row, {});
  for (const { id } of versions)
    connection.run("update dataset set source_type = ? where id = ?", row.name, id);
  const names = versions.flatMap(({ instance_id: id }) => [
    { sourceType: before, id },
    { sourceType: row.name, id },
  ]);
  raiseRevision(connection, names);
}

/** Takes a dataset from solving for good. Call it before the dataset itself is deleted. */
export function deleteReleased(connection: Connection, dataset: number): void {
  const rows = rowsOfDataset(connection, dataset);
  tellReleased(connection, dataset);
  for (const { id } of rows) {
    connection.run("delete from dataset where id = ?", id);
    connection.run("delete from record where id = ?", id);
  }
}

function rowOf(connection: Connection, dataset: number): AuthoredRow {
  return connection.get<AuthoredRow>(`${selectAuthored} where id = ?`, dataset) as AuthoredRow;
}

function namesOf(connection: Connection, dataset: number): readonly DatasetName[] {
  return rowsOfDataset(connection, dataset).map(({ source_type: sourceType, instance_id: id }) => ({
    sourceType,
    id,
  }));
}

// allow-parameters: where, of which dataset, and with what facets
function requireType(connection: Connection, { id, name }: AuthoredRow, facets: Facets): void {
  const problems = releasedTypeProblems({ name, facets }, (type) => connection.declares(type));
  if (problems.length === 0) return;
  const rid = ridText(id);
  throw new AlmanacError(
    "RELEASE_REFUSED",
    `the dataset ${rid} cannot be what solving sees: ${problems.join("; ")}`,
    {
      hint: `another name: almanac datasets change ${rid} --name OTHER; --facet gives it other facets`,
      facts: { dataset: rid, name, problems },
    },
  );
}

function insertShown(
  connection: Connection,
  {
    dataset,
    facets,
    version: { version, ordinal },
  }: { readonly dataset: AuthoredRow; readonly facets: Facets; readonly version: DatasetVersionRow },
): void {
  requireType(connection, dataset, facets);
  const id = datasetSpecText({ rid: ridText(dataset.id), version });
  connection.run(
    `insert into dataset (id, source_type, instance_id, version, origin, finalised, retracted, invalid, facets)
     values (?, ?, ?, ?, '${releasedOrigin}', 1, 0, ?, ?)`,
    ordinal === 1 ? firstNumber(connection, dataset) : takeRid(connection, "dataset"),
    dataset.name,
    id,
    version,
    unusable(connection, { dataset: dataset.id, version, id }),
    orderedJson(releasedFacets(facets, { id, version })),
  );
}

/**
 * Number of the first version. Of a dataset that an execution made it follows from the execution's, as the dataset's own
 * does, in the same block from its end: results that are loaded again give the same RIDs.
 */
function firstNumber(connection: Connection, { id, made_by: maker }: AuthoredRow): number {
  const [block] = maker === null ? [] : blocksOf(maker);
  const mirrored = block === undefined ? 0 : block.last - (id - block.first);
  if (block === undefined || id < block.first || mirrored <= id) return takeRid(connection, "dataset");
  connection.run("insert into record (id, kind) values (?, 'dataset') on conflict do nothing", mirrored);
  return mirrored;
}

/** Why executions could not have the files of a version; null when they can. */
function unusable(
  connection: Connection,
  { id, ...version }: { readonly dataset: number; readonly version: string; readonly id: string },
): string | null {
  const files = memberFiles(connection, version);
  const unchecked = files.filter(({ asset }) => asset.sha256 === "").map(({ asset }) => asset.rid);
  if (unchecked.length > 0)
    return `files without sha256, which executions could not check: ${unchecked.slice(0, 5).join(", ")}`;
  try {
    authoredInputFiles(id, files);
    return null;
  } catch (error) {
    if (!isAlmanacError(error, "USAGE")) throw error;
    return error.message;
  }
}
