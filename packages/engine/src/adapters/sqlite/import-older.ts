import type { BaggedDataset } from "../../core/provenance/bag-contents.ts";
import type { FrozenMember } from "../../core/records/authored-dataset.ts";
import { compareVersions } from "../../core/records/dataset-version.ts";
import { versionRows } from "./authored-rows.ts";
import type { Connection } from "./connection.ts";
import type { DatasetMemberRow } from "./schema.ts";

/** A version between others, or before them. */
export interface OlderVersion {
  readonly dataset: number;
  readonly version: BaggedDataset["version"];
  /** Execution that released it. */
  readonly madeBy: number | undefined;
  /** Its members, by their numbers here. */
  readonly members: readonly { readonly number: number; readonly member: FrozenMember }[];
}

/**
 * Puts a version of another catalog among the later ones that are here: later versions and the draft move up by one, and
 * hold what they held. Solving sees newest versions, which stay what they are. Call it inside a write transaction.
 */
export function insertOlder(connection: Connection, older: OlderVersion): void {
  const { dataset, version, madeBy, members } = older;
  const earlier = versionRows(connection, dataset).find(
    (row) => compareVersions(row.version, version.version) < 0,
  );
  const ordinal = (earlier?.ordinal ?? 0) + 1;
  makeRoom(connection, dataset, ordinal);
  connection.run(
    `insert into dataset_version (dataset_id, ordinal, version, released_at, digest, notes, made_by, member_count)
     values (?, ?, ?, ?, ?, ?, ?, ?)`,
    ...[dataset, ordinal, version.version, version.releasedAt, version.digest, version.notes],
    ...[madeBy ?? null, members.length],
  );
  for (const { number, member } of members) hold(connection, { dataset, ordinal, number, member });
}

/** What is sought among the rows of members: the same thing in the same place. */
const same = `dataset_id = ? and member_id = ? and kind = ? and path is ? and checksum is ? and size_bytes is ?
  and frozen_version is ?`;

/** Makes a version hold a member: with the row of the version before or behind it where that says the same. */
function hold(
  connection: Connection,
  {
    dataset,
    ordinal,
    number,
    member,
  }: {
    readonly dataset: number;
    readonly ordinal: number;
    readonly number: number;
    readonly member: FrozenMember;
  },
): void {
  const { kind, checksum } = member;
  const [path, sizeBytes, version] = [member.path ?? null, member.sizeBytes ?? null, member.version ?? null];
  const sought = [dataset, number, kind, path, checksum, sizeBytes, version];
  const find = (end: string, at: number): DatasetMemberRow | undefined =>
    connection.get<DatasetMemberRow>(
      `select * from dataset_member where ${same} and "${end}" = ?`,
      ...sought,
      at,
    );
  const [before, behind] = [find("until", ordinal), find("since", ordinal + 1)];
  if (behind !== undefined)
    connection.run(
      "delete from dataset_member where dataset_id = ? and member_id = ? and since = ?",
      ...[dataset, number, behind.since],
    );
  const until = behind === undefined ? ordinal + 1 : behind.until;
  if (before !== undefined)
    connection.run(
      "update dataset_member set until = ? where dataset_id = ? and member_id = ? and since = ?",
      ...[until, dataset, number, before.since],
    );
  else
    connection.run(
      `insert into dataset_member (dataset_id, member_id, since, until, kind, path, pinned_version, frozen_version,
       checksum, size_bytes) values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
      ...[dataset, number, ordinal, until, kind, path],
      ...[behind === undefined ? version : behind.pinned_version, version, checksum, sizeBytes],
    );
}

/** Moves everything from an ordinal on up by one. Members that were there before and behind are two from now on. */
// allow-parameters: where, of which dataset, and from where on
function makeRoom(connection: Connection, dataset: number, ordinal: number): void {
  // Keys are unique at every moment: through negative numbers.
  connection.run(
    "update dataset_version set ordinal = -(ordinal + 1) where dataset_id = ? and ordinal >= ?",
    ...[dataset, ordinal],
  );
  connection.run(
    "update dataset_version set ordinal = -ordinal where dataset_id = ? and ordinal < 0",
    dataset,
  );
  const spanning = connection.all<DatasetMemberRow>(
    "select * from dataset_member where dataset_id = ? and since < ? and (until is null or until > ?)",
    ...[dataset, ordinal, ordinal],
  );
  connection.run(
    "update dataset_member set since = -(since + 1) where dataset_id = ? and since >= ?",
    ...[dataset, ordinal],
  );
  connection.run("update dataset_member set since = -since where dataset_id = ? and since < 0", dataset);
  connection.run(
    "update dataset_member set until = until + 1 where dataset_id = ? and until > ?",
    ...[dataset, ordinal],
  );
  for (const { member_id: member, since } of spanning) {
    connection.run(
      `insert into dataset_member select dataset_id, member_id, ?, until, kind, path, pinned_version, frozen_version,
       checksum, size_bytes from dataset_member where dataset_id = ? and member_id = ? and since = ?`,
      ...[ordinal + 1, dataset, member, since],
    );
    connection.run(
      "update dataset_member set until = ? where dataset_id = ? and member_id = ? and since = ?",
      ...[ordinal, dataset, member, since],
    );
  }
}
