import type { Rid } from "../identity/rid.ts";
import { datasetSpecText } from "../records/dataset-version.ts";
import { recordChecksum, versionDigest } from "../records/version-digest.ts";
import type { BagContents, BaggedDataset } from "./bag-contents.ts";

/**
 * Where what a bag says does not agree with itself: digests of versions, checksums of members, files without a place.
 * @param payload sha256 of the files by their paths, as the manifest says
 */
export function contentsProblems(
  contents: BagContents,
  payload: ReadonlyMap<string, string>,
): readonly string[] {
  const known = new Known(contents);
  const root = datasetSpecText(contents.root);
  return [
    ...(known.versions.has(root) ? [] : [`the dataset ${root} is not in it`]),
    ...contents.assets.flatMap(({ rid, place, sha256 }) =>
      payload.get(place) === sha256 ? [] : [`asset ${rid}: ${place} is not in the manifest with its sha256`],
    ),
    ...contents.datasets.flatMap((each) => datasetProblems(each, known)),
    ...doubles(contents.assets.map(({ rid }) => rid)).map((rid) => `asset ${rid} comes twice`),
    ...doubles(contents.records.map(({ rid }) => rid)).map((rid) => `record ${rid} comes twice`),
    ...doubles(contents.datasets.map(specOf)).map((spec) => `dataset ${spec} comes twice`),
  ];
}

function specOf({ dataset, version }: BaggedDataset): string {
  return datasetSpecText({ rid: dataset.rid, version: version.version });
}

function doubles<T>(items: readonly T[]): readonly T[] {
  const seen = new Set<T>();
  return items.filter((item) => seen.has(item) || !seen.add(item));
}

/** Checksums of everything that can be a member. */
class Known {
  /** Undefined for a record that refers to others: its RIDs may be other ones than in the catalog it was frozen in. */
  readonly checksums = new Map<Rid, string | undefined>();
  readonly versions = new Map<string, string>();

  constructor({ assets, records, datasets, declared }: BagContents) {
    const referring = new Set(
      declared.recordTypes
        .filter(({ columns }) => columns.some(({ holds }) => holds !== "value" && holds !== "term"))
        .map(({ name }) => name),
    );
    for (const { rid, sha256 } of assets) this.checksums.set(rid, `sha256:${sha256}`);
    for (const { rid, type, values } of records)
      this.checksums.set(rid, referring.has(type) ? undefined : recordChecksum(values));
    for (const each of datasets) this.versions.set(specOf(each), each.version.digest);
  }
}

function datasetProblems(each: BaggedDataset, known: Known): readonly string[] {
  const { version, members } = each;
  const of = specOf(each);
  const problems: string[] = [];
  if (version.dataset !== each.dataset.rid) problems.push(`${of} has a version of ${version.dataset}`);
  if (versionDigest(members) !== version.digest)
    problems.push(`${of}: its members do not have the digest ${version.digest}`);
  if (members.length !== version.memberCount)
    problems.push(`${of} has ${members.length} members, not ${version.memberCount}`);
  for (const { kind, rid, checksum, version: pinned } of members) {
    const what = pinned === undefined ? rid : `${rid}@${pinned}`;
    const spec = datasetSpecText({ rid, version: pinned ?? "" });
    const isThere = kind === "dataset" ? known.versions.has(spec) : known.checksums.has(rid);
    const found = kind === "dataset" ? known.versions.get(spec) : known.checksums.get(rid);
    if (!isThere) problems.push(`${of}: its member ${what} is not in the bag`);
    else if (found !== undefined && bare(found) !== bare(checksum) && !checksum.startsWith("md5:"))
      problems.push(`${of}: its member ${what} does not have the checksum ${checksum}`);
  }
  return problems;
}

/** A checksum without the name of its digest, which digests of versions lack. */
function bare(checksum: string): string {
  return checksum.replace(/^sha256:/, "");
}
