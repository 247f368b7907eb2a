import { AlmanacError, isAlmanacError } from "../../core/errors.ts";
import type { Failure, ResourceUse } from "../../core/execution/outcome.ts";
import type { Rid } from "../../core/identity/rid.ts";
import type { Clock } from "../../ports/clock.ts";
import { EventQueue } from "../../ports/event-queue.ts";
import type { ExecutionFolders } from "../../ports/execution-folder.ts";
import type { Executor, ExecutorCapabilities, ExecutorEvent, Job } from "../../ports/executor.ts";
import type { ProcessTrees } from "../../ports/process-tree.ts";
import { enforceLimits } from "./enforce-limits.ts";
import { type Ending, type Flight, newFlight, type PoolWorker, settle, systemFailure } from "./flight.ts";
import type { FromWorker } from "./protocol.ts";
import { failureOfEnd, type WorkerEnd } from "./worker-end.ts";
import { startWorker, type WorkerEvents, type WorkerProgram } from "./worker-process.ts";

/** What the pool is made of. */
export interface LocalPoolParts {
  readonly worker: WorkerProgram;
  /** Number of worker processes, ≥ 1. */
  readonly jobs: number;
  readonly trees: ProcessTrees;
  readonly folders: ExecutionFolders;
  readonly clock: Clock;
  /** Milliseconds a computation has to end itself before it is killed. */
  readonly graceMs: number;
}

/** Jobs a worker holds: the one it computes, and two it goes on with while the controller is busy elsewhere. */
const heldPerWorker = 3;

/** After so long with one job, what else a worker holds is offered to an idle one. */
const offerMs = 50;

/** Workers that may end before saying anything, one after the other, until the pool gives up. */
const failedStarts = 3;

type Started = Extract<FromWorker, { kind: "started" }>;
type Finished = Extract<FromWorker, { kind: "finished" }>;

/**
 * A pool of long-lived worker processes on this machine. Each is its own process group; a computation that must be
 * ended is ended with everything that it started, and a fresh worker takes the place of one that had to go with it.
 */
export function createLocalExecutor(parts: LocalPoolParts): Executor {
  return new LocalExecutor(parts);
}

class LocalExecutor implements Executor {
  readonly capabilities: ExecutorCapabilities;
  readonly #parts: LocalPoolParts;
  readonly #events = new EventQueue<ExecutorEvent>();
  /** Submitted and not finished. */
  readonly #flights = new Map<Rid, Flight>();
  #pending: Flight[] = [];
  readonly #workers = new Set<PoolWorker>();
  #silentExits = 0;
  #offer: NodeJS.Timeout | undefined;
  #closing: Promise<void> | undefined;
  #idle: (() => void) | undefined;

  constructor(parts: LocalPoolParts) {
    this.#parts = parts;
    this.capabilities = { name: "local", detached: false, parallelism: parts.jobs, memoryLimit: true };
  }

  async submit(job: Job): Promise<void> {
    if (this.#closing !== undefined) throw new AlmanacError("INTERRUPTED", "the executor is closed");
    const flight = newFlight(job);
    this.#flights.set(job.rid, flight);
    this.#pending.push(flight);
    this.#assign();
  }

  events(): AsyncIterable<ExecutorEvent> {
    return this.#events;
  }

  async cancel(rid: Rid, reason: string): Promise<void> {
    const flight = this.#flights.get(rid);
    if (flight !== undefined) this.#end(flight, { code: "INTERRUPTED", reason });
  }

  async withdraw(rid: Rid, reason: string): Promise<boolean> {
    const flight = this.#flights.get(rid);
    if (flight === undefined || flight.computedBy !== undefined || flight.ending !== undefined) return false;
    return this.#takeBack(flight, { code: "INTERRUPTED", reason });
  }

  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #close(): Promise<void> {
    for (const flight of [...this.#flights.values()])
      this.#end(flight, { code: "INTERRUPTED", reason: "the executor was closed" });
    while (this.#flights.size > 0) await this.#change();
    clearTimeout(this.#offer);
    for (const { process } of this.#workers) process.release();
    const late = setTimeout(() => {
      for (const worker of this.#workers) this.#kill(worker);
    }, this.#parts.graceMs);
    while (this.#workers.size > 0) await this.#change();
    clearTimeout(late);
    this.#events.end();
  }

  /** Resolves when a flight or a worker has gone. */
  #change(): Promise<void> {
    return new Promise((resolve) => {
      this.#idle = resolve;
    });
  }

  // Giving out work

  /** Gives waiting jobs to idle workers, then to new ones, then to busy ones as their next. */
  #assign(): void {
    while (this.#pending.length > 0) {
      const worker = this.#freeWorker();
      if (worker === undefined) return;
      const flight = this.#pending.shift();
      if (flight !== undefined) this.#give(flight, worker);
    }
    this.#offerHeld();
  }

  #freeWorker(): PoolWorker | undefined {
    let least: PoolWorker | undefined;
    for (const worker of this.#workers)
      if (least === undefined || worker.held.size < least.held.size) least = worker;
    if (least?.held.size === 0) return least;
    if (this.#workers.size < this.#parts.jobs) return this.#start();
    return least !== undefined && least.held.size < heldPerWorker ? least : undefined;
  }

  #give(flight: Flight, worker: PoolWorker): void {
    const { rid, folder, projectFolder } = flight.job;
    flight.holders.add(worker);
    worker.held.add(flight);
    worker.process.send({ kind: "run", rid, folder, projectFolder });
  }

  /** Offers what a long-busy worker holds to idle ones too; the folder goes to whoever takes it first. */
  #offerHeld(): void {
    clearTimeout(this.#offer);
    const idle = [...this.#workers].filter((worker) => worker.held.size === 0);
    if (this.#pending.length > 0) return;
    const vacant = idle.length + this.#parts.jobs - this.#workers.size;
    const stuck = [...this.#flights.values()].filter(
      ({ computedBy, holders }) => computedBy === undefined && holders.size === 1,
    );
    if (vacant === 0 || stuck.length === 0) return;
    const isLong = ({ holders }: Flight): boolean =>
      [...holders].every(
        ({ busySince }) => busySince !== undefined && performance.now() - busySince >= offerMs,
      );
    const offered = stuck.filter(isLong).slice(0, vacant);
    for (const flight of offered) this.#give(flight, idle.pop() ?? this.#start());
    if (offered.length < stuck.length) this.#offer = setTimeout(() => this.#offerHeld(), offerMs);
  }

  #start(): PoolWorker {
    const events: WorkerEvents = {
      message: (message) => this.#told(worker, message),
      exit: (how) => {
        this.#exited(worker, how).catch((error: unknown) => this.#failAll(error));
      },
    };
    const started = startWorker(this.#parts.worker, { trees: this.#parts.trees, events });
    const worker: PoolWorker = { process: started, held: new Set(), spoke: false, busySince: undefined };
    this.#workers.add(worker);
    return worker;
  }

  // What workers tell

  #told(worker: PoolWorker, message: FromWorker): void {
    worker.spoke = true;
    this.#silentExits = 0;
    const flight = this.#flights.get(message.rid);
    if (message.kind === "progress") {
      if (flight?.computedBy === worker) this.#events.push(message);
    } else if (message.kind === "started") {
      if (flight !== undefined) this.#started(flight, { worker, message });
    } else {
      this.#returned(worker, message);
    }
  }

  #started(flight: Flight, { worker, message }: { worker: PoolWorker; message: Started }): void {
    flight.computedBy = worker;
    flight.startedMs = performance.now();
    worker.busySince = flight.startedMs;
    this.#events.push({
      kind: "started",
      rid: message.rid,
      at: message.at,
      worker: message.worker ?? worker.process.owner,
    });
    flight.isCommand = message.worker !== undefined;
    this.#limit(flight, worker);
    if (flight.ending !== undefined) this.#endComputing(flight, worker);
    this.#offerHeld();
  }

  #limit(flight: Flight, worker: PoolWorker): void {
    const root = { pid: worker.process.owner.pid, marker: flight.job.folder };
    enforceLimits(flight, {
      patienceMs: this.#patienceMs(flight),
      watch: (options) => this.#parts.trees.watch(root, options),
      exceeded: (ending) => this.#killFor(flight, { worker, ending }),
    });
  }

  #returned(worker: PoolWorker, message: Finished | Extract<FromWorker, { kind: "taken" }>): void {
    const flight = [...worker.held].find(({ job }) => job.rid === message.rid);
    if (flight === undefined) return;
    flight.holders.delete(worker);
    worker.held.delete(flight);
    if (message.kind === "finished") {
      worker.busySince = undefined;
      const resources = settle(flight) ?? message.resources;
      this.#finish(flight, { resources, ...(message.failure && { failure: message.failure }) });
    } else if (flight.holders.size === 0 && this.#flights.has(message.rid)) {
      const taken = systemFailure("EXECUTION_LOST", "another process has taken its folder");
      this.#finish(flight, { failure: flight.lost ?? taken });
    }
    this.#assign();
  }

  /** A worker is gone: ends what it left, finishes what it computed, gives what else it held to others. */
  async #exited(worker: PoolWorker, how: Parameters<WorkerEvents["exit"]>[0]): Promise<void> {
    this.#workers.delete(worker);
    const computing = [...worker.held].find(({ computedBy }) => computedBy === worker);
    const used = computing && settle(computing);
    const root = { pid: worker.process.owner.pid, ...(computing && { marker: computing.job.folder }) };
    const left = await this.#parts.trees.end(root, { graceMs: 0 });
    for (const flight of worker.held) flight.holders.delete(worker);
    const end = { worker, how, left };
    if (computing !== undefined) this.#lose(computing, { end, used });
    const begun = [...worker.held].filter((flight) => this.#mayHaveBegun(flight));
    for (const flight of begun) {
      flight.lost ??= failureOfEnd(flight, end);
      if (flight.holders.size === 0) this.#lose(flight, { end, used: undefined });
    }
    const orphans = [...worker.held].filter(
      ({ job, holders }) => holders.size === 0 && this.#flights.has(job.rid),
    );
    // One that took a folder did start, whatever ended it then.
    const started = worker.spoke || begun.length > 0;
    if (!started && ++this.#silentExits >= failedStarts) this.#giveUp(worker, [...orphans, ...this.#pending]);
    else this.#pending.unshift(...orphans);
    this.#assign();
    this.#idle?.();
  }

  /** Its folder is taken, and nobody has said that it computes: the worker that is gone may have been about to. */
  #mayHaveBegun({ job, computedBy }: Flight): boolean {
    return computedBy === undefined && this.#flights.has(job.rid) && this.#parts.folders.isTaken(job.folder);
  }

  /** Finishes what ended with its worker: a failure, unless it had written its outcome before. */
  #lose(
    flight: Flight,
    { end, used }: { readonly end: WorkerEnd; readonly used: ResourceUse | undefined },
  ): void {
    const { folders, clock } = this.#parts;
    const { folder } = flight.job;
    const failure = folders.hasOutcome(folder) ? undefined : failureOfEnd(flight, end);
    if (failure !== undefined) {
      const words = end.worker.process.lastWords();
      const line = `${clock.now()} ERROR ${failure.code}: ${failure.message}`;
      folders.closeLog(folder, words === "" ? line : `${words}\n${line}`);
    }
    this.#finish(flight, { ...(failure && { failure }), ...(used && { resources: used }) });
  }

  #giveUp(worker: PoolWorker, flights: readonly Flight[]): void {
    this.#pending = [];
    const words = worker.process.lastWords();
    const why = `the worker program does not start${words === "" ? "" : `: ${words}`}`;
    for (const flight of flights)
      this.#finish(flight, { failure: systemFailure("ENVIRONMENT_INVALID", why) });
  }

  // Ending

  /** Ends a job wherever it is. What nobody computes yet is taken away from all workers at once. */
  #end(flight: Flight, ending: Ending): void {
    if (flight.ending !== undefined) return;
    if (flight.computedBy === undefined && this.#takeBack(flight, ending)) return;
    flight.ending = ending;
    if (flight.computedBy !== undefined) this.#endComputing(flight, flight.computedBy);
  }

  /** Finishes a job that no worker has begun. @returns false if one was faster */
  #takeBack(flight: Flight, ending: Ending): boolean {
    if (!this.#takeFolder(flight, ending)) return false;
    this.#finish(flight, { failure: systemFailure(ending.code, ending.reason) });
    return true;
  }

  /** Takes the folder, so that no worker ever will. @returns false if a worker was faster */
  #takeFolder({ job }: Flight, { code, reason }: Ending): boolean {
    try {
      const folder = this.#parts.folders.take(job.folder);
      folder?.log(`${this.#parts.clock.now()} ERROR ${code}: ${reason}, before it started\n`);
      folder?.close();
      return folder !== undefined;
    } catch (error) {
      // Without a folder, or space for a log, no worker can take it either.
      if (isAlmanacError(error, "FILE_MISSING", "DISK_FULL")) return true;
      throw error;
    }
  }

  /** Asks the worker to end what it computes, and ends the worker if that does not help. */
  #endComputing(flight: Flight, worker: PoolWorker): void {
    const { code, reason } = flight.ending as Ending;
    worker.process.send({ kind: "cancel", rid: flight.job.rid, code, reason });
    flight.timers.push(setTimeout(() => this.#kill(worker), this.#patienceMs(flight)));
  }

  /** Milliseconds a computation gets to end before its worker is ended: a command is killed by its worker first. */
  #patienceMs({ isCommand }: Flight): number {
    return isCommand ? 2 * this.#parts.graceMs + 1000 : this.#parts.graceMs;
  }

  #killFor(flight: Flight, { worker, ending }: { worker: PoolWorker; ending: Ending }): void {
    flight.ending ??= ending;
    this.#kill(worker);
  }

  #kill({ process, held }: PoolWorker): void {
    const computing = [...held].find(({ computedBy }) => computedBy?.process === process);
    this.#parts.trees
      .end({ pid: process.owner.pid, ...(computing && { marker: computing.job.folder }) }, { graceMs: 0 })
      .catch((error: unknown) => this.#failAll(error));
  }

  #finish(
    flight: Flight,
    { failure, resources }: { readonly failure?: Failure; readonly resources?: ResourceUse },
  ): void {
    settle(flight);
    const { rid } = flight.job;
    this.#flights.delete(rid);
    if (flight.computedBy === undefined)
      this.#pending = this.#pending.filter((pending) => pending !== flight);
    const at = this.#parts.clock.now();
    this.#events.push({
      kind: "finished",
      rid,
      at,
      ...(failure && { failure }),
      ...(resources && { resources }),
    });
    this.#idle?.();
  }

  /** Something of the pool itself failed: nothing is left unanswered. */
  #failAll(error: unknown): void {
    const why = error instanceof Error ? error.message : String(error);
    for (const flight of [...this.#flights.values()])
      this.#finish(flight, { failure: systemFailure("EXECUTION_LOST", `the pool failed: ${why}`) });
  }
}
