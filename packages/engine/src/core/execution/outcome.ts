import { executionBundleNames } from "../results/bundle-names.ts";
import type { ExecutionState, FailureClass } from "./state.ts";

/** Why a computation failed. */
export interface Failure {
  readonly class: FailureClass;
  /** An error code or, for a command line, `EXIT_<n>` or `SIGNAL_<name>`. */
  readonly code: string;
  readonly message: string;
  /** Equal for failures with the same cause: class, code and message without numbers and paths. */
  readonly signature: string;
}

/** What the whole process tree of a computation used. */
export interface ResourceUse {
  readonly wallSeconds: number;
  readonly cpuSeconds: number;
  readonly peakMemoryBytes: number;
  /** How measured: `proc-tree` (sampled over /proc), `self` (the process's own figures), `none`. */
  readonly measured: "proc-tree" | "self" | "none";
}

/** The content of `outcome.json`, written last by the worker: temporary name, fsync, rename. */
export interface Outcome {
  readonly formatVersion: 1;
  readonly rid: string;
  readonly result: "ok" | "failed";
  readonly failure?: Failure;
  /** States the worker went through, with its own times. */
  readonly states: readonly { readonly state: ExecutionState; readonly at: string }[];
  readonly resources: ResourceUse;
  /** File names of the bundles that were written, inside the folder. */
  readonly bundles: { readonly metric?: string; readonly output?: string; readonly series?: string };
}

/** File names every execution folder has. */
export const executionFiles = {
  definition: "execution.json",
  manifest: "manifest.jsonl",
  log: "execution.log",
  outcome: "outcome.json",
  ...executionBundleNames,
} as const;

/** Files of an execution's folder that stay in scratch: what a run that is cut off leaves for the one that resumes it. */
export const scratchFiles = { values: "given-values.jsonl" } as const;
