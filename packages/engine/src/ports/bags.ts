import type { BagContents } from "../core/provenance/bag-contents.ts";
import type { DatasetSpec } from "../core/records/dataset-version.ts";

/** Where a file of the payload comes from: this machine, or elsewhere, from where it can be fetched later. */
export type PayloadOrigin = { readonly file: string } | { readonly url: string };

/** A file of the payload to be. */
export interface PayloadFile {
  /** Path inside the bag. */
  readonly place: string;
  /** Absent where nobody said it. */
  readonly sizeBytes?: number;
  readonly sha256: string;
  readonly origin: PayloadOrigin;
  /** False: it is listed only. */
  readonly bring: boolean;
}

/** A bag to be written. */
export interface NewBag {
  readonly contents: BagContents;
  readonly files: readonly PayloadFile[];
}

/** What writing a bag did: it is new; it was there and lacked files; it was there. */
export type WrittenBag = "written" | "completed" | "kept";

/**
 * How much of a bag there is: nothing; what it says but none of its files; some of them; all. Told by names and sizes.
 */
export type BagState = "absent" | "metadata-only" | "incomplete" | "complete";

/** What is on disk of a bag, without reading its files. */
export interface BagStatus {
  readonly state: BagState;
  /** Files of the payload, and those of them that are there with the right size where it is known. */
  readonly files: number;
  readonly present: number;
  /** Paths of those that are not, in order. */
  readonly missing: readonly string[];
  /** Of the missing ones, how many can be fetched. */
  readonly fetchable: number;
  /** The dataset version, if this is a bag of ours. */
  readonly root?: Required<DatasetSpec>;
}

/** What checking every file of a bag has found. */
export interface BagVerification {
  /** Everything that is wrong, in order of paths; empty: valid. */
  readonly problems: readonly BagProblem[];
  /** Files read, and their bytes. */
  readonly files: number;
  readonly bytes: number;
}

/** One thing wrong with a bag. */
export interface BagProblem {
  /**
   * `missing`: listed and not there; `extra`: there and not listed; `differs`: other bytes than the checksum says; `form`:
   * a tag file that is not as it must be; `unsafe`: a link, or something that is no file; `contents`: what the bag says of
   * its dataset does not agree with itself.
   */
  readonly kind: "missing" | "extra" | "differs" | "form" | "unsafe" | "contents";
  /** Path inside the bag. */
  readonly path: string;
  readonly message: string;
  /** Of a missing file: it can be fetched. */
  readonly fetchable?: boolean;
}

/** How long work with a bag goes on. */
export interface BagHow {
  readonly signal: AbortSignal;
}

/** How files get into a bag. */
export interface BringHow extends BagHow {
  /** True: read-only files are linked, because nobody will write to those of the bag. Default: copied, or cloned. */
  readonly link?: boolean;
}

/** Bags in folders of this machine. Folders are absolute paths. */
export interface Bags {
  /** Looks at names and sizes only. @throws STORE_UNAVAILABLE */
  status(folder: string): Promise<BagStatus>;
  /**
   * Reads every file: checksums of all manifests, size of the payload, what is missing and what is not listed, and
   * whether what the bag says of its dataset agrees with its files.
   * @throws FILE_MISSING when there is no bag
   */
  verify(folder: string, how: BagHow): Promise<BagVerification>;
  /**
   * Writes a bag beside its place and renames it there. A folder that holds this very bag is kept; what it lacks of the
   * files to be brought is brought.
   * @throws CONFLICT when the folder holds anything else
   * @throws FILE_MISSING, ARTIFACT_INVALID when a file is not there or not what it must be, naming each; as `InputCache.fetch`
   */
  write(folder: string, bag: NewBag, how: BringHow): Promise<WrittenBag>;
  /**
   * Fetches what is missing; each file gets its name when its size and its sha256 are right.
   * @returns how many files were fetched
   * @throws FILE_MISSING when there is no bag; BAG_INVALID when it may not be completed: a wrong line, a link in the way
   * @throws as `InputCache.fetch`, once everything else is there
   */
  complete(folder: string, how: BringHow): Promise<number>;
  /**
   * What the bag says; its files need not be there.
   * @throws FILE_MISSING when there is no bag, BAG_INVALID when it is none of a dataset version, or does not parse
   */
  contents(folder: string): Promise<BagContents>;
}
