import { createExecutionFolders } from "../adapters/files/execution-folder.ts";
import { createInlineExecutor } from "../adapters/inline/inline-executor.ts";
import { createLocalExecutor } from "../adapters/local-pool/local-executor.ts";
import { ownIdentity } from "../adapters/process-tree/owner.ts";
import { createProcessTrees } from "../adapters/process-tree/process-trees.ts";
import { type DurableObserver, unobserved } from "../ports/durable.ts";
import type { Executor } from "../ports/executor.ts";
import type { FolderRunner } from "../ports/folder-runner.ts";
import { systemClock } from "./system-clock.ts";
import type { WorkerOptions } from "./worker/parts.ts";
import { graceMs as defaultGraceMs, workerProgram } from "./worker/program.ts";

/** Settings of an executor on this machine. */
export interface ExecutorOptions {
  /** Computations at once; `inline` has one. Default: one per CPU. */
  readonly jobs: number;
  /** Told of durable writes made in this process. */
  readonly observer?: DurableObserver;
  /** Absolute path of a module whose default export observes the durable writes of worker processes; for tests. */
  readonly workerObserver?: string;
  /** Milliseconds a computation has to end itself before it is killed; default 2000. */
  readonly graceMs?: number;
  /** What stands in for parts of the worker side; `inline` only. */
  readonly instead?: WorkerOptions["instead"];
}

/** The executor for debugging: in this process. Takes over its standard streams: one per process. */
export function inlineExecutor(options: Omit<ExecutorOptions, "jobs" | "workerObserver">): Executor {
  const { observer = unobserved, graceMs = defaultGraceMs, instead = {} } = options;
  // Most solves run nothing, or run it in other processes.
  const side = import("./worker/parts.ts").then(({ createWorkerSide }) =>
    createWorkerSide({ observer, isolated: false, graceMs, instead }),
  );
  const run: FolderRunner = async (...request) => (await side).run(...request);
  return createInlineExecutor({ run, owner: ownIdentity(), clock: systemClock });
}

/** The pool of worker processes on this machine. */
export function localExecutor(options: ExecutorOptions): Executor {
  const { observer = unobserved, graceMs = defaultGraceMs, workerObserver } = options;
  const extra = workerObserver === undefined ? [] : ["--observer", workerObserver];
  return createLocalExecutor({
    worker: { program: workerProgram(), arguments: ["--grace", String(graceMs), ...extra], environment: {} },
    jobs: Math.max(1, options.jobs),
    trees: createProcessTrees(),
    folders: createExecutionFolders(observer),
    clock: systemClock,
    graceMs,
  });
}

/** Which executor, with its options. */
export interface ExecutorParts extends ExecutorOptions {
  readonly name: "local" | "inline";
}

/** Starts the executor that the settings name. */
export function startExecutor({ name, ...options }: ExecutorParts): Executor {
  return name === "inline" ? inlineExecutor(options) : localExecutor(options);
}
