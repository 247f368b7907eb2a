import type { ErrorCode } from "../../core/errors.ts";
import { signatureOf } from "../../core/execution/failure-signature.ts";
import type { Failure, ResourceUse } from "../../core/execution/outcome.ts";
import type { Job } from "../../ports/executor.ts";
import type { TreeWatch } from "../../ports/process-tree.ts";
import type { WorkerProcess } from "./worker-process.ts";

/** A worker of the pool and the jobs it has been sent, the one that it computes first. */
export interface PoolWorker {
  readonly process: WorkerProcess;
  readonly held: Set<Flight>;
  /** Told anything yet: a program that never does cannot be used. */
  spoke: boolean;
  /** When what it computes began, on the monotonic clock; undefined while it computes nothing. */
  busySince: number | undefined;
}

/** Why the pool ends a computation. */
export interface Ending {
  readonly code: ErrorCode;
  readonly reason: string;
}

/** A job on its way, from submission to `finished`. */
export interface Flight {
  readonly job: Job;
  /** Workers that have been sent it; whoever takes its folder first computes it. */
  readonly holders: Set<PoolWorker>;
  computedBy: PoolWorker | undefined;
  /** Set once the pool has decided to end it. */
  ending: Ending | undefined;
  startedMs: number;
  /** How a worker ended that had been sent it and may have taken its folder, before it said that it computes. */
  lost: Failure | undefined;
  /** A process of its own, which its worker can end without ending itself. */
  isCommand: boolean;
  timers: NodeJS.Timeout[];
  watch: TreeWatch | undefined;
}

/** A job that nobody has yet. */
export function newFlight(job: Job): Flight {
  return {
    job,
    holders: new Set(),
    computedBy: undefined,
    ending: undefined,
    startedMs: 0,
    lost: undefined,
    isCommand: false,
    timers: [],
    watch: undefined,
  };
}

/** A failure of the system with its signature. */
export function systemFailure(code: ErrorCode, message: string): Failure {
  return { class: "system", code, message, signature: signatureOf("system", code, message) };
}

/** Stops the clocks and the watch of a flight. @returns what its process tree used, where it was watched */
export function settle(flight: Flight): ResourceUse | undefined {
  for (const timer of flight.timers) clearTimeout(timer);
  const used = flight.watch?.stop();
  flight.watch = undefined;
  return used && { ...used, wallSeconds: (performance.now() - flight.startedMs) / 1000 };
}
