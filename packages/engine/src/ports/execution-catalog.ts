import type { SelectionInput } from "../core/catalog/selection.ts";
import type { ExecutionDefinition, SolverDefinition } from "../core/execution/definition.ts";
import type { Failure, ResourceUse } from "../core/execution/outcome.ts";
import type { ExecutionDetail, ExecutionGroup, ExecutionRecord, Owner } from "../core/execution/record.ts";
import type { Actor, ExecutionState, FailureClass } from "../core/execution/state.ts";
import type { Rid } from "../core/identity/rid.ts";
import type { History } from "../core/solver/history.ts";
import type { PastName } from "../core/solver/memory/remembered-ruling.ts";
import type { Decision } from "../core/solver/plan.ts";

/** What to record for one decision to run. */
export interface NewExecution {
  readonly decision: Decision;
  readonly parametersDigest: string;
  /** Recorded on purpose without submission. */
  readonly held: boolean;
  /**
   * Mark of the snapshot that its inputs are pinned from: while the catalog is in that state it need not write down what it
   * has anyway. Absent: its inputs are of no state of the catalog.
   */
  readonly mark?: string | undefined;
  /**
   * Finishes the definition once the RIDs are known, called inside the transaction.
   * @returns undefined when there can be none: nothing is recorded of it, and its RIDs go to the next
   */
  readonly define: (rids: { readonly group: Rid; readonly execution: Rid }) => SolverDefinition | undefined;
}

/** One change of state with everything that changes beside it; all of it or nothing. */
export interface Transition {
  readonly rid: Rid;
  /** The change is refused (CONFLICT) if the execution is in another state by now. */
  readonly from: ExecutionState;
  readonly to: ExecutionState;
  readonly at: string;
  readonly message: string;
  readonly actor: Actor;
  readonly failure?: Failure;
  readonly abortReason?: "interrupted" | "superseded" | "cancelled";
  /** Sets the group's dirty flag; an execution that is not its group's latest changes neither flag nor current. */
  readonly dirty?: { readonly value: boolean; readonly reason?: string };
  readonly resources?: ResourceUse;
  readonly durations?: { readonly download?: number; readonly compute?: number; readonly publish?: number };
  /** null clears it. */
  readonly owner?: Owner | null;
  readonly worker?: Owner | null;
}

/** Which executions to list, all conditions together; without any, all. */
export interface ExecutionQuery {
  readonly states?: readonly ExecutionState[];
  /** Contains, case-insensitive. */
  readonly provider?: readonly string[];
  readonly diagnostic?: readonly string[];
  /** True: `provider` and `diagnostic` are whole slugs. */
  readonly exactNames?: boolean;
  /** Conditions on the facets of the group's selectors; `type.facet` is of one requirement. */
  readonly selection?: SelectionInput;
  readonly group?: Rid;
  readonly rids?: readonly Rid[];
  readonly failureClass?: FailureClass;
  /** Failures of this signature. */
  readonly signature?: string;
  /** Only the newest execution of each group. */
  readonly newest?: boolean;
  readonly offset?: number;
  readonly limit?: number;
}

/** A listed execution with the names of its group. */
export interface ListedExecution extends ExecutionRecord {
  readonly provider: string;
  readonly diagnostic: string;
  readonly version: number;
  readonly key: string;
}

/** The groups whose newest execution is in one state, or failed in one way. */
export interface StateCount {
  readonly state: ExecutionState;
  readonly count: number;
  /** Of failures. */
  readonly failureClass: FailureClass | undefined;
  readonly signature: string | undefined;
  /** The newest of these executions. */
  readonly newest: ListedExecution;
}

/** Groups and executions. */
export interface ExecutionCatalog {
  /** Names the state of all groups and executions: the mark of a history read now. No other state in any copy has it. */
  historyMark(): Promise<string>;
  /** Everything the solver needs to know of the past, of all groups or of those named that there are. `alive` is asked per owner of a live execution. */
  history(alive: (owner: Owner) => boolean, groups?: readonly PastName[]): Promise<History>;
  /**
   * Records groups (created if new, set dirty) and executions in state `created`, all in one transaction; aborts as
   * superseded what is live in a group first. A group that gained a live execution meanwhile is left out.
   */
  record(executions: readonly NewExecution[], owner: Owner | undefined): Promise<readonly SolverDefinition[]>;
  /** Applies transitions in one transaction, each checked against the table and its `from`. @throws CONFLICT */
  transition(transitions: readonly Transition[]): Promise<void>;
  /** Takes a live execution over by conditional update. @returns false if somebody else has it */
  claim(rid: Rid, previous: Owner | undefined, owner: Owner): Promise<boolean>;
  /** The recorded definition. */
  definition(rid: Rid): Promise<ExecutionDefinition | undefined>;
  execution(rid: Rid): Promise<ExecutionDetail | undefined>;
  /** Listing, newest first. */
  list(
    query: ExecutionQuery,
  ): Promise<{ readonly items: readonly ListedExecution[]; readonly total: number }>;
  /** Newest execution of each group, counted by state and, of failures, by class and signature; in order of states, then of count. */
  stateCounts(): Promise<readonly StateCount[]>;
  group(ridOrName: string): Promise<ExecutionGroup | undefined>;
  groups(query: GroupQuery): Promise<{ readonly items: readonly ExecutionGroup[]; readonly total: number }>;
  /** Changes flags of groups in one transaction. */
  flag(changes: readonly GroupChange[]): Promise<void>;
}

/** What groups to list. */
export interface GroupQuery {
  readonly provider?: readonly string[];
  readonly diagnostic?: readonly string[];
  readonly exactNames?: boolean;
  /** Conditions on the facets of the selectors, as for executions. */
  readonly selection?: SelectionInput;
  readonly dirty?: boolean;
  readonly orphaned?: boolean;
  readonly offset?: number;
  readonly limit?: number;
}

/** A change to a group beside its executions. */
export interface GroupChange {
  readonly group: Rid;
  readonly dirty?: { readonly value: boolean; readonly reason?: string };
  readonly current?: Rid;
  readonly orphaned?: boolean;
  /** Forgets earlier system failures. */
  readonly resetFailures?: boolean;
}
