import { AlmanacError, isAlmanacError } from "../../core/errors.ts";
import type { Json } from "../../core/json.ts";
import type { AllowedRecords } from "../../core/records/allowed-records.ts";
import { type FeatureDefinition, featureName, type StagedFeature } from "../../core/records/feature.ts";
import type { RecordType, StagedRecord } from "../../core/records/record-type.ts";
import type { Connection } from "./connection.ts";
import { declareFeature, declareRecordType, findFeature, findRecordType } from "./record-declarations.ts";
import { recordNumber, ridText } from "./rids.ts";
import { StagedReferences } from "./staged-references.ts";
import { findVocabulary, insertTerms, insertVocabulary, termsOf } from "./term-rows.ts";

/** What an execution has staged, as its results folder says. */
export interface StagedRows {
  readonly execution: number;
  readonly features: readonly StagedFeature[];
  readonly records: readonly StagedRecord[];
  /** As in the definition of the execution. */
  readonly allowed: AllowedRecords | undefined;
  /** Number of the asset that a file of the execution became. */
  readonly assetOf: (path: string) => number | undefined;
  /** True: results are taken in again, in whatever order; what other executions make may come after this. */
  readonly isReplay: boolean;
}

/** Things wrong that a message names. */
const namedProblems = 20;

/**
 * Stores the features and records that an execution staged in place of those it has: publishing again gives the same
 * rows. What is not declared here, in a catalog that takes over results, is declared as the definition says. Call it
 * inside the transaction that publishes.
 * @throws FEATURE_INVALID naming targets and references that are not there, and what is declared otherwise
 */
export function publishStaged(connection: Connection, { execution, ...staged }: StagedRows): void {
  for (const table of ["feature_record", "typed_record"])
    connection.run(`delete from ${table} where execution_id = ?`, execution);
  if (staged.features.length === 0 && staged.records.length === 0) return;
  const references = new StagedReferences(connection, staged);
  const declared = takeOver(connection, staged);
  insertRecords(connection, { execution, records: staged.records, declared, references });
  insertFeatures(connection, { execution, features: staged.features, declared, references });
  if (references.problems.length > 0)
    throw refused(references.problems, { execution, isReplay: staged.isReplay });
}

/** What rows are of, with their numbers here. */
interface Declared {
  readonly features: ReadonlyMap<string, { readonly id: number; readonly feature: FeatureDefinition }>;
  readonly types: ReadonlyMap<string, { readonly id: number; readonly type: RecordType }>;
}

function takeOver(
  connection: Connection,
  { allowed, features, records }: Omit<StagedRows, "execution">,
): Declared {
  const usedFeatures = new Set(features.map(({ feature }) => feature));
  const usedTypes = new Set(records.map(({ type }) => type));
  const isUndeclared = (type: string): boolean => findRecordType(connection, type) === undefined;
  const isForeign =
    [...usedFeatures].some((name) => findFeature(connection, name) === undefined) ||
    [...usedTypes].some(isUndeclared);
  if (isForeign) for (const each of allowed?.vocabularies ?? []) takeOverVocabulary(connection, each);
  return refusing(() => ({
    types: new Map(
      (allowed?.recordTypes ?? [])
        .filter(({ name }) => usedTypes.has(name) || (isForeign && isUndeclared(name)))
        .map((type) => [type.name, { id: declareRecordType(connection, type).id, type }]),
    ),
    features: new Map(
      (allowed?.features ?? [])
        .filter((feature) => usedFeatures.has(featureName(feature)))
        .map((feature) => [featureName(feature), { id: declareFeature(connection, feature).id, feature }]),
    ),
  }));
}

/** A definition that does not fit what is declared here is wrong about the results, not about a command. */
function refusing<T>(declare: () => T): T {
  try {
    return declare();
  } catch (error) {
    if (!isAlmanacError(error, "CONFLICT", "UNKNOWN_NAME", "USAGE")) throw error;
    throw new AlmanacError("FEATURE_INVALID", error.message, {
      ...(error.hint === undefined ? {} : { hint: error.hint }),
      facts: error.facts,
      cause: error,
    });
  }
}

/** Makes a vocabulary and the terms of it that are not here; spellings that are taken stay what they are. */
export function takeOverVocabulary(
  connection: Connection,
  { name, description, terms }: AllowedRecords["vocabularies"][number],
): void {
  const vocabulary = findVocabulary(connection, name) ?? insertVocabulary(connection, { name, description });
  const known = new Set(termsOf(connection, vocabulary).flatMap((term) => [term.name, ...term.synonyms]));
  const free = (spelling: string): boolean => !known.has(spelling);
  const fresh = terms
    .filter((term) => free(term.name))
    .map((term) => ({ ...term, synonyms: term.synonyms.filter(free) }));
  insertTerms(connection, { vocabulary, terms: fresh });
}

interface Inserting {
  readonly execution: number;
  readonly declared: Declared;
  readonly references: StagedReferences;
}

function insertRecords(
  connection: Connection,
  { execution, records, declared, references }: Inserting & { readonly records: readonly StagedRecord[] },
): void {
  records.forEach(({ type: name, values }, position) => {
    references.about = `row ${position + 1} (${name})`;
    const known = declared.types.get(name);
    if (known === undefined) return references.problem("the execution may add to no such record type");
    connection.run(
      "insert into typed_record (id, type_id, execution_id, body) values (?, ?, ?, ?)",
      recordNumber(execution, position),
      known.id,
      execution,
      JSON.stringify(resolved(values, { columns: known.type.columns, references })),
    );
  });
}

function insertFeatures(
  connection: Connection,
  { execution, features, declared, references }: Inserting & { readonly features: readonly StagedFeature[] },
): void {
  const seen = new Map<string, string>();
  features.forEach(({ feature: name, target: given, values }, position) => {
    references.about = `record ${position + 1} (${name})`;
    const known = declared.features.get(name);
    if (known === undefined) return references.problem("the execution may add to no such feature");
    const target = references.target(known.feature.target, given);
    const body = JSON.stringify(resolved(values, { columns: known.feature.columns, references }));
    if (target === undefined) return;
    const earlier = seen.get(`${known.id}:${target}`);
    // Two spellings of one target: its id and its RID.
    if (earlier === body) return;
    if (earlier !== undefined)
      return references.problem(`${ridText(target)} has the value ${earlier} already, not ${body}`);
    seen.set(`${known.id}:${target}`, body);
    connection.run(
      "insert into feature_record (feature_id, target_id, execution_id, body) values (?, ?, ?, ?)",
      known.id,
      target,
      execution,
      body,
    );
  });
}

/** Values with RIDs in place of files and canonical names of terms. */
function resolved(
  values: Readonly<Record<string, Json>>,
  {
    columns,
    references,
  }: { readonly columns: FeatureDefinition["columns"]; readonly references: StagedReferences },
): Readonly<Record<string, Json>> {
  const body: Record<string, Json> = {};
  for (const column of columns) {
    const value = values[column.name] ?? null;
    body[column.name] = value === null || column.holds === "value" ? value : references.value(column, value);
  }
  return body;
}

function refused(
  problems: readonly string[],
  { execution, isReplay }: { readonly execution: number; readonly isReplay: boolean },
): AlmanacError {
  const more = problems.length > namedProblems ? `; and ${problems.length - namedProblems} more` : "";
  const named = problems.slice(0, namedProblems);
  return new AlmanacError(
    "FEATURE_INVALID",
    `execution ${ridText(execution)} has staged what cannot be stored: ${named.join("; ")}${more}`,
    {
      hint: `almanac executions ${isReplay ? "ingest" : `reingest ${ridText(execution)}`}, once what is missing is there`,
      facts: { execution: ridText(execution), problems: named },
    },
  );
}
