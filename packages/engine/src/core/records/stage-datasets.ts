import { AlmanacError } from "../errors.ts";
import { nearestNames } from "../identity/nearest-names.ts";
import { shownValue } from "../json.ts";
import { draftName, isVersion, parseDatasetSpec } from "./dataset-version.ts";
import type { StagingRules } from "./stage-features.ts";
import type { GivenDataset, GivenMember, MemberName, StagedDataset, StagedMember } from "./staged-dataset.ts";
import { spellingsOf } from "./vocabulary.ts";

/** Vocabulary of the types of datasets. */
export const datasetTypeVocabulary = "Dataset_Type";

/** Things wrong that a message names. */
const namedProblems = 20;

/** What a dataset is checked against beside the rules of all staging. */
export interface DatasetRules extends Pick<StagingRules, "allowed" | "registered"> {
  /** A relative path in its one spelling; undefined when it is none. */
  readonly inside: (path: string) => string | undefined;
  /** How many datasets were staged before. */
  readonly staged: number;
}

/**
 * Checks a dataset that an execution stages. Whether RIDs are there, only the catalog knows.
 * @throws DATASET_REFUSED naming everything that is wrong, up to 20 things
 */
export function stageDataset(given: GivenDataset, rules: DatasetRules): StagedDataset {
  const problems: string[] = [];
  const { description = "", draft = false, types: named = [], members: listed, ...rest } = given;
  const types = checkTypes(named, { rules, problems });
  if (rest.version !== undefined && !isVersion(rest.version))
    problems.push(`its version "${rest.version}" is not major.minor.patch`);
  if (rest.version !== undefined && draft) problems.push("a draft has no version");
  const members = checkMembers(listed, { rules, problems });
  if (problems.length > 0) throw refused(rest.name ?? `${rules.staged + 1}`, problems);
  return { ...rest, description, types, members, draft };
}

/** Members that are good; of the others the problems. */
function checkMembers(
  given: Iterable<GivenMember>,
  { rules, problems }: DatasetCheck,
): readonly StagedMember[] {
  const members: StagedMember[] = [];
  const paths = new Set<string>();
  for (const each of given) {
    const member = checkMember(each, rules);
    if (typeof member === "string") problems.push(member);
    else if (member.path !== undefined && paths.has(member.path))
      problems.push(`two members have the path ${member.path}`);
    else {
      members.push(member);
      if (member.path !== undefined) paths.add(member.path);
    }
  }
  return members;
}

const memberForms =
  "members are paths of files registered before, RIDs, RID@version, what createDataset returned, {recordType, row}, or any of these as {member, path}";

/** Says what is wrong with a dataset that an execution stages. */
// allow-parameters: which, what is wrong, and what would be right
export function refused(name: string, problems: readonly string[], hint = memberForms): AlmanacError {
  const distinct = [...new Set(problems)];
  const named = distinct.slice(0, namedProblems);
  const more = distinct.length > named.length ? `; and ${distinct.length - named.length} more` : "";
  return new AlmanacError(
    "DATASET_REFUSED",
    `the dataset ${name} cannot be made: ${named.join("; ")}${more}`,
    {
      hint,
      facts: { dataset: name, problems: named },
    },
  );
}

interface DatasetCheck {
  readonly rules: DatasetRules;
  readonly problems: string[];
}

/** Names of the types; a definition that does not say which there are leaves that to the catalog. */
function checkTypes(types: readonly string[], { rules, problems }: DatasetCheck): readonly string[] {
  const vocabulary = rules.allowed?.vocabularies.find(({ name }) => name === datasetTypeVocabulary);
  if (vocabulary === undefined) return types;
  const names = spellingsOf(datasetTypeVocabulary, vocabulary.terms);
  return types.map((type) => {
    const name = names.get(type);
    if (name !== undefined) return name;
    const near = nearestNames(type, names.keys());
    const meant = near.length > 0 ? `; did you mean ${near.join(" or ")}?` : "";
    problems.push(`"${type}" is no type of datasets${meant}`);
    return type;
  });
}

/** @returns the member, or what is wrong with it */
function checkMember(given: GivenMember, rules: DatasetRules): StagedMember | string {
  if (typeof given !== "object" || given === null || !("member" in given)) return namedMember(given, rules);
  const path = typeof given.path === "string" ? rules.inside(given.path) : undefined;
  if (path === undefined) return `${shownValue(given.path)} is no path inside the dataset`;
  const member = namedMember(given.member, rules);
  return typeof member === "string" ? member : { ...member, path };
}

/** Code without types may give anything. */
function namedMember(given: MemberName, rules: DatasetRules): StagedMember | string {
  if (typeof given === "string") return spelledMember(given, rules);
  if (typeof given !== "object" || given === null) return formless(given);
  if ("recordType" in given && typeof given.recordType === "string" && isPosition(given.row))
    return { recordType: given.recordType, row: given.row };
  if (!("dataset" in given && isPosition(given.dataset))) return formless(given);
  if (given.dataset < rules.staged) return { dataset: given.dataset };
  return `no dataset ${given.dataset + 1} was made before`;
}

function spelledMember(given: string, { registered }: DatasetRules): StagedMember | string {
  const file = given.startsWith("rid:") ? undefined : registered(given);
  if (file !== undefined) return { file, path: file };
  const spec = parseDatasetSpec(given);
  if (spec === undefined) return `"${given}" is neither a registered file nor a RID`;
  return spec.version === draftName ? `${given} is a draft: a member is released` : spec;
}

function isPosition(given: unknown): boolean {
  return Number.isInteger(given) && Number(given) >= 0;
}

function formless(given: unknown): string {
  return `${shownValue(given)} has no form of a member`;
}
