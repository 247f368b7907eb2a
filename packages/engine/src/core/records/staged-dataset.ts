import type { Json } from "../json.ts";

/** A dataset that this execution staged before, as a member of a further one. */
export interface StagedDatasetRef {
  /** Position among the datasets of the execution. */
  readonly dataset: number;
}

/** A row of a record table of this execution. */
export interface RecordRowRef {
  readonly recordType: string;
  /** From 0, in the order of the table's rows. */
  readonly row: number;
}

/**
 * What names a member: the path of a file registered by this execution, the RID of an asset, a record or a dataset,
 * `RID@version` of a dataset, a dataset staged before, or a row of a record table. `rid:3JSE` is always a RID.
 */
export type MemberName = string | StagedDatasetRef | RecordRowRef;

/** A member as a computation gives it; the place of a registered file is its path unless another is given. */
export type GivenMember = MemberName | { readonly member: MemberName; readonly path: string };

/** A dataset as a computation gives it. */
export interface GivenDataset {
  /** Default: its RID. */
  readonly name?: string;
  readonly description?: string;
  /** Names or synonyms of dataset types. */
  readonly types?: readonly string[];
  readonly members: Iterable<GivenMember>;
  /** Of the release; default 0.1.0. */
  readonly version?: string;
  readonly notes?: string;
  /** True: it is not released. */
  readonly draft?: boolean;
  readonly facets?: Readonly<Record<string, string>>;
  readonly derivation?: Json;
}

/** A file that lies elsewhere, as a computation gives it. One of the digests is required. */
export interface GivenFile {
  readonly url: string;
  readonly sizeBytes: number;
  readonly sha256?: string;
  readonly md5?: string;
}

/** What there is to say of the dataset that files from elsewhere become. */
export type FilesDataset = Pick<GivenDataset, "name" | "description" | "types" | "draft">;

/** A member as it is staged. */
export type StagedMember = (
  | { readonly file: string }
  | { readonly rid: string; readonly version?: string }
  | StagedDatasetRef
  | RecordRowRef
  | {
      /** Position among the files from elsewhere. */
      readonly added: number;
    }
) & { readonly path?: string };

/** A dataset as it is staged: checked, types by their names. */
export interface StagedDataset extends Omit<GivenDataset, "members" | "description" | "types" | "draft"> {
  readonly description: string;
  readonly types: readonly string[];
  readonly members: readonly StagedMember[];
  readonly draft: boolean;
}

/** A file from elsewhere as it is staged. */
export interface StagedFile extends GivenFile {
  /** Last part of the URL's path. */
  readonly fileName: string;
}

/** Datasets of an execution in the order it staged them, and the files from elsewhere that are in them. */
export interface StagedDatasets {
  readonly files: readonly StagedFile[];
  readonly datasets: readonly StagedDataset[];
}
