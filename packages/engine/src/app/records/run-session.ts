import { AlmanacError } from "../../core/errors.ts";
import type { RunContext } from "../../core/execution/run-context.ts";
import type { RunFunction } from "./compute-function.ts";
import type { RunReport } from "./run-once.ts";

/** A recorded run that goes on until it is told that it is over. */
export interface OpenRun extends AsyncDisposable {
  /** What the code of the run works with. */
  readonly execution: RunContext;
  /** Ends the computation well, and publishes what it left. Again: the same report. */
  complete(): Promise<RunReport>;
  /** Ends the computation as failed. */
  fail(error: unknown): Promise<RunReport>;
  /** Gives the run up. */
  abort(reason: string): Promise<RunReport>;
  /** A run that is left without having been ended is given up; one that has ended stays as it is. */
  [Symbol.asyncDispose](): Promise<void>;
}

/** Starts a run whose code is the function given; the signal ends it. */
export type StartRun = (run: RunFunction, signal: AbortSignal) => Promise<RunReport>;

/**
 * Opens a run between explicit start and end.
 * @returns once its inputs are there and its computation has begun
 * @throws what keeps the run from being recorded; AlmanacError of the failure when its inputs cannot be had
 */
export async function openRun(start: StartRun): Promise<OpenRun> {
  const began = Promise.withResolvers<RunContext>();
  const over = Promise.withResolvers<void>();
  const given = new AbortController();
  const report = start((execution) => {
    began.resolve(execution);
    return over.promise;
  }, given.signal);
  // A run that ends before its code has begun has failed at its inputs, or could not be recorded.
  report.then(({ failure }) => began.reject(neverBegan(failure?.message)), began.reject);
  const execution = await began.promise;
  let ended = false;
  const end = (how: () => void): Promise<RunReport> => {
    if (!ended) how();
    ended = true;
    return report;
  };
  const abort = (reason: string): Promise<RunReport> =>
    end(() => given.abort(new AlmanacError("INTERRUPTED", reason)));
  return {
    execution,
    complete: () => end(() => over.resolve()),
    fail: (error) => end(() => over.reject(error)),
    abort,
    [Symbol.asyncDispose]: async () => {
      await abort("left without having been completed");
    },
  };
}

function neverBegan(why: string | undefined): AlmanacError {
  return new AlmanacError("FILE_MISSING", `the run could not begin: ${why ?? "it was cancelled"}`, {
    hint: "almanac executions list --provider runs",
  });
}
