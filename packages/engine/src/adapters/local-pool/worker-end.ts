import type { Failure } from "../../core/execution/outcome.ts";
import { type Ending, type Flight, type PoolWorker, systemFailure } from "./flight.ts";
import type { WorkerEvents } from "./worker-process.ts";

/** How a worker ended, with the processes of it that could not be. */
export interface WorkerEnd {
  readonly worker: PoolWorker;
  readonly how: Parameters<WorkerEvents["exit"]>[0];
  readonly left: readonly number[];
}

/** Why a computation ended with its worker: what the pool ended it for, else how the worker went. */
export function failureOfEnd({ ending }: Flight, { how, left }: WorkerEnd): Failure {
  const cause = how.signal === null ? `with exit code ${how.code}` : `by ${how.signal}`;
  const hanging = left.length === 0 ? "" : `; processes ${left.join(", ")} could not be ended`;
  const lost: Ending = { code: "EXECUTION_LOST", reason: `the worker process was ended ${cause}` };
  const { code, reason } = ending ?? lost;
  return systemFailure(code, reason + hanging);
}
