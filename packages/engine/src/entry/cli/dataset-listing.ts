import { getAuthored } from "../../app/records/named-dataset.ts";
import type { AuthoredDataset } from "../../core/records/authored-dataset.ts";
import { datasetSpecText } from "../../core/records/dataset-version.ts";
import type { DatasetAuthoring } from "../../ports/dataset-authoring.ts";
import type { DatasetSummary } from "../../ports/dataset-catalog.ts";
import { authoredText, memberLine, membersText, standing } from "./authored-view.ts";

/** A dataset of a listing; of an authored one also what there is to say of it. */
export type ListedDataset = DatasetSummary & { readonly authored?: AuthoredDataset };

/** Adds to authored datasets of a listing what is known of them. */
export async function listedDatasets(
  items: readonly DatasetSummary[],
  authored: Pick<DatasetAuthoring, "list">,
): Promise<readonly ListedDataset[]> {
  const names = items.filter(isAuthored).map(({ rid }) => rid);
  const known =
    names.length === 0
      ? new Map<string, AuthoredDataset>()
      : new Map((await authored.list({ names })).items.map((each) => [each.rid, each]));
  return items.map((item) => {
    const found = known.get(item.rid as AuthoredDataset["rid"]);
    return found === undefined ? item : { ...item, authored: found };
  });
}

function isAuthored({ origin, sourceType }: DatasetSummary): boolean {
  return origin === "authored" && sourceType === "authored";
}

/** Columns of the listing. */
export const datasetColumns = [
  { heading: "rid", text: ({ rid }: ListedDataset) => rid },
  {
    heading: "id",
    text: ({ id, authored }: ListedDataset) => (authored === undefined ? id : called(authored)),
  },
  {
    heading: "files",
    text: ({ files, authored }: ListedDataset) => (authored === undefined ? String(files.length) : ""),
  },
  {
    heading: "state",
    text: (each: ListedDataset) => (each.authored === undefined ? stateOf(each) : standing(each.authored)),
  },
];

function called({ rid, name, version }: AuthoredDataset): string {
  const spec = datasetSpecText({ rid, ...(version === undefined ? {} : { version }) });
  return name === rid ? spec : `${name} (${spec})`;
}

/** Whether a dataset can be used, and why not. */
export function stateOf({ retracted, invalid, missingFiles, finalised }: DatasetSummary): string {
  const words = [
    ...(retracted ? ["retracted"] : []),
    ...(invalid === undefined ? [] : ["invalid"]),
    ...(missingFiles.length > 0 ? [`${missingFiles.length} missing`] : []),
    ...(finalised ? [] : ["not opened"]),
  ];
  return words.join(", ") || "ok";
}

/**
 * What `datasets show` writes of an authored dataset or of one of its versions.
 * @returns undefined when there is no authored dataset of this name
 * @throws USAGE, UNKNOWN_NAME when the version is none or is not there
 */
export async function shownAuthored(
  text: string,
  authored: DatasetAuthoring,
): Promise<{ readonly kind: string; readonly value: object; readonly text: string } | undefined> {
  const named = await getAuthored(text, authored);
  if (named === undefined) return undefined;
  const { dataset, version } = named;
  const versions = await authored.versions(dataset.rid);
  if (version === undefined) {
    const members = await authored.members({ dataset: dataset.rid, limit: shownMembers });
    return {
      kind: "dataset",
      value: { ...dataset, origin: "authored", versions, members },
      text: authoredText(dataset, { versions, members }),
    };
  }
  const members = await authored.members({ dataset: dataset.rid, version, limit: shownMembers });
  const released = versions.find((each) => each.version === version);
  const facts = released ?? { dataset: dataset.rid, version, memberCount: dataset.memberCount };
  const lines = [
    `${dataset.rid}@${version}  (${membersText(facts.memberCount)})`,
    ...(released === undefined
      ? []
      : [`released    ${released.releasedAt}`, `digest      ${released.digest}`]),
    ...(released === undefined || released.notes === "" ? [] : [`notes       ${released.notes}`]),
    ...members.map((member) => `  ${memberLine(member)}`),
    ...(facts.memberCount > members.length ? [`  … almanac datasets members ${dataset.rid}@${version}`] : []),
  ];
  return {
    kind: "dataset-version",
    value: { ...facts, name: dataset.name, members },
    text: lines.join("\n"),
  };
}

const shownMembers = 20;
