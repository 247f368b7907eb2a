import type { TreeWatch, WatchOptions } from "../../ports/process-tree.ts";
import type { Ending, Flight } from "./flight.ts";

/** What the pool does for limits. */
export interface LimitParts {
  /** Milliseconds that the worker has to end the computation by itself. */
  readonly patienceMs: number;
  /** Measures the processes of the computation. */
  readonly watch: (options: WatchOptions) => TreeWatch;
  /** Ends the worker. */
  readonly exceeded: (ending: Ending) => void;
}

/** A timer of Node.js cannot be set for longer. */
const longestTimerMs = 2 ** 31 - 1;

/** A backstop for what a worker itself cannot enforce while a function keeps it busy. */
export function enforceLimits(flight: Flight, { patienceMs, watch, exceeded }: LimitParts): void {
  const { timeoutSeconds, memoryBytes } = flight.job.limits;
  if (timeoutSeconds !== undefined) {
    const reason = `the computation passed its time limit of ${timeoutSeconds} s`;
    const ms = timeoutSeconds * 1000 + patienceMs;
    if (ms <= longestTimerMs) flight.timers.push(setTimeout(() => exceeded({ code: "TIMEOUT", reason }), ms));
  }
  if (memoryBytes === undefined || flight.isCommand) return;
  flight.watch = watch({
    memoryBytes,
    exceeded: (bytes) => {
      const reason = `the computation used ${mebibytes(bytes)} MiB, its limit is ${mebibytes(memoryBytes)} MiB`;
      exceeded({ code: "MEMORY_LIMIT", reason });
    },
  });
}

function mebibytes(bytes: number): number {
  return Math.round(bytes / 1024 / 1024);
}
