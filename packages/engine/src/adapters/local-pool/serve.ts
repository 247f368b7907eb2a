import { AlmanacError } from "../../core/errors.ts";
import type { Rid } from "../../core/identity/rid.ts";
import type { Clock } from "../../ports/clock.ts";
import type { FolderRunner, RunResult } from "../../ports/folder-runner.ts";
import type { ProcessTrees } from "../../ports/process-tree.ts";
import type { FromWorker, ToWorker } from "./protocol.ts";

/** After a computation that needed more than this the worker ends, so that its memory goes back to the system. */
const retireBytes = 768 * 1024 * 1024;

/** Milliseconds between two reports of progress of one computation; the newest is what counts. */
const progressMs = 100;

/** What a worker is made of. */
export interface WorkerParts {
  readonly run: FolderRunner;
  readonly trees: Pick<ProcessTrees, "end">;
  readonly clock: Clock;
}

type RunMessage = Extract<ToWorker, { kind: "run" }>;

/**
 * Serves as a worker of the local pool: runs what the controller sends, one at a time, in order, until the control
 * pipe closes. Then it ends whatever it runs, and itself.
 */
export function serveLocalPool(parts: WorkerParts): void {
  new Worker(parts).serve();
}

class Worker {
  readonly #parts: WorkerParts;
  readonly #waiting: RunMessage[] = [];
  #running: { readonly message: RunMessage; readonly abort: AbortController } | undefined;
  /** Aborted with what failed outside of the computation that runs. */
  #crash: AbortController | undefined;
  /** True once this process must not start anything more. */
  #spoilt = false;

  constructor(parts: WorkerParts) {
    this.#parts = parts;
  }

  serve(): void {
    process.on("message", (message: ToWorker) => this.#receive(message));
    process.on("disconnect", () => this.#end());
    // What a computation left behind (a timer, a promise nobody awaits) failed: the process cannot be trusted any more.
    for (const event of ["uncaughtException", "unhandledRejection"])
      process.on(event, (error: unknown) => {
        this.#spoilt = true;
        if (this.#crash === undefined) throw error;
        this.#crash.abort(error);
      });
  }

  #receive(message: ToWorker): void {
    if (message.kind === "run") {
      this.#waiting.push(message);
      if (this.#running === undefined) this.#next();
    } else if (this.#running?.message.rid === message.rid) {
      this.#running.abort.abort(new AlmanacError(message.code, message.reason));
    }
  }

  #next(): void {
    const message = this.#waiting.shift();
    if (message === undefined) return;
    const abort = new AbortController();
    this.#running = { message, abort };
    const crash = new AbortController();
    this.#crash = crash;
    this.#parts
      .run({
        folder: message.folder,
        projectFolder: message.projectFolder,
        signal: abort.signal,
        crashed: crash.signal,
        started: (worker) =>
          send({ kind: "started", rid: message.rid, at: this.#now(), ...(worker && { worker }) }),
        progress: throttled(message.rid),
      })
      .then(
        (result) => this.#finished(message.rid, result),
        (error: unknown) => {
          // A bug of ours: the process ends with it, and the controller sees a lost worker.
          this.#crash = undefined;
          throw error;
        },
      );
  }

  #finished(rid: Rid, result: RunResult): void {
    this.#running = undefined;
    this.#crash = undefined;
    if (result.kind === "taken") send({ kind: "taken", rid });
    else {
      const { kind: _, ...told } = result;
      if (told.resources.peakMemoryBytes > retireBytes && told.resources.measured === "self")
        this.#spoilt = true;
      send(
        { kind: "finished", rid, at: this.#now(), ...told },
        this.#spoilt ? () => process.exit(0) : undefined,
      );
    }
    if (!this.#spoilt) this.#next();
  }

  /** The controller is gone: ends the computation with everything that it started, and this process. */
  #end(): void {
    const marker = this.#running?.message.folder;
    void this.#parts.trees
      .end({ pid: process.pid, ...(marker === undefined ? {} : { marker }) }, { graceMs: 0 })
      .finally(() => process.exit(0));
  }

  #now(): string {
    return this.#parts.clock.now();
  }
}

/** Sends unless the control pipe is closed: then this process is about to end. */
function send(message: FromWorker, sent?: () => void): void {
  if (process.connected) process.send?.(message, undefined, undefined, () => sent?.());
}

/** Reports progress at once, then at most every 100 ms; the text and fraction given last are never lost for long. */
function throttled(rid: Rid): (progress: { readonly fraction?: number; readonly text?: string }) => void {
  let last = Number.NEGATIVE_INFINITY;
  let timer: NodeJS.Timeout | undefined;
  let latest: { readonly fraction?: number; readonly text?: string } = {};
  const report = (): void => {
    timer = undefined;
    last = performance.now();
    send({ kind: "progress", rid, ...latest });
  };
  return (progress) => {
    latest = { ...latest, ...progress };
    const wait = last + progressMs - performance.now();
    if (wait <= 0) report();
    else {
      timer ??= setTimeout(report, wait);
      timer.unref();
    }
  };
}
