import { parentPort } from "node:worker_threads";
import { type Removal, removeFragment } from "./remove-fragment.ts";

/** A fragment to remove, numbered for its answer. */
export interface RemovalRequest extends Removal {
  readonly number: number;
}

/** The fragment is gone, or why it is not. */
export interface RemovalAnswer {
  readonly number: number;
  readonly error?: { readonly code: string | undefined; readonly message: string };
}

function answer({ number, ...removal }: RemovalRequest): RemovalAnswer {
  try {
    removeFragment(removal);
    return { number };
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    return { number, error: { code: (error as NodeJS.ErrnoException).code, message: error.message } };
  }
}

// allow-import-work: the program of a thread
parentPort?.on("message", (request: RemovalRequest) => parentPort?.postMessage(answer(request)));
