import type { ExecutionState, FailureClass } from "../execution/state.ts";
import type { Rid } from "../identity/rid.ts";

/** One execution as the solver sees it. */
export interface PastExecution {
  readonly rid: Rid;
  readonly state: ExecutionState;
  /** Empty for imported executions, which are compared by `compatHash`. */
  readonly fingerprint: string;
  readonly compatHash: string;
  readonly failureClass: FailureClass | undefined;
  readonly failureSignature: string | undefined;
  readonly abortReason: "interrupted" | "superseded" | "cancelled" | undefined;
  /** Recorded on purpose without submission. */
  readonly held: boolean;
  /** True while its owner lives or its lease has not ended. */
  readonly alive: boolean;
  /** Input dataset ids → contentIds of their files, for saying what changed. */
  readonly datasets: Readonly<Record<string, readonly string[]>>;
  /** Digest of the diagnostic's parameters at that time. */
  readonly parametersDigest: string;
}

/** One execution group with its executions, oldest first. */
export interface PastGroup {
  readonly rid: Rid;
  readonly provider: string;
  readonly diagnostic: string;
  readonly version: number;
  readonly selectorDigest: string;
  readonly dirty: boolean;
  readonly dirtyReason: string | undefined;
  readonly current: Rid | undefined;
  /** Consecutive system failures since the last reset, with the latest fingerprint. */
  readonly systemFailures: number;
  readonly executions: readonly PastExecution[];
}

/** All groups that the catalog holds; the solver's memory. */
export interface History {
  /** Names the state of all groups and executions in whatever copy of the catalog. Absent: not of a catalog. */
  readonly mark?: string;
  readonly groups: readonly PastGroup[];
}

/** The history of a catalog in which nothing has run. */
export const noHistory: History = { groups: [] };
