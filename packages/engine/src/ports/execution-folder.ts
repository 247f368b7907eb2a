import type { ManifestRecord, RegistrationMode, SealedRecord } from "../core/execution/manifest.ts";
import type { Outcome } from "../core/execution/outcome.ts";
import type { ExecutionState } from "../core/execution/state.ts";
import type { OnSealing } from "./folder-runner.ts";

/** What a command line finds beside `execution.json`: its inputs with absolute local paths. Stays in scratch. */
export const inputsFile = "inputs.json";

/** A file to seal: hashed, fsynced, and recorded in the manifest. */
export interface FileToSeal {
  /** Inside the folder, forward slashes. */
  readonly path: string;
  /** A linked file may lie elsewhere; every other one must lie inside the folder, links resolved. */
  readonly mode: RegistrationMode;
}

/** One execution's folder in scratch, as the worker that runs it writes it. One writer, one use. */
export interface ExecutionFolder {
  /** Absolute. */
  readonly path: string;
  /** Text of a file of the folder. @throws FILE_MISSING, FILE_UNREADABLE */
  read(path: string): string;
  /** Those of some absolute paths that are not there. */
  missing(paths: readonly string[]): readonly string[];
  /** Appends to `execution.log`: first and last 5 MB are kept. After `close` it has no effect. */
  log(bytes: Uint8Array | string): void;
  /**
   * Journals a state of the execution with the worker's own time, as a line of the log: the outcome names it again, and
   * without outcome it is there for people. A file of its own would cost each execution as much as all its log.
   */
  journal(state: ExecutionState, at: string): void;
  /** Appends records to the manifest, written through; the next `seal` fsyncs them. */
  record(records: readonly ManifestRecord[]): void;
  /**
   * Makes a path ready to be written and returns it absolute.
   * @throws ARTIFACT_INVALID when something is there already, or a folder on the way is a link
   */
  prepare(path: string): string;
  /** @throws FILE_MISSING when there is no regular file that could be brought */
  requireSource(file: string): void;
  /**
   * Brings an existing file to its place by link or copy and returns the place, absolute.
   * @throws ARTIFACT_INVALID when something is there already, FILE_MISSING when there is no such file
   */
  bring(file: string, path: string, mode: "link" | "copy"): string;
  /** Writes a whole file that every worker may write; not fsynced. */
  write(path: string, text: string): void;
  /** Writes a result bundle, written through; `seal` fsyncs it like any other file. */
  writeBundle(path: string, text: string): void;
  /** Appends to a file that a worker keeps rows in, written through; `seal` fsyncs it like any other file. */
  append(path: string, text: string): void;
  /** True if there is something at this path inside the folder. */
  has(path: string): boolean;
  /** True if the disk that holds the folder has no space left. */
  isFull(): boolean;
  /** Every file left below the folder beside those that every execution has, in path order; links are not followed. */
  left(): readonly string[];
  /**
   * Hashes and fsyncs files, appends their seals to the manifest and fsyncs it once.
   * @param sealing told how far it is; large files take their time
   * @throws ARTIFACT_INVALID naming every file that is missing, not regular or outside the folder
   */
  seal(files: readonly FileToSeal[], sealing?: OnSealing): Promise<readonly SealedRecord[]>;
  /** Finishes log and manifest, the log brought to disk. Idempotent. @throws DISK_FULL when the log could not be written */
  close(): void;
  /**
   * Brings `execution.json` to disk, then writes `outcome.json`: temporary name, fsync, rename, fsync of the folder. After
   * `close` only.
   */
  writeOutcome(outcome: Outcome): void;
}

/** Execution folders in scratch. */
export interface ExecutionFolders {
  /**
   * Takes a folder by creating its `execution.log`, which only one process ever can: undefined if it is taken.
   * @throws FILE_MISSING when there is no such folder, DISK_FULL
   */
  take(folder: string): ExecutionFolder | undefined;
  /** True once some process has taken the folder. */
  isTaken(folder: string): boolean;
  /** True once the folder holds an `outcome.json`. */
  hasOutcome(folder: string): boolean;
  /** Finishes the log that a killed worker left behind, with a closing line. */
  closeLog(folder: string, line: string): void;
}
