import { AlmanacError } from "../../core/errors.ts";
import { signatureOf } from "../../core/execution/failure-signature.ts";
import type { Failure, ResourceUse } from "../../core/execution/outcome.ts";
import type { Owner } from "../../core/execution/record.ts";
import type { Rid } from "../../core/identity/rid.ts";
import type { Clock } from "../../ports/clock.ts";
import { EventQueue } from "../../ports/event-queue.ts";
import type { Executor, ExecutorCapabilities, ExecutorEvent, Job } from "../../ports/executor.ts";
import type { FolderRunner } from "../../ports/folder-runner.ts";

/** What the inline executor is made of. */
export interface InlineParts {
  /** The use case that runs one folder. */
  readonly run: FolderRunner;
  /** This process. */
  readonly owner: Owner;
  readonly clock: Clock;
}

const capabilities: ExecutorCapabilities = {
  name: "inline",
  detached: false,
  parallelism: 1,
  memoryLimit: false,
};

/**
 * Runs computations in this process, one at a time, in order of submission: for debugging. A command line is limited
 * and ended as everywhere; a function only as far as it heeds its signal, and its memory is not limited.
 */
export function createInlineExecutor(parts: InlineParts): Executor {
  return new InlineExecutor(parts);
}

function failed(code: "INTERRUPTED" | "EXECUTION_LOST", message: string): Failure {
  return { class: "system", code, message, signature: signatureOf("system", code, message) };
}

class InlineExecutor implements Executor {
  readonly capabilities = capabilities;
  readonly #parts: InlineParts;
  readonly #events = new EventQueue<ExecutorEvent>();
  readonly #waiting: Job[] = [];
  #running: { readonly rid: Rid; readonly abort: AbortController } | undefined;
  #loop: Promise<void> = Promise.resolve();
  #closed = false;

  constructor(parts: InlineParts) {
    this.#parts = parts;
  }

  async submit(job: Job): Promise<void> {
    if (this.#closed) throw new AlmanacError("INTERRUPTED", "the executor is closed");
    this.#waiting.push(job);
    this.#loop = this.#loop.then(() => this.#next());
  }

  events(): AsyncIterable<ExecutorEvent> {
    return this.#events;
  }

  async cancel(rid: Rid, reason: string): Promise<void> {
    if (await this.withdraw(rid, reason)) return;
    if (this.#running?.rid === rid) this.#running.abort.abort(new AlmanacError("INTERRUPTED", reason));
  }

  async withdraw(rid: Rid, reason: string): Promise<boolean> {
    const at = this.#waiting.findIndex((job) => job.rid === rid);
    if (at < 0) return false;
    this.#waiting.splice(at, 1);
    this.#finish(rid, { failure: failed("INTERRUPTED", reason) });
    return true;
  }

  async close(): Promise<void> {
    this.#closed = true;
    for (const { rid } of [...this.#waiting]) await this.cancel(rid, "the executor was closed");
    if (this.#running !== undefined) await this.cancel(this.#running.rid, "the executor was closed");
    await this.#loop;
    this.#events.end();
  }

  /** Runs the first waiting job, if it has not been cancelled meanwhile. */
  async #next(): Promise<void> {
    const job = this.#waiting.shift();
    if (job === undefined) return;
    const abort = new AbortController();
    this.#running = { rid: job.rid, abort };
    const result = await this.#parts.run({
      folder: job.folder,
      projectFolder: job.projectFolder,
      signal: abort.signal,
      crashed: new AbortController().signal,
      started: (worker = this.#parts.owner) =>
        this.#push({ kind: "started", rid: job.rid, at: this.#parts.clock.now(), worker }),
      progress: (progress) => this.#push({ kind: "progress", rid: job.rid, ...progress }),
    });
    this.#running = undefined;
    if (result.kind === "done") this.#finish(job.rid, result);
    else this.#finish(job.rid, { failure: failed("EXECUTION_LOST", "another process has taken its folder") });
  }

  #finish(
    rid: Rid,
    { failure, resources }: { readonly failure?: Failure; readonly resources?: ResourceUse },
  ): void {
    this.#push({
      kind: "finished",
      rid,
      at: this.#parts.clock.now(),
      ...(failure === undefined ? {} : { failure }),
      ...(resources === undefined ? {} : { resources }),
    });
  }

  #push(event: ExecutorEvent): void {
    this.#events.push(event);
  }
}
