import { AlmanacError } from "../../core/errors.ts";
import type { BagContents, BaggedDataset } from "../../core/provenance/bag-contents.ts";
import type { FrozenMember } from "../../core/records/authored-dataset.ts";
import { compareVersions, type DatasetSpec, datasetSpecText } from "../../core/records/dataset-version.ts";
import { versionDigest } from "../../core/records/version-digest.ts";
import type { NewMember } from "../../ports/dataset-authoring.ts";
import { newestVersion, versionRows } from "./authored-rows.ts";
import type { Connection } from "./connection.ts";
import { createDatasets } from "./dataset-create.ts";
import { changeMembers } from "./dataset-members.ts";
import { releaseDraft } from "./dataset-release.ts";
import type { ImportNumbers } from "./import-numbers.ts";
import { insertOlder } from "./import-older.ts";
import { adoptRid, datasetNumber, datasetPosition, resolveRid, ridText } from "./rids.ts";
import type { AuthoredDatasetRow, DatasetMemberRow } from "./schema.ts";

/**
 * Takes over versions of datasets once their members are here. Checksums and digests stay those of the bag: a record that
 * refers to others by RIDs has other values where these have other RIDs, and is the same record.
 * @returns the root as it is here
 * @throws CONFLICT
 */
// allow-parameters: where, what, and where it goes
export function importDatasets(
  connection: Connection,
  { datasets, root }: BagContents,
  numbers: ImportNumbers,
): Required<DatasetSpec> {
  for (const each of datasets) requireDigest(each);
  for (const each of inOrder(datasets)) importVersion(connection, each, numbers);
  const number = numbers.get("datasets", root.rid);
  if (number !== undefined) return { rid: ridText(number), version: root.version };
  throw new AlmanacError("BAG_INVALID", `the dataset ${datasetSpecText(root)} is not in the bag`);
}

/** A version is what its digest says: nothing else would tell that a bag was put together wrongly. */
function requireDigest({ dataset: { rid }, version: { version, digest }, members }: BaggedDataset): void {
  const found = versionDigest(members);
  if (found === digest) return;
  throw new AlmanacError(
    "BAG_INVALID",
    `the members of ${rid}@${version} have the digest ${found}, not ${digest}`,
    {
      facts: { dataset: rid, version, found, digest },
    },
  );
}

/** Children before parents, and of one dataset older versions before newer ones. */
function inOrder(datasets: readonly BaggedDataset[]): readonly BaggedDataset[] {
  const found: BaggedDataset[] = [];
  let waiting = [...datasets];
  while (waiting.length > 0) {
    const ready = waiting.filter((each) => !waiting.some((other) => other !== each && isBefore(other, each)));
    if (ready.length === 0) throw new AlmanacError("BAG_INVALID", "datasets in the bag contain themselves");
    found.push(...ready);
    waiting = waiting.filter((each) => !ready.includes(each));
  }
  return found;
}

function isBefore(other: BaggedDataset, { dataset, version, members }: BaggedDataset): boolean {
  if (other.dataset.rid === dataset.rid) return compareVersions(other.version.version, version.version) < 0;
  return members.some(
    (member) => member.rid === other.dataset.rid && member.version === other.version.version,
  );
}

// allow-parameters: where, what, and where it goes
function importVersion(connection: Connection, each: BaggedDataset, numbers: ImportNumbers): void {
  const { dataset, version, members } = each;
  const known = knownDataset(connection, each, numbers);
  const there = versionRows(connection, known?.id ?? -1).find((row) => row.version === version.version);
  if (there !== undefined && there.digest !== version.digest)
    throw refused(each, `has another content here under this version`);
  const number = known?.id ?? makeDataset(connection, each, numbers);
  numbers.note("datasets", { rid: dataset.rid, number, isNew: there === undefined });
  if (there !== undefined) return;
  if (known !== undefined && isOlder(connection, each, known)) {
    const hereToo = members.map((member) => ({ member, number: numberOf(member, { each, numbers }) }));
    const maker = version.madeBy && numbers.get("executions", version.madeBy);
    insertOlder(connection, { dataset: number, version, madeBy: maker, members: hereToo });
    return;
  }
  if (known !== undefined) requireNoDraft(each, known);
  setMembers(
    connection,
    number,
    members.map((member) => memberHere(member, { each, numbers })),
  );
  const madeBy = numbers.run(version.madeBy);
  releaseDraft(connection, number, {
    ...{ version: version.version, notes: version.notes, at: version.releasedAt },
    ...(madeBy === undefined ? {} : { madeBy }),
  });
  keepDigests(connection, number, { each, numbers });
}

/** The dataset that has the RID here or had it elsewhere, made at the same moment. */
// allow-parameters: where, what, and where the runs are
function knownDataset(
  connection: Connection,
  { dataset }: BaggedDataset,
  numbers: ImportNumbers,
): AuthoredDatasetRow | undefined {
  const derived = derivedNumber(dataset, numbers);
  return [
    ...resolveRid(connection, { kind: "dataset", rid: dataset.rid }),
    ...(derived === undefined ? [] : [derived]),
  ]
    .map((id) => connection.get<AuthoredDatasetRow>("select * from authored_dataset where id = ?", id))
    .find((row) => row?.created_at === dataset.createdAt);
}

/** The number that follows from the run that made a dataset, if it had such a one. */
function derivedNumber(
  { rid, madeBy }: BaggedDataset["dataset"],
  numbers: ImportNumbers,
): number | undefined {
  const position = datasetPosition(rid);
  const maker = madeBy === undefined ? undefined : numbers.get("executions", madeBy);
  return position === undefined || maker === undefined ? undefined : datasetNumber(maker, position);
}

// allow-parameters: where, what, and where the runs are
function newNumber(
  connection: Connection,
  dataset: BaggedDataset["dataset"],
  numbers: ImportNumbers,
): number {
  const derived = derivedNumber(dataset, numbers);
  if (derived === undefined) return adoptRid(connection, { kind: "dataset", rid: dataset.rid });
  connection.run("insert into record (id, kind) values (?, 'dataset') on conflict do nothing", derived);
  return derived;
}

// allow-parameters: where, what, and where it goes
function makeDataset(connection: Connection, { dataset }: BaggedDataset, numbers: ImportNumbers): number {
  const { name, description, types, facets, derivation, createdAt } = dataset;
  const number = newNumber(connection, dataset, numbers);
  const madeBy = numbers.run(dataset.madeBy);
  const made = {
    ...{ name, description, types, facets, members: [], at: createdAt },
    ...(derivation === undefined ? {} : { derivation }),
    ...(madeBy === undefined ? {} : { madeBy }),
  };
  createDatasets(connection, [made], () => number);
  return number;
}

// allow-parameters: where, what, and what there is of it
function isOlder(connection: Connection, each: BaggedDataset, known: AuthoredDatasetRow): boolean {
  const newest = newestVersion(connection, known.id)?.version;
  return newest !== undefined && compareVersions(each.version.version, newest) < 0;
}

/** The draft becomes the version: what was changed in it here would be lost. @throws CONFLICT */
function requireNoDraft(each: BaggedDataset, known: AuthoredDatasetRow): void {
  if (known.draft_changes > 0) throw refused(each, `has a draft with changes here as ${ridText(known.id)}`);
}

function refused({ dataset, version }: BaggedDataset, why: string): AlmanacError {
  const spec = datasetSpecText({ rid: dataset.rid, version: version.version });
  return new AlmanacError("CONFLICT", `the dataset ${spec} ${why}`, {
    hint: `almanac datasets versions ${dataset.rid}; or import into another catalog`,
    facts: { dataset: dataset.rid, version: version.version },
  });
}

interface Placing {
  readonly each: BaggedDataset;
  readonly numbers: ImportNumbers;
}

function numberOf({ kind, rid }: FrozenMember, { each, numbers }: Placing): number {
  const number = numbers.get(`${kind}s`, rid);
  if (number !== undefined) return number;
  throw new AlmanacError(
    "BAG_INVALID",
    `a member of ${each.dataset.rid}, the ${kind} ${rid}, is not in the bag`,
  );
}

function memberHere(member: FrozenMember, placing: Placing): Extract<NewMember, { rid: unknown }> {
  const { path, version } = member;
  return {
    rid: ridText(numberOf(member, placing)),
    ...(path === undefined ? {} : { path }),
    ...(version === undefined ? {} : { version }),
  };
}

/** Gives the draft these members and no others. */
// allow-parameters: where, of what, and which
function setMembers(
  connection: Connection,
  dataset: number,
  members: readonly Extract<NewMember, { rid: unknown }>[],
): void {
  const wanted = new Set(members.map(({ rid }) => rid));
  const remove = connection
    .all<DatasetMemberRow>("select * from dataset_member where dataset_id = ? and until is null", dataset)
    .map(({ member_id }) => ridText(member_id))
    .filter((rid) => !wanted.has(rid));
  changeMembers(connection, dataset, { change: { add: members, remove } });
}

// allow-parameters: where, of what, and as the bag has it
function keepDigests(connection: Connection, dataset: number, placing: Placing): void {
  const { members, version } = placing.each;
  for (const member of members)
    if (member.kind !== "asset")
      connection.run(
        "update dataset_member set checksum = ? where dataset_id = ? and member_id = ? and until is null",
        ...[member.checksum, dataset, numberOf(member, placing)],
      );
  connection.run(
    "update dataset_version set digest = ? where dataset_id = ? and version = ?",
    ...[version.digest, dataset, version.version],
  );
}
