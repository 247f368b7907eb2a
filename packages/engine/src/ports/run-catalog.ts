import type { InputDataset, RunDefinition } from "../core/execution/definition.ts";
import type { Outcome } from "../core/execution/outcome.ts";
import type { Owner } from "../core/execution/record.ts";
import type { ExecutionState } from "../core/execution/state.ts";
import type { Rid } from "../core/identity/rid.ts";
import type { InputAsset } from "../core/records/asset.ts";
import type { WorkflowIdentity } from "../core/records/workflow.ts";
import type { UsedInputs } from "./value-catalog.ts";

/** An input of a run: an asset of the catalog, or, without RID, a file that becomes one. */
export type NewInput = Omit<InputAsset, "rid" | "place"> & { readonly rid?: Rid };

/** RIDs that recording a run has given. */
export interface RunRids {
  readonly execution: Rid;
  readonly workflow: Rid;
  /** Of the inputs, in their order. */
  readonly assets: readonly Rid[];
  /** First of those set aside. */
  readonly reserved: Rid;
}

/** A run to record. */
export interface NewRun {
  readonly workflow: WorkflowIdentity;
  readonly inputs: readonly NewInput[];
  readonly parent?: { readonly rid: Rid; readonly sequence?: number };
  /** RIDs to set aside for records that the computation makes. */
  readonly reserve: number;
  readonly parametersDigest: string;
  /** Finishes the definition once the RIDs are known: pure, called inside the transaction. */
  readonly define: (rids: RunRids) => RunDefinition;
}

/** A recorded run with what there is to say about it. */
export interface RecordedRun {
  readonly definition: RunDefinition;
  /** Such as a workflow that is known under another name. */
  readonly remarks: readonly string[];
}

/** An execution related to another by nesting. */
export interface NestedExecution {
  readonly rid: Rid;
  readonly state: ExecutionState;
  readonly description: string;
  readonly sequence: number | undefined;
  /** 1 for the direct ones. */
  readonly depth: number;
}

/** Recorded runs and how they contain each other. */
export interface RunCatalog {
  /**
   * Records a run in state `created` with its workflow, its inputs and its place in a parent, in one transaction.
   * @throws UNKNOWN_NAME when the parent or an input asset is not there
   */
  record(run: NewRun, owner: Owner | undefined): Promise<RecordedRun>;
  /**
   * Makes an asset an input of a run that goes on; twice is once.
   * @throws UNKNOWN_NAME when there is no such execution or asset
   */
  addInput(execution: Rid, asset: Rid): Promise<void>;
  /**
   * Makes a dataset an input of a run that goes on, after those it began with; twice is once. Its definition stays.
   * @throws UNKNOWN_NAME when there is no such execution
   */
  addInputDataset(execution: Rid, dataset: InputDataset): Promise<void>;
  /**
   * Records a run that another catalog recorded and that failed, with its RID where that is free.
   * @param run.used inputs that it took while it went on
   * @returns false when it is known already
   */
  adopt(run: {
    readonly definition: RunDefinition;
    readonly outcome: Outcome;
    readonly used?: UsedInputs;
  }): Promise<boolean>;
  /**
   * Makes runs of another catalog parts of what their definitions say they were parts of; links that are there stay.
   * @returns those whose whole is not here
   */
  rejoin(parts: readonly RunDefinition[]): Promise<readonly RunDefinition[]>;
  /**
   * Makes an execution part of another; again with another sequence changes that.
   * @throws UNKNOWN_NAME, NESTING_INVALID when it would contain itself
   */
  nest(parts: { readonly parent: Rid; readonly child: Rid; readonly sequence?: number }): Promise<void>;
  /** Parts of an execution in sequence order, those without one last; recursive: each once. */
  children(rid: Rid, recursive: boolean): Promise<readonly NestedExecution[]>;
  /** What an execution is part of. */
  parents(rid: Rid, recursive: boolean): Promise<readonly NestedExecution[]>;
  /** Gives an execution another description. @throws UNKNOWN_NAME */
  describe(rid: Rid, description: string): Promise<void>;
}
