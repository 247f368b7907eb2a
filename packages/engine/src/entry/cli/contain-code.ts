import { writeSync } from "node:fs";
import { AlmanacError } from "../../core/errors.ts";
import type { OutputCapture } from "../../ports/output-capture.ts";

const leftOpen =
  "error[EXECUTION_LOST]: the code ended the whole process (process.exit); nothing of its run was published\n" +
  "  to do: return or throw instead; almanac publish records the run as failed\n";

/**
 * Keeps code of people, while it runs in the process of a command, from ending the command unseen. An error outside of all
 * that the code awaits fails the run, as does waiting for what can never come; `process.exit` is told, with exit code 4.
 * @param cancelled aborted once a person has cancelled the run: the command then ends the process itself, whatever the code does
 */
export function containCode(capture: OutputCapture, cancelled: AbortSignal): OutputCapture {
  return (sink, run) =>
    capture(sink, async () => {
      using stray = strayErrors(cancelled);
      return await Promise.race([run(), stray.first]);
    });
}

function strayErrors(cancelled: AbortSignal): Disposable & { readonly first: Promise<never> } {
  const { promise, reject } = Promise.withResolvers<never>();
  const stuck = (): void =>
    reject(
      new AlmanacError("DIAGNOSTIC_FAILED", "the code waits for something that can never come", {
        hint: "settle the promise that it awaits: nothing is left that could do it",
      }),
    );
  const exits = (): void => {
    if (cancelled.aborted) return;
    // The streams are captured, and nothing asynchronous is done any more.
    writeSync(2, leftOpen);
    process.exitCode = 4;
  };
  process.on("unhandledRejection", reject);
  process.on("uncaughtException", reject);
  process.on("beforeExit", stuck);
  process.on("exit", exits);
  return {
    first: promise,
    [Symbol.dispose]: () => {
      process.off("unhandledRejection", reject);
      process.off("uncaughtException", reject);
      process.off("beforeExit", stuck);
      process.off("exit", exits);
    },
  };
}
