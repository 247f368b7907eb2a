import { AlmanacError } from "../../core/errors.ts";
import type { Rid } from "../../core/identity/rid.ts";
import type { Json } from "../../core/json.ts";
import type {
  AuthoredDataset,
  DatasetVersion,
  FrozenMember,
  Member,
} from "../../core/records/authored-dataset.ts";
import { draftName } from "../../core/records/dataset-version.ts";
import type { Connection } from "./connection.ts";
import { optionalRid, resolveRid, ridText } from "./rids.ts";
import { storedJson } from "./row-values.ts";
import type { AuthoredDatasetRow, DatasetMemberRow, DatasetRow, DatasetVersionRow } from "./schema.ts";

/** An authored dataset with what its row among all datasets says. */
export type AuthoredRow = AuthoredDatasetRow & { readonly facets: string; readonly version: string | null };

/** What every query for authored datasets begins with. */
export const selectAuthored =
  "select authored_dataset.*, dataset.facets, dataset.version from authored_dataset join dataset using (id)";

/** An authored dataset as the core knows it. */
export function authoredOf(row: AuthoredRow): AuthoredDataset {
  const madeBy = optionalRid(row.made_by);
  return {
    ...{ rid: ridText(row.id), name: row.name, description: row.description },
    types: storedJson<readonly string[]>(row.types),
    facets: storedJson<AuthoredDataset["facets"]>(row.facets),
    ...(row.derivation === null ? {} : { derivation: storedJson<Json>(row.derivation) }),
    ...(madeBy === undefined ? {} : { madeBy }),
    createdAt: row.created_at,
    ...(row.version === null ? {} : { version: row.version }),
    ...{ memberCount: row.member_count, draftChanges: row.draft_changes },
  };
}

/** A released version as the core knows it. */
export function versionOf(row: DatasetVersionRow): DatasetVersion {
  const madeBy = optionalRid(row.made_by);
  return {
    ...{ dataset: ridText(row.dataset_id), version: row.version, ordinal: row.ordinal },
    ...{ releasedAt: row.released_at, digest: row.digest, notes: row.notes },
    ...(madeBy === undefined ? {} : { madeBy }),
    memberCount: row.member_count,
  };
}

/** A member as a draft has it. */
export function memberOf(row: DatasetMemberRow): Member {
  return {
    ...{ kind: row.kind, rid: ridText(row.member_id) },
    ...(row.path === null ? {} : { path: row.path }),
    ...(row.pinned_version === null ? {} : { version: row.pinned_version }),
  };
}

/** A member as a released version has it. */
export function frozenMemberOf(row: DatasetMemberRow): FrozenMember {
  return {
    ...{ kind: row.kind, rid: ridText(row.member_id) },
    ...(row.path === null ? {} : { path: row.path }),
    checksum: row.checksum ?? "",
    ...(row.size_bytes === null ? {} : { sizeBytes: row.size_bytes }),
    ...(row.frozen_version === null ? {} : { version: row.frozen_version }),
  };
}

/** Row of an authored dataset, also by the RID it had in the catalog it came from. */
export function findAuthored(connection: Connection, rid: Rid): AuthoredRow | undefined {
  for (const id of resolveRid(connection, { kind: "dataset", rid })) {
    const row = connection.get<AuthoredRow>(`${selectAuthored} where id = ?`, id);
    if (row !== undefined) return row;
  }
  return undefined;
}

/**
 * An authored dataset that must be there.
 * @throws UNKNOWN_NAME
 */
export function requireAuthored(connection: Connection, rid: Rid): AuthoredRow {
  const row = findAuthored(connection, rid);
  if (row !== undefined) return row;
  throw new AlmanacError(
    "UNKNOWN_NAME",
    whyNotAuthored(connection, rid) ?? `there is no authored dataset ${rid}`,
    { hint: "almanac datasets list --origin authored", facts: { rid } },
  );
}

/** Why a dataset is no authored one; undefined when there is none of this RID. */
export function whyNotAuthored(connection: Connection, rid: Rid): string | undefined {
  const [id] = resolveRid(connection, { kind: "dataset", rid });
  if (id === undefined) return undefined;
  const row = connection.get<Pick<DatasetRow, "origin" | "instance_id">>(
    "select origin, instance_id from dataset where id = ?",
    id,
  );
  return row?.origin === "released"
    ? `${rid} is what solving sees of ${row.instance_id}: name it so`
    : `${rid} is a dataset that was ingested, not authored`;
}

/** Released versions of a dataset, newest first. */
export function versionRows(connection: Connection, dataset: number): readonly DatasetVersionRow[] {
  return connection.all<DatasetVersionRow>(
    "select * from dataset_version where dataset_id = ? order by ordinal desc",
    dataset,
  );
}

/** Newest released version. */
export function newestVersion(connection: Connection, dataset: number): DatasetVersionRow | undefined {
  return connection.get<DatasetVersionRow>(
    "select * from dataset_version where dataset_id = ? order by ordinal desc limit 1",
    dataset,
  );
}

/** Ordinal of the draft: the version after the newest. */
export function draftOrdinal(connection: Connection, dataset: number): number {
  return (newestVersion(connection, dataset)?.ordinal ?? 0) + 1;
}

/**
 * Ordinal of a version.
 * @param version `draft` or absent: the draft
 * @throws UNKNOWN_NAME with the versions there are
 */
export function requireOrdinal(
  connection: Connection,
  dataset: number,
  { version = draftName }: { readonly version?: string | undefined },
): number {
  if (version === draftName) return draftOrdinal(connection, dataset);
  const row = connection.get<DatasetVersionRow>(
    "select * from dataset_version where dataset_id = ? and version = ?",
    dataset,
    version,
  );
  if (row !== undefined) return row.ordinal;
  throw new AlmanacError(
    "UNKNOWN_NAME",
    `the dataset ${ridText(dataset)} has no version ${version}${versionsThereAre(connection, dataset)}`,
    {
      hint: `almanac datasets versions ${ridText(dataset)}`,
      facts: { dataset: ridText(dataset), version },
    },
  );
}

/** The versions there are, as the end of a message: the newest ones. */
export function versionsThereAre(connection: Connection, dataset: number): string {
  const names = versionRows(connection, dataset).map(({ version }) => version);
  if (names.length === 0) return "; it has no released version";
  return `; there are ${names.slice(0, 5).join(", ")}${names.length > 5 ? ", …" : ""}`;
}

/** Condition of members that a version has; its parameters are the ordinal, twice. */
export const visibleIn = "since <= ? and (until is null or until > ?)";
