import { AlmanacError } from "../../core/errors.ts";
import type { Rid } from "../../core/identity/rid.ts";
import type { DatasetVersion } from "../../core/records/authored-dataset.ts";
import {
  bumpedVersion,
  compareVersions,
  firstVersion,
  requireVersion,
  type VersionBump,
} from "../../core/records/dataset-version.ts";
import { recordChecksum, versionDigest } from "../../core/records/version-digest.ts";
import type { ReleaseHow } from "../../ports/dataset-authoring.ts";
import { newestVersion, versionOf } from "./authored-rows.ts";
import type { Connection } from "./connection.ts";
import { countMembers } from "./dataset-members.ts";
import { hasOtherFacets, showReleased } from "./released-show.ts";
import { resolveRid, ridText } from "./rids.ts";
import { storedJson } from "./row-values.ts";
import type { AuthoredDatasetRow, DatasetMemberRow, DatasetVersionRow } from "./schema.ts";

/** How a draft is frozen here. */
export type Releasing = ReleaseHow & { readonly recursive?: boolean };

/**
 * Freezes the draft of a dataset; with facets it is then what solving sees. Call it inside a write transaction.
 * @returns what was released, children first
 * @throws RELEASE_REFUSED when nothing changed, a child is only a draft, or the version is not greater; USAGE
 */
// allow-parameters: where, of what and how
export function releaseDraft(
  connection: Connection,
  dataset: number,
  how: Releasing,
): readonly DatasetVersion[] {
  const released =
    how.recursive === true ? releaseChildren(connection, dataset, { how, seen: new Set() }) : [];
  const newest = newestVersion(connection, dataset);
  const draft = (newest?.ordinal ?? 0) + 1;
  takeUpChildren(connection, dataset, draft);
  countMembers(connection, dataset, draft);
  requireChanged(connection, dataset, newest);
  const version = nextVersion(newest, { ...how, dataset });
  freezeMembers(connection, dataset, draft);
  const row = insertVersion(connection, { dataset, ordinal: draft, version, how });
  showReleased(connection, row);
  return [...released, versionOf(row)];
}

/** Releases every child that stands as a draft, or has children that moved on, deepest first, each once. */
// allow-parameters: where, of what and how
function releaseChildren(
  connection: Connection,
  dataset: number,
  { how, seen }: { readonly how: Releasing; readonly seen: Set<number> },
): readonly DatasetVersion[] {
  const { version: _its, ...same } = how;
  return followed(connection, dataset).flatMap(({ member_id: child }) => {
    if (seen.has(child)) return [];
    seen.add(child);
    const before = releaseChildren(connection, child, { how, seen });
    const isOpen = before.length > 0 || standing(connection, child).draft_changes > 0;
    const isNew = newestVersion(connection, child) === undefined;
    if (!isOpen && !isNew && !hasMovedChildren(connection, child)) return before;
    return [...before, ...releaseDraft(connection, child, { ...same, recursive: false })];
  });
}

/** Children whose newest version each release takes. */
function followed(connection: Connection, dataset: number): readonly DatasetMemberRow[] {
  return connection.all<DatasetMemberRow>(
    `select * from dataset_member where dataset_id = ? and until is null and kind = 'dataset'
     and pinned_version is null order by member_id`,
    dataset,
  );
}

function hasMovedChildren(connection: Connection, dataset: number): boolean {
  return followed(connection, dataset).some(
    (row) => row.frozen_version !== (newestVersion(connection, row.member_id)?.version ?? null),
  );
}

function standing(connection: Connection, dataset: number): AuthoredDatasetRow {
  return connection.get<AuthoredDatasetRow>(
    "select * from authored_dataset where id = ?",
    dataset,
  ) as AuthoredDatasetRow;
}

/**
 * A child that was released again since begins anew in the draft.
 * @throws RELEASE_REFUSED naming children that are only drafts
 */
// allow-parameters: where, of what, and the draft's ordinal
function takeUpChildren(connection: Connection, dataset: number, draft: number): void {
  const problems: string[] = [];
  for (const row of followed(connection, dataset)) {
    const newest = newestVersion(connection, row.member_id)?.version;
    if (newest === undefined) problems.push(`${ridText(row.member_id)} has no released version`);
    else if (standing(connection, row.member_id).draft_changes > 0)
      problems.push(`${ridText(row.member_id)} has changes since its version ${newest}`);
    if (row.since === draft || row.frozen_version === newest) continue;
    connection.run(
      "update dataset_member set until = ? where dataset_id = ? and member_id = ? and since = ?",
      draft,
      dataset,
      row.member_id,
      row.since,
    );
    connection.run(
      "insert into dataset_member (dataset_id, member_id, since, kind, path) values (?, ?, ?, 'dataset', ?)",
      dataset,
      row.member_id,
      draft,
      row.path,
    );
  }
  if (problems.length > 0)
    throw refused(dataset, `of its children ${problems.join("; ")}`, {
      hint: `almanac datasets release ${ridText(dataset)} --recursive releases them first`,
    });
}

// allow-parameters: where, of what, and what it is compared with
function requireChanged(
  connection: Connection,
  dataset: number,
  newest: DatasetVersionRow | undefined,
): void {
  if (newest === undefined || standing(connection, dataset).draft_changes > 0) return;
  if (hasOtherFacets(connection, newest)) return;
  throw refused(dataset, `nothing has changed since its version ${newest.version}`, {
    hint: `almanac datasets change ${ridText(dataset)} --add RID --remove RID`,
  });
}

function nextVersion(
  newest: DatasetVersionRow | undefined,
  {
    dataset,
    version,
    bump = "minor",
  }: {
    readonly dataset: number;
    readonly version?: string;
    readonly bump?: VersionBump;
  },
): string {
  if (version === undefined) return newest === undefined ? firstVersion : bumpedVersion(newest.version, bump);
  requireVersion(version);
  if (newest !== undefined && compareVersions(version, newest.version) <= 0)
    throw refused(dataset, `${version} is not greater than its newest version ${newest.version}`, {
      hint: "give a greater one, or --bump major, minor or patch",
    });
  return version;
}

/**
 * Gives the members that are new in the draft their checksums.
 * @throws RELEASE_REFUSED naming files without one
 */
// allow-parameters: where, of what, and the draft's ordinal
function freezeMembers(connection: Connection, dataset: number, draft: number): void {
  connection.run(
    `update dataset_member set size_bytes = asset.size_bytes, checksum =
       case when asset.sha256 <> '' then 'sha256:' || asset.sha256 else 'md5:' || asset.md5 end
     from asset where asset.id = member_id and dataset_id = ? and since = ? and dataset_member.kind = 'asset'`,
    dataset,
    draft,
  );
  for (const { id, body } of connection.all<{ id: number; body: string }>(
    `select typed_record.id, body from dataset_member join typed_record on typed_record.id = member_id
     where dataset_id = ? and since = ? and kind = 'record'`,
    dataset,
    draft,
  ))
    setChecksum(connection, { dataset, draft, id, checksum: recordChecksum(storedJson(body)) });
  connection.run(
    `update dataset_member set frozen_version = released.version, checksum = 'sha256:' || released.digest
     from dataset_version as released
     where released.dataset_id = member_id and dataset_member.dataset_id = ? and since = ?
     and dataset_member.kind = 'dataset' and released.version = coalesce(pinned_version, (select version from dataset where id = member_id))`,
    dataset,
    draft,
  );
  requireChecksums(connection, dataset, draft);
}

function setChecksum(
  connection: Connection,
  row: {
    readonly dataset: number;
    readonly draft: number;
    readonly id: number;
    readonly checksum: string;
  },
): void {
  connection.run(
    "update dataset_member set checksum = ? where dataset_id = ? and member_id = ? and since = ?",
    row.checksum,
    row.dataset,
    row.id,
    row.draft,
  );
}

// allow-parameters: where, of what, and the draft's ordinal
function requireChecksums(connection: Connection, dataset: number, draft: number): void {
  const without = connection.all<{ member_id: number; kind: string }>(
    `select member_id, kind from dataset_member where dataset_id = ? and since = ? and checksum is null limit 20`,
    dataset,
    draft,
  );
  if (without.length === 0) return;
  const named = without.map(({ member_id, kind }) => `${kind} ${ridText(member_id)}`);
  throw refused(dataset, `members without a checksum: ${named.join(", ")}`, {
    hint: `remove them: almanac datasets change ${ridText(dataset)} --remove RID`,
  });
}

function insertVersion(
  connection: Connection,
  {
    dataset,
    ordinal,
    version,
    how,
  }: {
    readonly dataset: number;
    readonly ordinal: number;
    readonly version: string;
    readonly how: Releasing;
  },
): DatasetVersionRow {
  const members = connection.all<DatasetMemberRow>(
    "select kind, path, checksum, size_bytes from dataset_member where dataset_id = ? and until is null",
    dataset,
  );
  const row: DatasetVersionRow = {
    ...{ dataset_id: dataset, ordinal, version, released_at: how.at },
    digest: versionDigest(
      members.map(({ kind, path, checksum, size_bytes }) => ({
        ...{ kind, checksum: checksum ?? "" },
        ...(path === null ? {} : { path }),
        ...(size_bytes === null ? {} : { sizeBytes: size_bytes }),
      })),
    ),
    notes: how.notes ?? "",
    made_by: executionNumber(connection, how.madeBy),
    member_count: members.length,
  };
  connection.run(
    `insert into dataset_version (dataset_id, ordinal, version, released_at, digest, notes, made_by, member_count)
     values (?, ?, ?, ?, ?, ?, ?, ?)`,
    row.dataset_id,
    row.ordinal,
    row.version,
    row.released_at,
    row.digest,
    row.notes,
    row.made_by,
    row.member_count,
  );
  connection.run("update dataset set version = ? where id = ?", version, dataset);
  connection.run("update authored_dataset set draft_changes = 0 where id = ?", dataset);
  return row;
}

/** Number of the execution that makes something. @throws UNKNOWN_NAME */
export function executionNumber(connection: Connection, rid: Rid | undefined): number | null {
  if (rid === undefined) return null;
  const id = resolveRid(connection, { kind: "execution", rid })[0];
  if (id !== undefined) return id;
  throw new AlmanacError("UNKNOWN_NAME", `there is no execution ${rid}`, {
    hint: "almanac executions list",
    facts: { rid },
  });
}

function refused(dataset: number, why: string, { hint }: { readonly hint: string }): AlmanacError {
  return new AlmanacError("RELEASE_REFUSED", `the dataset ${ridText(dataset)} cannot be released: ${why}`, {
    hint,
    facts: { dataset: ridText(dataset) },
  });
}
