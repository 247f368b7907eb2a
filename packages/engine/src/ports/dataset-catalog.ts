import type { Dataset, DatasetFile } from "../core/catalog/dataset.ts";
import type { SelectionInput } from "../core/catalog/selection.ts";
import type { Snapshot } from "../core/catalog/snapshot.ts";

/** What the catalog already knows of a file: enough to see that it has not changed. */
export interface KnownFile {
  readonly path: string;
  readonly sizeBytes: number | undefined;
  readonly mtimeMs: number | undefined;
  readonly finalised: boolean;
  readonly missing: boolean;
  /**
   * Why it cannot be used: the file's own code and reason, or `DATASET_INVALID` and the dataset's reason when its dataset
   * is invalid.
   */
  readonly invalid: { readonly code: string; readonly reason: string } | undefined;
}

/** A file that could not be used. */
export interface InvalidFile {
  readonly path: string;
  readonly sourceType: string;
  readonly sizeBytes: number | undefined;
  readonly mtimeMs: number | undefined;
  readonly code: string;
  readonly reason: string;
}

/** A dataset's note for `doctor`: files that disagree, header against path, overlaps. */
export interface DatasetWarning {
  readonly sourceType: string;
  readonly id: string;
  readonly message: string;
}

/** A dataset that cannot be used, and why. Its facets are those of its first file. */
export interface InvalidDataset extends Dataset {
  readonly invalid: string;
}

/** A dataset as recorded, valid or not. */
export interface StoredDataset extends Dataset {
  /** Why it cannot be used, if so. */
  readonly invalid: string | undefined;
}

/** One batch of an ingestion, written in one transaction. */
export interface IngestBatch {
  /** Datasets as they now are; files listed are added or replaced, files not listed stay. */
  readonly datasets: readonly Dataset[];
  /** Datasets whose files disagree: recorded like the others, with the reason, and kept from the solver. */
  readonly invalidDatasets?: readonly InvalidDataset[];
  readonly invalidFiles: readonly InvalidFile[];
  readonly warnings: readonly DatasetWarning[];
  /** Paths of files that have vanished, under any source type. */
  readonly missing: readonly string[];
}

/** A dataset as listings show it. */
export interface DatasetSummary extends Dataset {
  readonly rid: string;
  /** Found by ingesting or importing, put together here, or a released version of such a one, as solving sees it. */
  readonly origin: "ingested" | "authored" | "released";
  readonly retracted: boolean;
  readonly invalid: string | undefined;
  readonly missingFiles: readonly DatasetFile[];
}

/** Source type and id of a dataset. */
export type DatasetName = Pick<Dataset, "sourceType" | "id">;

/** A dataset that a snapshot could show differently than before: added, changed, retracted, restored or gone. */
export interface ChangedDataset extends DatasetName {
  /** As a snapshot shows it now; absent when none does. */
  readonly now?: Dataset;
}

/** What happened to datasets since a mark was read. */
export interface DatasetChanges {
  /** Revision and mark of now. */
  readonly revision: number;
  readonly mark: string;
  /** Each once. */
  readonly datasets: readonly ChangedDataset[];
}

/** Datasets and files: what ingestion writes and what the solver's snapshot is built from. */
export interface DatasetCatalog {
  /** Increases with every change that a snapshot could show. */
  revision(): Promise<number>;
  /** Names the state of all datasets: the mark of a snapshot read now. No other state in any copy has it. */
  mark(): Promise<string>;
  /** What changed since a mark; undefined when this catalog was never there, no longer knows, or it is very much. */
  changes(since: string): Promise<DatasetChanges | undefined>;
  /**
   * Valid, unretracted datasets with their present files, in catalog order. Of each authored dataset with facets the newest
   * released version, as a dataset of the source type of its name.
   * @throws CONFIG_INVALID when that is the name of a source type whose datasets are ingested
   */
  snapshot(sourceTypes?: readonly string[]): Promise<Snapshot>;
  /** Files recorded below a folder (a path prefix ending in `/`), invalid ones included, in path order. */
  knownFiles(sourceType: string, folder: string): Promise<readonly KnownFile[]>;
  /** Datasets with these ids, with their present files, invalid and retracted ones too; unknown ids are left out. */
  datasets(sourceType: string, ids: readonly string[]): Promise<readonly StoredDataset[]>;
  /**
   * Writes one batch in one transaction. Never downgrades a finalised dataset: told of it unopened, the catalog takes
   * over new and changed files only. A file's `contentId` stays as first seen while size and mtime stand.
   */
  ingest(batch: IngestBatch): Promise<void>;
  /** Listing by facets; every dataset, the retracted, missing and invalid ones too. */
  list(query: DatasetQuery): Promise<{ readonly items: readonly DatasetSummary[]; readonly total: number }>;
  /**
   * Hides (or shows again) a dataset from solving; of an authored one all its released versions, or the one that is named.
   * @returns false if it was so already
   */
  setRetracted(id: string, retracted: boolean): Promise<boolean>;
  /**
   * Removes the records of datasets whose files are all recorded as missing and that have no features, with what is
   * recorded of the files. Executions that used them keep naming them. All in one transaction.
   * @param rids of datasets
   * @returns RIDs of those that were removed; others stay as they are
   */
  removeVanished(rids: readonly string[]): Promise<readonly string[]>;
  /** Invalid files and dataset warnings, in path and id order. */
  problems(): Promise<{
    readonly files: readonly InvalidFile[];
    readonly datasets: readonly DatasetWarning[];
  }>;
}

/** Which datasets to list, all conditions together; without any, all. */
export interface DatasetQuery {
  readonly sourceType?: string;
  readonly origin?: DatasetSummary["origin"];
  /** Dataset ids or RIDs, in any spelling. */
  readonly names?: readonly string[];
  /** Conditions on facets; one that names a source type is met by datasets of this type only. */
  readonly selection?: SelectionInput;
  readonly offset?: number;
  readonly limit?: number;
}
