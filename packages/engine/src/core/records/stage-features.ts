import { AlmanacError } from "../errors.ts";
import { nearestNames } from "../identity/nearest-names.ts";
import { parseRid, type Rid } from "../identity/rid.ts";
import { type Json, shownValue } from "../json.ts";
import type { AllowedRecords } from "./allowed-records.ts";
import { type ColumnFacts, checkColumnValue } from "./column.ts";
import { type FeatureDefinition, type FeatureRecord, featureName, type StagedFeature } from "./feature.ts";
import { spellingsOf } from "./vocabulary.ts";

/** What records are checked against. */
export interface StagingRules {
  /** The execution that adds them. */
  readonly execution: Rid;
  readonly allowed: AllowedRecords | undefined;
  /** A given path, relative or absolute, as the manifest has it, if such a file is registered. */
  readonly registered: (given: string) => string | undefined;
}

/** Checks feature records and remembers what has been staged. */
export interface FeatureStage {
  /**
   * Checks records of any features, all or none.
   * @returns those that are new: one that was staged before, with equal values, is left out
   * @throws FEATURE_INVALID naming everything that is wrong, up to 20 things
   */
  add(records: Iterable<FeatureRecord>): readonly StagedFeature[];
}

/** Things wrong that a message names. */
const namedProblems = 20;

/** Begins staging the features of one execution. */
export function stageFeatures(rules: StagingRules): FeatureStage {
  const check = featureChecker(rules);
  const staged = new Map<string, string>();
  return {
    add: (records) => {
      const batch = new Batch(staged);
      let position = 0;
      for (const record of records) {
        position += 1;
        if (typeof record !== "object" || record === null || typeof record.feature !== "string") {
          batch.problems.push(`record ${position} is ${shownValue(record)}, no {feature, target, values}`);
          continue;
        }
        const checked = check(record);
        const problems = "problems" in checked ? checked.problems : batch.add(checked.staged);
        batch.problems.push(
          ...problems.map(
            (problem) => `record ${position} (${record.feature} of ${shown(record.target)}): ${problem}`,
          ),
        );
      }
      if (batch.problems.length > 0) throw invalid(batch.problems, position);
      for (const [key, { text }] of batch.fresh) staged.set(key, text);
      return [...batch.fresh.values()].map(({ record }) => record);
    },
  };
}

/** The records of one call, as long as it is not known whether all of them are good. */
class Batch {
  readonly problems: string[] = [];
  readonly fresh = new Map<string, { readonly record: StagedFeature; readonly text: string }>();
  readonly #staged: ReadonlyMap<string, string>;

  constructor(staged: ReadonlyMap<string, string>) {
    this.#staged = staged;
  }

  /** @returns what is wrong: the target has got another value of this feature already */
  add(record: StagedFeature): readonly string[] {
    const key = JSON.stringify([record.feature, record.target]);
    const text = JSON.stringify(record.values);
    const earlier = this.fresh.get(key)?.text ?? this.#staged.get(key);
    if (earlier === undefined) this.fresh.set(key, { record, text });
    return earlier === undefined || earlier === text
      ? []
      : [`this execution has added ${earlier} for it already`];
  }
}

function invalid(problems: readonly string[], given: number): AlmanacError {
  const more = problems.length > namedProblems ? `; and ${problems.length - namedProblems} more` : "";
  return new AlmanacError(
    "FEATURE_INVALID",
    `none of ${given} feature records was added: ${problems.slice(0, namedProblems).join("; ")}${more}`,
    { hint: "almanac features show <feature>", facts: { problems: problems.slice(0, namedProblems) } },
  );
}

/** A checked record, or all that is wrong with it. */
export type CheckedFeature = { readonly staged: StagedFeature } | { readonly problems: readonly string[] };

/** Makes the function that checks one record. */
export function featureChecker(rules: StagingRules): (record: FeatureRecord) => CheckedFeature {
  const features = new Map(rules.allowed?.features.map((each) => [featureName(each), each]));
  const facts = columnFacts(rules);
  return (record) => {
    const feature = features.get(record.feature);
    if (feature === undefined) return { problems: [unknownFeature(record.feature, [...features.keys()])] };
    return checkRecord(feature, record, { rules, facts });
  };
}

/** What values are checked against, made from the rules. */
export function columnFacts({ allowed, registered }: StagingRules): ColumnFacts {
  const spellings = new Map(allowed?.vocabularies.map(({ name, terms }) => [name, spellingsOf(name, terms)]));
  return {
    spellings: (vocabulary) => spellings.get(vocabulary),
    rid: parseRid,
    asset: (given) => {
      const place = typeof given === "string" ? given : placeOf(given);
      if (place === undefined) return undefined;
      const path = place.startsWith("rid:") ? undefined : registered(place);
      if (path !== undefined) return { path };
      // Marked, because a file may be named like a RID.
      return typeof given === "string" ? markedRid(given) : undefined;
    },
  };
}

/** The path of a file as it is staged. */
function placeOf(given: Json): string | undefined {
  if (typeof given !== "object" || given === null || !("path" in given)) return undefined;
  return typeof given["path"] === "string" ? given["path"] : undefined;
}

interface Checking {
  readonly rules: StagingRules;
  readonly facts: ColumnFacts;
}

// allow-parameters: what is declared, what is given, what both are checked with
function checkRecord(
  feature: FeatureDefinition,
  { target: given, values = {}, execution }: FeatureRecord,
  { rules, facts }: Checking,
): CheckedFeature {
  const problems: string[] = [];
  if (execution !== undefined && execution !== rules.execution)
    problems.push(`it names the execution ${execution}, but this is ${rules.execution}`);
  const target = targetOf(feature, given, facts);
  if (target === undefined) problems.push(`"${shown(given)}" is ${targetForms[feature.target.kind]}`);
  if (typeof values !== "object" || values === null || Array.isArray(values))
    return { problems: [...problems, `its values are ${shownValue(values)}, no object`] };
  const known = new Set(feature.columns.map(({ name }) => name));
  for (const name of Object.keys(values))
    if (!known.has(name))
      problems.push(`there is no column "${name}": there are ${[...known].join(", ") || "none"}`);
  const staged: Record<string, Json> = {};
  for (const column of feature.columns) {
    const checked = checkColumnValue(column, { given: values[column.name], facts });
    if ("problem" in checked) problems.push(checked.problem);
    else staged[column.name] = checked.value;
  }
  if (problems.length > 0 || target === undefined) return { problems };
  return { staged: { feature: featureName(feature), target, values: staged } };
}

const targetForms = {
  dataset: "neither a dataset's id nor a RID",
  asset: "neither a registered file nor a RID",
  record: "not a RID",
} as const;

// allow-parameters: what is declared, what is given, what both are checked with
function targetOf(
  { target }: FeatureDefinition,
  given: FeatureRecord["target"],
  facts: ColumnFacts,
): StagedFeature["target"] | undefined {
  if (target.kind === "asset") return facts.asset(given) as StagedFeature["target"] | undefined;
  if (typeof given !== "string" || given === "") return undefined;
  if (target.kind === "dataset") return given.startsWith("rid:") ? markedRid(given) : given;
  return facts.rid(given);
}

function markedRid(given: string): string | undefined {
  const rid = parseRid(given);
  return rid === undefined ? undefined : `rid:${rid}`;
}

function shown(target: unknown): string {
  return typeof target === "string" ? target : shownValue(target);
}

function unknownFeature(given: string, known: readonly string[]): string {
  const near = nearestNames(given, known);
  const hint = near.length > 0 ? `; did you mean ${near.join(" or ")}?` : "";
  return `this execution may add to no feature "${given}"${hint}`;
}
