import type { Failure, ResourceUse } from "../core/execution/outcome.ts";
import type { Owner } from "../core/execution/record.ts";

/** Takes how many bytes of one file have been read so far. */
export type SealedBytes = (doneBytes: number) => void;

/** Told when files begin to be sealed, with the bytes that they have together. @returns what takes the progress of one file */
export type OnSealing = (totalBytes: number) => (file: string) => SealedBytes;

/** One execution folder to run in this process, and what to tell meanwhile. */
export interface RunRequest {
  /** Absolute scratch folder with `execution.json`. */
  readonly folder: string;
  /** Absolute folder that input and module paths are relative to. */
  readonly projectFolder: string;
  /** Aborts to end the computation; its reason is the error it then fails with. */
  readonly signal: AbortSignal;
  /** Aborts when the process met an error outside of the computation's own promise; that error is its reason. */
  readonly crashed: AbortSignal;
  /** Inputs are there, the computation starts. A command line gives its process. */
  readonly started: (worker: Owner | undefined) => void;
  /** Absent: nobody is told. */
  readonly sealing?: OnSealing;
  readonly progress: (progress: { readonly fraction?: number; readonly text?: string }) => void;
}

/** How a run ended. */
export type RunResult =
  /** Another process has taken the folder; nothing was done. */
  | { readonly kind: "taken" }
  /** `failure` is there only when no `outcome.json` could be written. */
  | { readonly kind: "done"; readonly failure?: Failure; readonly resources: ResourceUse };

/** The worker side of every executor: runs one execution folder to its outcome, in this process. Does not throw. */
export type FolderRunner = (request: RunRequest) => Promise<RunResult>;
