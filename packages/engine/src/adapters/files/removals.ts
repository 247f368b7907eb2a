import { Worker } from "node:worker_threads";
import type { RemovalAnswer, RemovalRequest } from "./removal-thread.ts";
import { type Removal, removeFragment } from "./remove-fragment.ts";

/** Removals until a thread is worth its start. */
const removedHere = 16;

/** Someone who waits for a removal. */
interface Waiting {
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
}

/**
 * Removes fragments. Removing one waits for the disk a dozen times; when there are many, a thread of their own does it,
 * so that the rest of publishing goes on.
 */
export class Removals {
  #count = 0;
  #thread: Worker | undefined;
  readonly #waiting = new Map<number, Waiting>();

  /** Removes one; absent: no effect. @throws Node's own errors of the file system */
  async remove(removal: Removal): Promise<void> {
    this.#count += 1;
    if (this.#count <= removedHere) return removeFragment(removal);
    const thread = (this.#thread ??= this.#start());
    const request: RemovalRequest = { ...removal, number: this.#count };
    await new Promise<void>((resolve, reject) => {
      this.#waiting.set(request.number, { resolve, reject });
      // The process may end only while nobody waits.
      thread.ref();
      thread.postMessage(request);
    });
  }

  #start(): Worker {
    const extension = import.meta.url.endsWith(".ts") ? "ts" : "js";
    const program = new URL(`./removal-thread.${extension}`, import.meta.url);
    // Nothing of what this process was started with concerns it.
    const thread = new Worker(program, { execArgv: [] });
    thread.on("message", ({ number, error }: RemovalAnswer) => {
      const waiting = this.#waiting.get(number);
      this.#waiting.delete(number);
      if (this.#waiting.size === 0) thread.unref();
      if (error === undefined) waiting?.resolve();
      else waiting?.reject(Object.assign(new Error(error.message), { code: error.code }));
    });
    thread.on("error", (error) => this.#fail(error));
    return thread;
  }

  /** The thread is gone: whoever waits is told, and the next removal starts another. */
  #fail(error: unknown): void {
    const waiting = [...this.#waiting.values()];
    this.#waiting.clear();
    this.#thread = undefined;
    for (const { reject } of waiting) reject(error);
  }
}
