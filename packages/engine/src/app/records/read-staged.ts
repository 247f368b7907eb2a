import { isAlmanacError } from "../../core/errors.ts";
import type { ExecutionDefinition, InputDataset } from "../../core/execution/definition.ts";
import type { Manifest } from "../../core/execution/manifest-journal.ts";
import { insidePath } from "../../core/execution/relative-path.ts";
import type { InputAsset } from "../../core/records/asset.ts";
import type { FeatureRecord, StagedFeature } from "../../core/records/feature.ts";
import { checkRecordRow } from "../../core/records/record-row.ts";
import type { StagedRecord } from "../../core/records/record-type.ts";
import { columnFacts, type StagingRules, stageFeatures } from "../../core/records/stage-features.ts";
import type { StagedDatasets } from "../../core/records/staged-dataset.ts";
import { recordTypeOfFile, stagedTypes } from "../../core/records/staged-files.ts";
import { parseRecordTable } from "../../documents/record-table.ts";
import { parseStagedDatasets } from "../../documents/staged-datasets.ts";
import { parseUsedAssets, parseUsedDatasets } from "../../documents/used-inputs.ts";
import type { StagedResults, UsedInputs } from "../../ports/value-catalog.ts";

/** What an execution staged, checked anew, and what is wrong with it. */
export interface ReadStaged {
  /** Absent when nothing was staged. */
  readonly staged?: StagedResults;
  readonly problems: readonly string[];
}

/** Things wrong with one table that are told. */
const namedProblems = 20;

/**
 * Reads what an execution staged for other records, whoever wrote it: a function through its context, or a command in
 * another language. Checked against what the execution's definition allows.
 * @param read text of a file of the execution
 */
export async function readStaged(
  { definition, manifest }: { readonly definition: ExecutionDefinition; readonly manifest: Manifest },
  read: (path: string) => Promise<string>,
): Promise<ReadStaged> {
  const files = manifest.artifacts.filter(({ types }) =>
    Object.values<string>(stagedTypes).some((type) => types.includes(type)),
  );
  if (files.length === 0) return { problems: [] };
  const rules: StagingRules = {
    execution: definition.rid,
    allowed: definition.allowed,
    registered: (given) => registeredIn(manifest, given),
  };
  const features: StagedFeature[] = [];
  const records: StagedRecord[] = [];
  const inputs: InputAsset[] = [];
  const inputDatasets: InputDataset[] = [];
  const made: StagedDatasets[] = [];
  const problems: string[] = [];
  for (const { path, types } of files) {
    const text = await read(path);
    if (types.includes(stagedTypes.inputs)) {
      const found = readDocuments(() => parseUsedAssets(text, path));
      inputs.push(...found.rows);
      problems.push(...found.problems);
    } else if (types.includes(stagedTypes.inputDatasets)) {
      const found = readDocuments(() => parseUsedDatasets(text, path));
      inputDatasets.push(...found.rows);
      problems.push(...found.problems);
    } else if (types.includes(stagedTypes.datasets)) {
      const found = readDatasets(text, path);
      made.push(...found.rows);
      problems.push(...found.problems);
    } else if (types.includes(stagedTypes.features)) {
      const found = readFeatures(text, { path, rules });
      for (const row of found.rows) features.push(row);
      problems.push(...found.problems);
    } else {
      const found = readTable(text, { path, rules });
      for (const row of found.rows) records.push(row);
      problems.push(...found.problems);
    }
  }
  const [datasets] = made;
  const staged = { features, records, inputs, inputDatasets };
  return { staged: datasets === undefined ? staged : { ...staged, datasets }, problems };
}

/**
 * Reads which inputs an execution took while it went on, also when it failed; what cannot be read is left out.
 * @param read text of a file of the execution
 */
export async function readUsed(
  { artifacts, state }: Manifest,
  read: (path: string) => Promise<string>,
): Promise<UsedInputs> {
  const texts = async (type: string): Promise<readonly (readonly [string, string])[]> => {
    const files = artifacts.filter(({ path, types }) => types.includes(type) && state.promoted.has(path));
    return Promise.all(files.map(async ({ path }) => [path, await read(path)] as const));
  };
  const assets = await texts(stagedTypes.inputs);
  const datasets = await texts(stagedTypes.inputDatasets);
  return {
    inputs: assets.flatMap(([path, text]) => readDocuments(() => parseUsedAssets(text, path)).rows),
    inputDatasets: datasets.flatMap(
      ([path, text]) => readDocuments(() => parseUsedDatasets(text, path)).rows,
    ),
  };
}

function registeredIn({ state }: Manifest, given: string): string | undefined {
  const path = insidePath(given);
  return path !== undefined && state.artifacts.has(path) ? path : undefined;
}

interface Rows<T> {
  readonly rows: readonly T[];
  readonly problems: readonly string[];
}

interface TextOf {
  readonly path: string;
  readonly rules: StagingRules;
}

function readDatasets(text: string, path: string): Rows<StagedDatasets> {
  return readDocuments(() => [parseStagedDatasets(text, path)]);
}

function readDocuments<T>(parse: () => readonly T[]): Rows<T> {
  try {
    return { rows: parse(), problems: [] };
  } catch (error) {
    if (!isAlmanacError(error, "DOCUMENT_INVALID")) throw error;
    return { rows: [], problems: [error.message] };
  }
}

function readFeatures(text: string, { path, rules }: TextOf): Rows<StagedFeature> {
  try {
    const lines = text.split("\n").filter((line) => line.trim() !== "");
    return { rows: stageFeatures(rules).add(lines.map(readLine)), problems: [] };
  } catch (error) {
    if (isAlmanacError(error, "FEATURE_INVALID"))
      return { rows: [], problems: [`${path}: ${error.message}`] };
    if (error instanceof SyntaxError)
      return { rows: [], problems: [`${path} has a line that is no JSON: ${error.message}`] };
    throw error;
  }
}

/** A line as a record; what is no object fails the check like any record of no known feature. */
function readLine(line: string): FeatureRecord {
  const value: unknown = JSON.parse(line);
  return typeof value === "object" && value !== null && "feature" in value
    ? (value as FeatureRecord)
    : { feature: "", target: line };
}

function readTable(text: string, { path, rules }: TextOf): Rows<StagedRecord> {
  const name = recordTypeOfFile(path);
  const type = rules.allowed?.recordTypes.find((each) => each.name === name);
  if (type === undefined)
    return { rows: [], problems: [`${path}: the execution may add to no record type "${name}"`] };
  const facts = columnFacts(rules);
  try {
    const rows: StagedRecord[] = [];
    const problems: string[] = [];
    parseRecordTable(text, path).forEach((row, position) => {
      const checked = checkRecordRow(type, { row, facts });
      if ("staged" in checked) rows.push(checked.staged);
      else problems.push(...checked.problems.map((each) => `${path} row ${position + 1}: ${each}`));
    });
    return { rows, problems: problems.slice(0, namedProblems) };
  } catch (error) {
    if (!isAlmanacError(error, "FEATURE_INVALID")) throw error;
    return { rows: [], problems: [error.message] };
  }
}
