import type { OutputCapture } from "../ports/output-capture.ts";
import { filesLeft } from "./files-left.ts";
import type { Computation, Computed, WorkerPorts } from "./worker-ports.ts";
import { writeBundles } from "./write-bundles.ts";

/** A function to be called as a computation, in this process. */
export interface FunctionCall {
  readonly call: () => unknown;
  /** What the function prints goes to the log of the execution. */
  readonly capture: OutputCapture;
  readonly trees: WorkerPorts["trees"];
  /** True in a process that does nothing else. */
  readonly isolated: boolean;
  /** Aborts when nobody waits for the function any longer; its reason is the error. */
  readonly givenUp: AbortSignal;
}

/**
 * Calls a function as a computation: measured, its prints captured, ended by its signal; then writes the bundles of what
 * it left.
 * @throws what the function throws
 */
export async function callFunction(computation: Computation, call: FunctionCall): Promise<Computed> {
  const { folder, collected, signal } = computation;
  const begin = performance.now();
  // Before anybody is told: whoever then watches this process must not see the peak of an earlier computation.
  const watch = call.trees.watchSelf({ marker: folder.path, isolated: call.isolated });
  computation.begin(undefined);
  const output = (bytes: Uint8Array | string): void => folder.log(bytes);
  try {
    await Promise.race([call.capture(output, async () => call.call()), rejection(call.givenUp)]);
  } catch (error) {
    // A function that heeds its signal throws something of its own; why it was aborted says more.
    signal.throwIfAborted();
    throw error;
  } finally {
    const used = await watch.finish();
    computation.used({ ...used, wallSeconds: (performance.now() - begin) / 1000 });
  }
  signal.throwIfAborted();
  if (collected.verdict !== undefined) throw collected.verdict;
  const bundles = writeBundles(folder, collected);
  const left = filesLeft(computation, bundles);
  if (left.length > 0) folder.log(`WARN not registered, so not kept: ${left.join(", ")}\n`);
  return { bundles };
}

/** Rejects with the reason of a signal once it aborts. */
function rejection(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    const stop = (): void => reject(signal.reason as Error);
    if (signal.aborted) stop();
    else signal.addEventListener("abort", stop, { once: true });
  });
}
