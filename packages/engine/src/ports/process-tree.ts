import type { ResourceUse } from "../core/execution/outcome.ts";
import type { Owner } from "../core/execution/record.ts";

/** Environment variable that names the folder of the execution a process works for; children inherit it. */
export const executionVariable = "ALMANAC_EXECUTION";

/**
 * Processes that belong together: the leader, everything in its process group or session, everything that descends
 * from one of them, and everything whose environment carries the marker (children that left the session too).
 */
export interface TreeRoot {
  /** Leader of its own process group and session. */
  readonly pid: number;
  /** Value of `ALMANAC_EXECUTION` that marks processes of this tree. */
  readonly marker?: string;
}

/** A command line to run to its end. */
export interface TreeCommand {
  readonly argv: readonly [string, ...string[]];
  readonly cwd: string;
  /** Added to this process's environment. */
  readonly environment: Readonly<Record<string, string>>;
  readonly marker: string;
  /** Resident bytes that the whole tree may use. */
  readonly memoryBytes?: number;
  /** Ends the tree: SIGTERM, and SIGKILL after the grace. */
  readonly signal: AbortSignal;
  /** Milliseconds between SIGTERM and SIGKILL. */
  readonly graceMs: number;
  /** Takes standard output and standard error as they come. */
  readonly output: (bytes: Uint8Array) => void;
  /** Called once with the identity of the started process. */
  readonly started: (owner: Owner) => void;
}

/** How a command line ended; by then nothing of its tree is left. */
export interface CommandEnd {
  readonly exitCode: number | undefined;
  /** Such as `SIGKILL`. */
  readonly signal: string | undefined;
  /** Resident bytes at which the memory limit was passed. */
  readonly exceededBytes: number | undefined;
  readonly resources: ResourceUse;
}

/** Watches a tree's use of memory and CPU until stopped. */
export interface TreeWatch {
  /** Samples once more, ends the watch and returns what was seen. Idempotent. */
  stop(): Pick<ResourceUse, "cpuSeconds" | "peakMemoryBytes" | "measured">;
}

/** One function computation inside this process. */
export interface SelfWatch {
  /**
   * Ends the measurement and, in an isolated process, everything that the computation started and left running.
   * @returns what this process used meanwhile
   */
  finish(): Promise<Pick<ResourceUse, "cpuSeconds" | "peakMemoryBytes" | "measured">>;
}

/** How to measure this process itself. */
export interface SelfWatchOptions {
  /** Carried by processes that the computation starts. */
  readonly marker: string;
  /** True in a worker that does nothing else: what is found running afterwards belongs to the computation. */
  readonly isolated: boolean;
}

/** What to watch for. */
export interface WatchOptions {
  readonly memoryBytes?: number;
  /** Called once, with the resident bytes seen, when they pass `memoryBytes`. */
  readonly exceeded: (bytes: number) => void;
}

/** How to end a tree. */
export interface EndOptions {
  /** Milliseconds between SIGTERM and SIGKILL; 0: SIGKILL at once. */
  readonly graceMs: number;
}

/** Processes of this machine and everything they start. */
export interface ProcessTrees {
  /** Identity of a process of this machine; undefined when there is none. */
  identify(pid: number): Owner | undefined;
  /** False only if the process is known to be gone; true when it lives or runs on another host. */
  isAlive(owner: Owner): boolean;
  /**
   * Runs a command line in its own session until nothing of it is left.
   * @throws ENVIRONMENT_INVALID when it cannot be started
   */
  run(command: TreeCommand): Promise<CommandEnd>;
  watch(root: TreeRoot, options: WatchOptions): TreeWatch;
  /** Measures a computation inside this process by the process's own figures: costs next to nothing. */
  watchSelf(options: SelfWatchOptions): SelfWatch;
  /** Ends a tree, this process excepted. @returns processes that could not be ended (normally none) */
  end(root: TreeRoot, options: EndOptions): Promise<readonly number[]>;
  /**
   * Ends what is left of a process group whose owner is recorded, for recovery; a reused pid is left alone, and so
   * is everything on another host or of another boot. @returns processes that could not be ended
   */
  endOwned(owner: Owner, marker?: string): Promise<readonly number[]>;
}
