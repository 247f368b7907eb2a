import type {
  AuthoredDataset,
  DatasetVersion,
  FrozenMember,
  Member,
} from "../../core/records/authored-dataset.ts";
import { datasetSpecText } from "../../core/records/dataset-version.ts";

/** Members that a text shows. */
const shownMembers = 20;

/** One line about a dataset and where it stands. */
export function authoredLine(dataset: AuthoredDataset): string {
  const { rid, name, version } = dataset;
  const called = name === rid ? "" : `  ${name}`;
  return `${datasetSpecText({ rid, ...(version === undefined ? {} : { version }) })}${called}  (${standing(dataset)})`;
}

/** So many members. */
export function membersText(count: number): string {
  return `${count} member${count === 1 ? "" : "s"}`;
}

/** Whether the draft is what was released last. */
export function standing({ version, memberCount, draftChanges }: AuthoredDataset): string {
  const members = membersText(memberCount);
  if (version === undefined) return `draft, ${members}`;
  return draftChanges === 0 ? members : `draft differs in ${draftChanges}, ${members}`;
}

/** Everything about a dataset, its first members included. */
export function authoredText(
  dataset: AuthoredDataset,
  {
    versions,
    members,
  }: { readonly versions: readonly DatasetVersion[]; readonly members: readonly Member[] },
): string {
  const { description, types, facets, derivation, madeBy, createdAt, memberCount } = dataset;
  const shown = members.slice(0, shownMembers);
  return [
    authoredLine(dataset),
    ...(description === "" ? [] : [description]),
    `types       ${types.join(", ") || "none"}`,
    `made        ${createdAt}${madeBy === undefined ? "" : ` by execution ${madeBy}`}`,
    ...(derivation === undefined ? [] : [`derivation  ${JSON.stringify(derivation)}`]),
    ...(Object.keys(facets).length === 0 ? [] : ["facets"]),
    ...Object.entries(facets).map(([facet, value]) => `  ${facet.padEnd(24)}${value}`),
    ...(versions.length === 0 ? [] : ["versions"]),
    ...versions.map(
      ({ version, releasedAt, memberCount: count, notes }) =>
        `  ${version.padEnd(10)}${releasedAt}  ${membersText(count)}${notes === "" ? "" : `  ${notes}`}`,
    ),
    ...(shown.length === 0 ? [] : ["members"]),
    ...shown.map((member) => `  ${memberLine(member)}`),
    ...(memberCount > shown.length
      ? [`  … ${memberCount - shown.length} more: almanac datasets members`]
      : []),
  ].join("\n");
}

/** One member: what it is, where it lies, what fixes it. */
export function memberLine(member: Member | FrozenMember): string {
  const { kind, rid, path, version } = member;
  const spec = datasetSpecText({ rid, ...(version === undefined ? {} : { version }) });
  const checksum = "checksum" in member ? `  ${member.checksum}` : "";
  return `${kind.padEnd(8)}${spec}${path === undefined ? "" : `  ${path}`}${checksum}`;
}
