import type { ErrorCode } from "../../core/errors.ts";
import type { Failure, ResourceUse } from "../../core/execution/outcome.ts";
import type { Owner } from "../../core/execution/record.ts";
import type { Rid } from "../../core/identity/rid.ts";

/** What the controller tells a worker. */
export type ToWorker =
  | { readonly kind: "run"; readonly rid: Rid; readonly folder: string; readonly projectFolder: string }
  | { readonly kind: "cancel"; readonly rid: Rid; readonly code: ErrorCode; readonly reason: string };

/** What a worker tells the controller. */
export type FromWorker =
  /** `worker` is there when the computation is a process of its own: a command line. */
  | { readonly kind: "started"; readonly rid: Rid; readonly at: string; readonly worker?: Owner }
  | { readonly kind: "progress"; readonly rid: Rid; readonly fraction?: number; readonly text?: string }
  | {
      readonly kind: "finished";
      readonly rid: Rid;
      readonly at: string;
      readonly failure?: Failure;
      readonly resources: ResourceUse;
    }
  /** Another worker, or the controller, has taken the folder. */
  | { readonly kind: "taken"; readonly rid: Rid };
