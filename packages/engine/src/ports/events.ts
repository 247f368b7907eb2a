import type { ExecutionState } from "../core/execution/state.ts";
import type { Rid } from "../core/identity/rid.ts";

/** Progress as data: what use cases tell while they work. Command line and logs present it. */
export type Event =
  | {
      readonly kind: "ingest.progress";
      readonly seen: number;
      readonly opened: number;
      readonly invalid: number;
    }
  | {
      readonly kind: "import.progress";
      readonly file: string;
      readonly rows: number;
      readonly invalid: number;
    }
  | { readonly kind: "finalise.progress"; readonly opened: number; readonly total: number }
  | { readonly kind: "solve.planned"; readonly run: number; readonly skip: number }
  | {
      readonly kind: "execution.state";
      readonly rid: Rid;
      readonly name: string;
      readonly state: ExecutionState;
      readonly message: string;
      /** Executions of this run that have ended, and how many it has. */
      readonly ended: number;
      readonly total: number;
    }
  | {
      readonly kind: "execution.progress";
      readonly rid: Rid;
      readonly fraction?: number;
      readonly text?: string;
    }
  | {
      readonly kind: "transfer.progress";
      /** `download`: from elsewhere; `seal`: read to take digests; `copy`: from scratch to results. */
      readonly phase: "download" | "seal" | "copy";
      /** The execution it is done for. */
      readonly rid?: Rid;
      /** The file at work: a URL, or a path inside the execution's folder. */
      readonly file: string;
      /** Of all files of this phase together: bytes moved so far, and those of files that are in place. */
      readonly doneBytes: number;
      /** Of all files of this phase together; absent: nobody knows. */
      readonly totalBytes?: number;
    }
  | { readonly kind: "warning"; readonly code: string; readonly message: string };

/** Takes events. Must not throw and must not block. */
export type EventSink = (event: Event) => void;
