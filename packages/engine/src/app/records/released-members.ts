import { AlmanacError } from "../../core/errors.ts";
import type { AuthoredDataset, DatasetVersion, FrozenMember } from "../../core/records/authored-dataset.ts";
import { type DatasetSpec, datasetSpecText } from "../../core/records/dataset-version.ts";
import type { DatasetAuthoring } from "../../ports/dataset-authoring.ts";

/** A released version with all its members. */
export interface ReleasedMembers {
  readonly dataset: AuthoredDataset;
  readonly version: DatasetVersion;
  /** In order of RIDs. */
  readonly members: readonly FrozenMember[];
}

/**
 * A released version of a dataset with its members.
 * @throws UNKNOWN_NAME when there is no such dataset or released version; the versions there are, are named
 */
export async function releasedMembers(
  spec: DatasetSpec,
  authored: Pick<DatasetAuthoring, "dataset" | "versions" | "members">,
): Promise<ReleasedMembers> {
  const dataset = await authored.dataset(spec.rid);
  if (dataset === undefined)
    throw new AlmanacError("UNKNOWN_NAME", `there is no authored dataset ${spec.rid}`, {
      hint: "almanac datasets list --origin authored",
      facts: { dataset: spec.rid },
    });
  const versions = await authored.versions(dataset.rid);
  const version = versions.find((each) => each.version === spec.version);
  if (version === undefined) throw notReleased({ ...spec, rid: dataset.rid }, versions);
  const members = await authored.members({ dataset: dataset.rid, version: version.version });
  // Only members of a draft have no checksum.
  return { dataset, version, members: members.filter((member) => "checksum" in member) };
}

function notReleased(spec: DatasetSpec, versions: readonly DatasetVersion[]): AlmanacError {
  const [newest] = versions;
  const message =
    spec.version === undefined
      ? `${spec.rid} names no version: one that is released is needed`
      : `${datasetSpecText(spec)} is not a released version`;
  return new AlmanacError("UNKNOWN_NAME", message, {
    hint:
      newest === undefined
        ? `release its draft first: almanac datasets release ${spec.rid}`
        : `the newest is ${datasetSpecText({ rid: spec.rid, version: newest.version })}`,
    facts: { dataset: spec.rid, versions: versions.map((each) => each.version) },
  });
}
