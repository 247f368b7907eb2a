import { compareCodeUnits } from "../core/identity/compare.ts";
import type { DatasetWarning, InvalidFile } from "../ports/dataset-catalog.ts";

/** What an ingestion did. Paths are as in the catalog. */
export interface IngestReport {
  /** Files that the catalog did not have. */
  readonly new: number;
  /** Files that have changed, came back, or were opened for the first time. */
  readonly updated: number;
  readonly unchanged: number;
  /** Files that cannot be used, those known to be so and unchanged included, in path order. */
  readonly invalid: readonly { readonly path: string; readonly code: string; readonly reason: string }[];
  /** Files recorded below the folders that are no longer there, noticed now. */
  readonly missing: readonly string[];
  /** Notes on datasets, and on folders without files (their path is the id). */
  readonly warnings: readonly { readonly id: string; readonly message: string }[];
  /** Datasets written. */
  readonly datasets: number;
  /** How many files were opened. */
  readonly opened: number;
  /** Files in the folders with another ending. */
  readonly ignored: number;
  /** True if no file could be used and none has vanished: the command's exit code is that of NOTHING_INGESTED. */
  readonly allFailed: boolean;
  /** True if it was interrupted: what was written stays, the same ingestion again continues. */
  readonly interrupted: boolean;
}

/** Counts while an ingestion runs. */
export class IngestTally {
  added = 0;
  updated = 0;
  unchanged = 0;
  opened = 0;
  ignored = 0;
  interrupted = false;
  readonly invalid: { readonly path: string; readonly code: string; readonly reason: string }[] = [];
  readonly missing: string[] = [];
  readonly #warnings: { readonly id: string; readonly message: string }[] = [];
  readonly #mended = new Set<string>();
  readonly #datasets = new Set<string>();

  /** How many wanted files have been looked at and counted. */
  get seen(): number {
    return this.added + this.updated + this.unchanged + this.invalid.length;
  }

  warn({ id, message }: Pick<DatasetWarning, "id" | "message">): void {
    this.#warnings.push({ id, message });
  }

  refuse({ path, code, reason }: Pick<InvalidFile, "path" | "code" | "reason">): void {
    this.invalid.push({ path, code, reason });
  }

  /** Files whose dataset is sound now, whatever was said of the unchanged ones before the others were read. */
  mended(paths: Iterable<string>): void {
    for (const path of paths) this.#mended.add(path);
  }

  wrote(ids: Iterable<string>): void {
    for (const id of ids) this.#datasets.add(id);
  }

  report(): IngestReport {
    const stands = ({ path, code }: IngestReport["invalid"][number]): boolean =>
      code !== "DATASET_INVALID" || !this.#mended.has(path);
    const invalid = this.invalid.filter(stands).sort((a, b) => compareCodeUnits(a.path, b.path));
    const unchanged = this.unchanged + this.invalid.length - invalid.length;
    const usable = this.added + this.updated + unchanged;
    return {
      new: this.added,
      updated: this.updated,
      unchanged,
      invalid,
      missing: this.missing.toSorted(compareCodeUnits),
      warnings: this.#warnings,
      datasets: this.#datasets.size,
      opened: this.opened,
      ignored: this.ignored,
      allFailed: usable === 0 && this.missing.length === 0 && !this.interrupted,
      interrupted: this.interrupted,
    };
  }
}
