import type { Limits } from "../core/execution/limits.ts";
import type { Failure, ResourceUse } from "../core/execution/outcome.ts";
import type { Owner } from "../core/execution/record.ts";
import type { Rid } from "../core/identity/rid.ts";

/** One computation handed to an executor; everything else is in the folder's `execution.json`. */
export interface Job {
  readonly rid: Rid;
  /** Absolute scratch folder of the execution. */
  readonly folder: string;
  /** Absolute folder that input paths and module paths are relative to. */
  readonly projectFolder: string;
  readonly limits: Limits;
}

/** What an executor tells while it works; results are read from the folder. */
export type ExecutorEvent =
  | { readonly kind: "started"; readonly rid: Rid; readonly at: string; readonly worker: Owner }
  | { readonly kind: "progress"; readonly rid: Rid; readonly fraction?: number; readonly text?: string }
  /** The computation is over and no process of it is left. `failure` says why when it could not write an outcome. */
  | {
      readonly kind: "finished";
      readonly rid: Rid;
      readonly at: string;
      readonly failure?: Failure;
      readonly resources?: ResourceUse;
    };

/** What an executor can do. */
export interface ExecutorCapabilities {
  readonly name: string;
  /** Goes on when the controller ends. */
  readonly detached: boolean;
  /** Computations at once. */
  readonly parallelism: number;
  /** Enforces memory limits. */
  readonly memoryLimit: boolean;
}

/** Runs computations. Never opens the catalog. Events arrive in order per execution; `finished` exactly once each. */
export interface Executor {
  readonly capabilities: ExecutorCapabilities;
  /** Accepts a job; resolves once it is queued. */
  submit(job: Job): Promise<void>;
  /** All events until `close`. One consumer. */
  events(): AsyncIterable<ExecutorEvent>;
  /** Ends a job with its process group; `finished` follows. Unknown or finished: no effect. */
  cancel(rid: Rid, reason: string): Promise<void>;
  /**
   * Takes a job back that nobody has begun; `finished` follows, with INTERRUPTED.
   * @returns false if it has begun, has finished or is unknown: then nothing changes
   */
  withdraw(rid: Rid, reason: string): Promise<boolean>;
  /** Ends everything that still runs, then the event stream. Idempotent. */
  close(): Promise<void>;
}
