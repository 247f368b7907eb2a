import { availableParallelism } from "node:os";
import { AlmanacError } from "../../core/errors.ts";
import type { HeaderReader, HeaderResult } from "../../ports/header-reader.ts";
import { type Answer, HeaderWorker } from "./header-worker.ts";
import { PathFeed } from "./path-feed.ts";

/** How the pool works. */
export interface HeaderPoolOptions {
  /** File of the worker's program, which calls `serveHeaders`. */
  readonly program: string;
  /** Worker processes at most; two or the number of cores, whichever is less, when absent. */
  readonly workers?: number;
  /** Longest time for one file; 60 s when absent. @units ms */
  readonly fileLimitMs?: number;
}

/** What came of one batch: results, and paths to be tried each by itself. */
interface Round {
  readonly results: readonly HeaderResult[];
  readonly again: readonly string[];
}

/**
 * Reads headers in worker processes. They start when the first file is to be opened. A worker that dies or takes too long
 * is replaced; its files are tried again one by one, and the file that ends a worker by itself is invalid.
 */
export class HeaderPool implements HeaderReader {
  readonly #options: Required<HeaderPoolOptions>;
  readonly #idle: HeaderWorker[] = [];
  readonly #busy = new Set<HeaderWorker>();

  constructor(options: HeaderPoolOptions) {
    this.#options = { workers: Math.min(2, availableParallelism()), fileLimitMs: 60_000, ...options };
  }

  async *read(paths: Iterable<string>, signal: AbortSignal): AsyncGenerator<HeaderResult> {
    const feed = new PathFeed(paths);
    const running = new Map<symbol, Promise<{ readonly key: symbol } & Round>>();
    const onAbort = (): void => this.#killBusy();
    signal.addEventListener("abort", onAbort);
    try {
      for (;;) {
        refuseAborted(signal);
        this.#start(feed, running);
        if (running.size === 0) return;
        const { key, results, again } = await Promise.race(running.values());
        running.delete(key);
        refuseAborted(signal);
        feed.giveBack(again);
        this.#start(feed, running);
        yield* results;
      }
    } finally {
      signal.removeEventListener("abort", onAbort);
      // A reader that stops early leaves workers in the middle of files that nobody waits for.
      if (running.size > 0) this.#killBusy();
    }
  }

  async close(): Promise<void> {
    this.#killBusy();
    for (const worker of this.#idle.splice(0)) worker.kill();
  }

  #start(feed: PathFeed, running: Map<symbol, Promise<{ readonly key: symbol } & Round>>): void {
    while (running.size < this.#options.workers) {
      const batch = feed.take();
      if (batch === undefined) return;
      const key = Symbol("round");
      running.set(
        key,
        this.#round(batch).then((round) => ({ key, ...round })),
      );
    }
  }

  async #round(batch: readonly string[]): Promise<Round> {
    const worker = this.#idle.pop() ?? new HeaderWorker(this.#options.program);
    this.#busy.add(worker);
    const answer = await worker.ask(batch, this.#options.fileLimitMs);
    const wanted = this.#busy.delete(worker);
    if (answer.kind === "reply" && !answer.reply.last && wanted) this.#idle.push(worker);
    else worker.kill();
    return outcome(batch, answer);
  }

  #killBusy(): void {
    for (const worker of this.#busy) worker.kill();
    this.#busy.clear();
  }
}

function outcome(batch: readonly string[], answer: Answer): Round {
  if (answer.kind === "reply") return { results: answer.reply.results, again: [] };
  const [path = ""] = batch;
  if (batch.length > 1) return { results: [], again: batch };
  const reason = `ended the process that read it (${answer.reason})`;
  return { results: [{ ok: false, path, code: "FILE_INVALID", reason }], again: [] };
}

function refuseAborted(signal: AbortSignal): void {
  if (signal.aborted)
    throw new AlmanacError("INTERRUPTED", "interrupted while files were opened", { cause: signal.reason });
}
