import type { Rid } from "../identity/rid.ts";
import type { Json } from "../json.ts";
import type { LocalAsset } from "../records/asset.ts";
import type { AssetSpec } from "../records/asset-spec.ts";
import type { DatasetFolder } from "../records/dataset-reading.ts";
import type { FeatureRecord } from "../records/feature.ts";
import type { InputSpec } from "../records/input-spec.ts";
import type { FilesDataset, GivenDataset, GivenFile, StagedDatasetRef } from "../records/staged-dataset.ts";
import type { Scalar, Series } from "../results/value.ts";
import type { ExecutionDefinition, InputDataset, SolverDefinition } from "./definition.ts";

/** An input dataset whose files are on this machine. */
export interface LocalDataset extends InputDataset {
  /** Absolute paths, in catalog order. */
  readonly localPaths: readonly string[];
}

/** How to register a file: a path to write to, a link to an existing file, or a copy of it. */
export interface RegisterOptions {
  /** Unique per kind; default: the path inside the folder. */
  readonly name?: string;
  /** Asset kind; default `execution-asset`. */
  readonly kind?: string;
  readonly types?: readonly string[];
  readonly metadata?: Readonly<Record<string, Json>>;
  readonly description?: string;
  /** Promoted too when the execution fails. */
  readonly keepOnFailure?: boolean;
  /**
   * `new-version`: if something of this kind and name is registered already, this is a further version of it. Every
   * version is kept, under its file name in a folder of its own. Without it a name that is taken is an error.
   */
  readonly replace?: "new-version";
}

/** What the output bundle says of a plot, data or html file. */
export interface OutputOptions {
  readonly longName: string;
  readonly description?: string;
  readonly dimensions?: Readonly<Record<string, string>>;
}

/** Writes to `execution.log` and, live, to whoever watches. */
export interface ExecutionLog {
  info(text: string): void;
  warn(text: string): void;
  error(text: string): void;
}

/** What a diagnostic's function gets: its inputs, and the only ways to leave results. */
export interface ExecutionContext<Definition extends ExecutionDefinition = SolverDefinition> {
  readonly rid: Rid;
  /** Absolute scratch folder; write only below it. */
  readonly folder: string;
  readonly definition: Definition;
  readonly parameters: Readonly<Record<string, Json>>;
  /** All input datasets, in requirement and catalog order. */
  readonly inputs: readonly LocalDataset[];
  /** Input datasets of one requirement (its name, or its source type when unnamed). */
  inputsOf(requirement: string): readonly LocalDataset[];
  /** Aborts on cancel and time-out. */
  readonly signal: AbortSignal;
  readonly log: ExecutionLog;
  /** Ends the computation as a diagnostic failure. */
  fail(reason: string): never;
  /** Ends the computation as a system failure that may be tried again. */
  abort(reason: string): never;
  /**
   * Registers a file to be written and returns its absolute path; folders are made.
   * @param path inside the folder, forward slashes
   * @throws ARTIFACT_INVALID when the path leaves the folder or the name is taken
   */
  outputPath(path: string, options?: RegisterOptions): string;
  /**
   * Registers an existing file by link or copy and returns its absolute path inside the folder.
   * @throws ARTIFACT_INVALID when the path leaves the folder or the name is taken
   */
  registerFile(
    file: string,
    path: string,
    options: RegisterOptions & { readonly mode: "link" | "copy" },
  ): string;
  /** Adds a scalar to the metric bundle. NaN and infinities are an error; null is missing. */
  scalar(
    scalar: Pick<Scalar, "dimensions" | "value"> & Partial<Pick<Scalar, "kind" | "units" | "attributes">>,
  ): void;
  /** Adds a series to the series file. */
  series(series: Pick<Series, "dimensions" | "values" | "index" | "indexName"> & Partial<Series>): void;
  /** Like `outputPath`, and names the file as a plot in the output bundle. */
  plot(path: string, options: OutputOptions): string;
  /** Like `outputPath`, and names the file as data in the output bundle. */
  data(path: string, options: OutputOptions): string;
  /** Like `outputPath`, and names the file as html in the output bundle. */
  html(path: string, options: OutputOptions): string;
  /**
   * Stages values of features, in the catalog only once the execution is published; one call may mix features. Files
   * registered before may stand for assets, by their paths.
   * @returns how many are new: an equal one for the same target is staged once
   * @throws FEATURE_INVALID naming everything wrong; then none of the call is staged
   */
  addFeatures(records: Iterable<FeatureRecord>): number;
  /**
   * A CSV file to append rows of a record type to, its heading written; absolute path. The rows are checked and stored once
   * when the execution is published.
   * @throws FEATURE_INVALID when the execution may add to no such record type
   */
  recordTable(type: string): string;
  /**
   * Stages a dataset: in the catalog only once the execution is published, and released then unless it is a draft.
   * @returns what names it as a member of a further dataset
   * @throws DATASET_REFUSED naming everything wrong; then nothing is staged
   */
  createDataset(dataset: GivenDataset): StagedDatasetRef;
  /**
   * Stages files that lie elsewhere as assets, by URL, size and digest: nothing is copied. The dataset they become has a
   * child for each folder below the deepest one that all have in common.
   * @returns what names it as a member of a further dataset
   * @throws DATASET_REFUSED naming everything wrong; then nothing is staged
   */
  addFiles(files: Iterable<GivenFile>, about?: FilesDataset): StagedDatasetRef;
  /**
   * Fetches an asset as a further input while a recorded run goes on in the program that recorded it: verified, linked into
   * the folder, recorded as input.
   * @throws UNKNOWN_NAME when there is no such asset; what fetching an input throws
   * @throws USAGE in a worker, which declares its inputs
   */
  useAsset(spec: AssetSpec): Promise<LocalAsset>;
  /**
   * A released dataset in a folder of its own, a bag: one of the inputs, or, while a recorded run goes on in the program
   * that recorded it, one that is fetched now, its version and its files recorded as inputs.
   * @throws UNKNOWN_NAME when there is no such dataset or version; USAGE for a draft, or without a version
   * @throws USAGE in a worker, which declares its inputs
   */
  useDataset(spec: InputSpec): Promise<DatasetFolder>;
  /** @param fraction from 0 to 1 */
  progress(fraction: number, text?: string): void;
  status(text: string): void;
}
