import type { Rid } from "../identity/rid.ts";
import type { Selector } from "./definition.ts";
import type { Failure, ResourceUse } from "./outcome.ts";
import type { ExecutionState, StateChange } from "./state.ts";

/** All executions of one diagnostic version for one set of selectors. */
export interface ExecutionGroup {
  readonly rid: Rid;
  readonly provider: string;
  readonly diagnostic: string;
  readonly version: number;
  readonly key: string;
  /** Digest of the selectors of all required requirements: with provider, diagnostic and version the identity. */
  readonly selectorDigest: string;
  readonly selectors: Readonly<Record<string, Selector>>;
  /** True while the group needs an execution whatever its fingerprint says. */
  readonly dirty: boolean;
  readonly dirtyReason: string | undefined;
  /** The execution whose results count. */
  readonly current: Rid | undefined;
  /** True when its datasets have vanished. */
  readonly orphaned: boolean;
}

/** The process that owns a live execution; it is dead when host and boot agree and pid with this start time is gone. */
export interface Owner {
  readonly host: string;
  readonly bootId: string;
  readonly pid: number;
  /** Clock ticks since boot, field 22 of /proc/<pid>/stat; 0 where unknown. */
  readonly startTicks: number;
}

/** The three ways in which an execution begins. */
export type ExecutionOrigin = "solver" | "run" | "build";

/** One attempt: a record with status history, inputs, outputs, provenance. */
export interface ExecutionRecord {
  readonly rid: Rid;
  /** Who asked for it: the solver, a person who recorded a run, a pipeline. */
  readonly origin: ExecutionOrigin;
  /** Of the solver's executions only. */
  readonly group: Rid | undefined;
  /** Of recorded runs: the code that ran. */
  readonly workflow: Rid | undefined;
  readonly state: ExecutionState;
  readonly fingerprint: string;
  readonly compatHash: string;
  readonly fragment: string;
  readonly providerVersion: string;
  readonly description: string;
  readonly failure: Failure | undefined;
  /** Why it was aborted. */
  readonly abortReason: "interrupted" | "superseded" | "cancelled" | undefined;
  /** True when recorded on purpose without submission. */
  readonly held: boolean;
  /** Number of earlier system failures of this group with this fingerprint. */
  readonly attempt: number;
  readonly owner: Owner | undefined;
  /** Process group of the computation, ended by recovery when its owner died. */
  readonly worker: Owner | undefined;
  readonly createdAt: string;
  readonly startedAt: string | undefined;
  readonly finishedAt: string | undefined;
  /** Seconds of download, compute and publish. */
  readonly durations: { readonly download?: number; readonly compute?: number; readonly publish?: number };
  readonly resources: ResourceUse | undefined;
}

/** An execution with all that `executions show` tells. */
export interface ExecutionDetail extends ExecutionRecord {
  readonly history: readonly StateChange[];
  /** Dataset ids by requirement. */
  readonly datasets: readonly {
    readonly requirement: string;
    readonly id: string;
    readonly contentIds: readonly string[];
  }[];
}
