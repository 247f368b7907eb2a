import type { Rid } from "../core/identity/rid.ts";
import type { BagContents } from "../core/provenance/bag-contents.ts";
import type { DatasetSpec } from "../core/records/dataset-version.ts";

/** How many there were to take over: those that are new here, and those that were here. */
export interface TakenOver {
  readonly made: number;
  readonly known: number;
}

/** What taking over a dataset version did. */
export interface ImportedDatasets {
  /** The version, by its RID here. */
  readonly root: Required<DatasetSpec>;
  readonly datasets: TakenOver;
  readonly assets: TakenOver;
  readonly records: TakenOver;
  readonly features: TakenOver;
  readonly executions: TakenOver;
  /** Records that have another RID here, because theirs was taken; the old one still finds them. */
  readonly renamed: readonly { readonly was: Rid; readonly now: Rid }[];
}

/** Where the files of a bag were placed. */
export interface BagFolder {
  /** As it was announced. */
  readonly path: string;
  /** True if an asset's file is in its place. @param url of the asset */
  readonly isThere: (url: string) => boolean;
}

/** Takes over what a bag of another catalog says. */
export interface DatasetImport {
  /**
   * Notes a folder below results in which files are about to be placed: they are removed unless they are taken over.
   * @param folder see `bagFilesFolder`
   */
  announce(folder: string): Promise<void>;
  /**
   * Takes over datasets with their versions, files, records, features, declarations and runs, all or nothing. What is
   * here already, of the same RID and with the same content, stays as it is: twice is once.
   * @param contents checked; URLs of its assets say where the files are now
   * @param folder that was announced, for this bag's own files
   * @throws FILE_MISSING when files were removed meanwhile: `isThere` says so of those in the folder, the others are of
   * assets that were deleted
   * @throws CONFLICT when something is declared otherwise here, a version of the dataset has another content, or its
   * draft has changes that a newer version would take the place of
   */
  take(contents: BagContents, folder?: BagFolder): Promise<ImportedDatasets>;
}
