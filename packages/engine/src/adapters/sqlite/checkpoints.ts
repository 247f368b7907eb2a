import { statSync } from "node:fs";
import { Worker } from "node:worker_threads";

/** Growth of the log from which it is taken over into the catalog file. @units bytes */
const worthTaking = 16 * 1024 * 1024;

/** Size of the log from which a writer waits for that, which otherwise would let it grow without end. @units bytes */
const mostWaiting = 256 * 1024 * 1024;

/**
 * Takes the write-ahead log over into the catalog file, in a thread of its own: what is in the log is as durable, so that
 * no commit has to wait for it.
 */
export class Checkpoints {
  readonly #file: string;
  #running: Promise<void> | undefined;
  /** Size of the log when it was last taken over: a reader may have kept it from starting anew. */
  #taken = 0;

  /** @param file the catalog; its connections leave checkpoints to this, and cut the log when it starts anew */
  constructor(file: string) {
    this.#file = file;
  }

  /** Looks how long the log has become. Call it after each commit. */
  async afterCommit(): Promise<void> {
    const size = statSync(`${this.#file}-wal`, { throwIfNoEntry: false })?.size ?? 0;
    if (size < this.#taken) this.#taken = 0;
    if (size - this.#taken >= worthTaking) this.#running ??= this.#take(size);
    if (size >= mostWaiting) await this.#running;
  }

  /** Waits for what is under way. */
  async end(): Promise<void> {
    await this.#running;
  }

  async #take(size: number): Promise<void> {
    const extension = import.meta.url.endsWith(".ts") ? "ts" : "js";
    const program = new URL(`./checkpoint-thread.${extension}`, import.meta.url);
    // Nothing of what this process was started with concerns it.
    const thread = new Worker(program, { execArgv: [], workerData: this.#file });
    // One that fails leaves the log as it is, for the next and for the end of the last connection.
    thread.on("error", () => {});
    await new Promise((resolve) => thread.once("exit", resolve));
    this.#taken = size;
    this.#running = undefined;
  }
}
