import type { ExportReport } from "../app/export-catalog.ts";
import type { ImportReport } from "../app/import-catalog.ts";
import type { IngestReport } from "../app/ingest.ts";
import type { ResultsIngestReport } from "../app/ingest-tree.ts";
import type { LoadedProvider } from "../app/loaded-provider.ts";
import type { MadePlan } from "../app/plan.ts";
import type { RunControl } from "../app/run-control.ts";
import type { SolveReport } from "../app/solve.ts";
import type { SelectionInput } from "../core/catalog/selection.ts";
import type { SourceType } from "../core/catalog/source-type.ts";
import type { SourceTypes } from "../core/catalog/source-types.ts";
import type { Rid } from "../core/identity/rid.ts";
import type { CatalogSnapshot } from "../core/records/catalog-snapshot.ts";
import type { Vocabulary } from "../core/results/vocabulary.ts";
import type { SolveOptions } from "../core/solver/options.ts";
import type { AssetCatalog } from "../ports/asset-catalog.ts";
import type { CatalogAdmin } from "../ports/catalog-admin.ts";
import type { CatalogForm } from "../ports/catalog-file.ts";
import type { DatasetAuthoring } from "../ports/dataset-authoring.ts";
import type { DatasetCatalog } from "../ports/dataset-catalog.ts";
import type { DatasetImport } from "../ports/dataset-import.ts";
import type { EventSink } from "../ports/events.ts";
import type { ExecutionCatalog } from "../ports/execution-catalog.ts";
import type { FeatureCatalog } from "../ports/feature-catalog.ts";
import type { FragmentStore } from "../ports/fragment-store.ts";
import type { LineageCatalog } from "../ports/lineage-catalog.ts";
import type { RecordRemoval } from "../ports/record-removal.ts";
import type { RunCatalog } from "../ports/run-catalog.ts";
import type { Snapshots } from "../ports/snapshots.ts";
import type { TypedRecordCatalog } from "../ports/typed-record-catalog.ts";
import type { ValueCatalog } from "../ports/value-catalog.ts";
import type { VocabularyCatalog } from "../ports/vocabulary-catalog.ts";
import type { WorkflowCatalog } from "../ports/workflow-catalog.ts";
import type { BagVerbs } from "./bag-verbs.ts";
import type { SettingOrigin } from "./config/resolve.ts";
import type { Settings } from "./config/settings.ts";
import type { DeletionVerbs } from "./deletion-verbs.ts";
import type { FeatureVerbs } from "./feature-verbs.ts";
import type { OpenedRemoteInputs } from "./remote-inputs.ts";
import type { Recording } from "./run-input.ts";
import type { SplitVerbs } from "./split-verbs.ts";

/**
 * What a command does with the catalog: `create` it, `write`, `read` only (refused by construction otherwise; with
 * `read-if-there` an absent one is as an empty one), `admin` (whatever its schema), or `none` at all.
 */
export type Access = "create" | "write" | "read" | "read-if-there" | "admin" | "none";

/** How a project is opened. */
export interface OpenOptions {
  /** Absolute folder to look from. */
  readonly cwd: string;
  /** Configuration file; default: the nearest one upward. */
  readonly config?: string;
  readonly environment?: Readonly<Record<string, string | undefined>>;
  /** Dotted setting → value, over everything else. */
  readonly settings?: Readonly<Record<string, unknown>>;
  readonly access: Access;
  /** Id or name of a snapshot: the catalog as of its moment, for reading only. */
  readonly snapshot?: string;
  readonly emit?: EventSink;
}

/** A file to be added to a published execution. */
export interface AttachRequest {
  /** Absolute. */
  readonly file: string;
  /** Default: the file name. */
  readonly name?: string;
  readonly description?: string;
  readonly types?: readonly string[];
}

/** The catalog's ports. */
export interface Catalog {
  readonly datasets: DatasetCatalog;
  readonly executions: ExecutionCatalog;
  readonly values: ValueCatalog;
  readonly runs: RunCatalog;
  readonly assets: AssetCatalog;
  readonly lineage: LineageCatalog;
  readonly workflows: WorkflowCatalog;
  readonly vocabularies: VocabularyCatalog;
  readonly features: FeatureCatalog;
  readonly typedRecords: TypedRecordCatalog;
  readonly authored: DatasetAuthoring;
  readonly imports: DatasetImport;
  readonly removal: RecordRemoval;
  readonly admin: CatalogAdmin;
  /** What kind of record a RID, in any spelling, stands for; undefined when none has it. */
  kindOf(rid: string): Promise<string | undefined>;
}

/** How results are loaded again. */
export interface ReingestHow {
  /** As a new execution that shares the files; the old values stay. */
  readonly asNew?: boolean;
  /** What the vocabulary does not allow is a warning. */
  readonly lenient?: boolean;
}

/** What to plan. */
export interface PlanRequest {
  readonly options: SolveOptions;
  /** False: datasets known from their path only are not opened. */
  readonly open: boolean;
}

/** An open project: settings, catalog, stores and everything that can be done with them. */
export interface Project extends AsyncDisposable, DeletionVerbs, FeatureVerbs, SplitVerbs, BagVerbs {
  /** Absolute folder of the configuration file. */
  readonly folder: string;
  readonly configFile: string;
  readonly settings: Settings;
  readonly origins: readonly SettingOrigin[];
  /** Those that come with Almanac and those of the configuration. */
  readonly sourceTypes: SourceTypes;
  /** Those that released versions of datasets put together here are of, by the names of the datasets. */
  releasedTypes(): Promise<readonly SourceType[]>;
  readonly catalogFile: string;
  /** True if opening made the catalog. */
  readonly created: boolean;
  readonly catalog: Catalog;
  /** The snapshot that the catalog is of; undefined for the catalog as it is now. */
  readonly snapshot: CatalogSnapshot | undefined;
  /** Snapshots of the catalog; loaded when they are asked for. */
  snapshots(): Promise<Snapshots>;
  readonly scratch: FragmentStore;
  readonly results: FragmentStore;
  /** Inputs fetched from elsewhere. */
  readonly remote: OpenedRemoteInputs;
  /** @throws PROVIDER_INVALID with all problems of all providers */
  providers(): Promise<readonly LoadedProvider[]>;
  vocabulary(): Vocabulary;
  ingest(
    input: {
      readonly sourceType: string;
      readonly folders: readonly string[];
      readonly mode: "full" | "fast";
    },
    signal: AbortSignal,
  ): Promise<IngestReport>;
  /**
   * Takes over datasets from catalogs in files, without the data files themselves.
   * @param input.sourceType type of every row; without it the column `almanac_type` says it
   * @throws FILE_MISSING, CATALOG_FILE_INVALID, UNKNOWN_NAME
   */
  importCatalog(
    input: {
      readonly files: readonly { readonly file: string; readonly form: CatalogForm }[];
      readonly sourceType?: string | undefined;
    },
    signal: AbortSignal,
  ): Promise<ImportReport>;
  /**
   * Writes selected datasets as rows of a file, which importing reads again.
   * @param input.file where, absolute or relative to the project's folder
   * @throws DISK_FULL, FILE_MISSING, FILE_UNREADABLE when the file cannot be written; then none is left
   */
  exportCatalog(input: {
    readonly file: string;
    readonly form: CatalogForm;
    readonly sourceType?: string | undefined;
    readonly selection?: SelectionInput;
  }): Promise<ExportReport>;
  plan(request: PlanRequest): Promise<MadePlan>;
  solve(request: PlanRequest & { readonly execute: boolean }, control: RunControl): Promise<SolveReport>;
  /** Text and facts about a group, diagnostic or dataset. */
  explain(request: {
    readonly target: string;
    /** Selectors that narrow the groups of a diagnostic. */
    readonly facets?: SelectionInput;
  }): Promise<{ readonly value: object; readonly text: string }>;
  /** @returns what was done, for people */
  retry(rid: Rid): Promise<string>;
  cancel(rid: Rid): Promise<string>;
  materialize(rid: Rid): Promise<string>;
  resolve(rid: Rid): Promise<string>;
  /** Adds a file to a published execution, beside what was published. */
  attach(rid: Rid, request: AttachRequest): Promise<string>;
  reingest(rid: Rid, how?: ReingestHow): Promise<string>;
  /** Recorded runs; loaded when it is asked for. */
  recording(): Promise<Recording>;
  ingestResults(rids: readonly Rid[], how?: Pick<ReingestHow, "lenient">): Promise<ResultsIngestReport>;
}
