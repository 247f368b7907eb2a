import { Defect, isAlmanacError } from "../core/errors.ts";
import type { SolverDefinition } from "../core/execution/definition.ts";
import { executionFiles, type Failure } from "../core/execution/outcome.ts";
import type { Owner } from "../core/execution/record.ts";
import type { ExecutionState } from "../core/execution/state.ts";
import type { Rid } from "../core/identity/rid.ts";
import { writeDefinition } from "../documents/definition.ts";
import type { Clock } from "../ports/clock.ts";
import type { EventSink } from "../ports/events.ts";
import type { Transition } from "../ports/execution-catalog.ts";
import type { Executor, ExecutorEvent } from "../ports/executor.ts";
import type { BringInputs } from "./bring-inputs.ts";
import type { TransitionQueue } from "./catalog-queue.ts";
import { failureOf } from "./computation-failure.ts";
import type { RunControl } from "./run-control.ts";

/** How one execution ended. */
export interface ExecutionEnd {
  readonly rid: Rid;
  readonly state: ExecutionState;
  readonly failure?: Failure;
}

/** What running needs of the outside. */
export interface RunPorts {
  readonly executor: Executor;
  /** The executor's events; one iterator for all runs with this executor. */
  readonly events: AsyncIterator<ExecutorEvent>;
  readonly transitions: TransitionQueue;
  /** Writes one durable file of a scratch folder, making the folder. @returns the folder */
  readonly prepare: (
    fragment: string,
    file: { readonly name: string; readonly text: string },
  ) => Promise<string>;
  /** Brings inputs that no worker could find into the folder. */
  readonly bring: BringInputs;
  /** Decides and stores how a finished computation ends, publishing it if it went well. */
  readonly settle: (finished: FinishedComputation) => Promise<ExecutionEnd>;
  readonly clock: Clock;
  readonly emit: EventSink;
  readonly projectFolder: string;
}

/** A computation whose processes are gone. */
export interface FinishedComputation {
  readonly definition: SolverDefinition;
  readonly startedAt: string | undefined;
  readonly finishedAt: string;
  readonly failure: Failure | undefined;
  /** True when the person cancelled it. */
  readonly cancelled: boolean;
  readonly event: Extract<ExecutorEvent, { kind: "finished" }>;
}

/** Jobs handed to the executor beyond those that compute, so that no worker waits for the controller. */
const queuedPerWorker = 4;

/** Of these, jobs for each worker that are handed over at once: they share a commit. */
const submittedTogether = 2;

/**
 * Runs recorded executions and settles each: writes its folder, submits it, follows its events. Executions that were
 * not submitted when `stop` aborts end as interrupted, so that the next solve runs them.
 */
export async function runExecutions(
  definitions: readonly SolverDefinition[],
  { ports, control }: { ports: RunPorts; control: RunControl },
): Promise<readonly ExecutionEnd[]> {
  if (definitions.length === 0) return [];
  const run = new Run(definitions, { ports, control });
  return run.finish();
}

/** The state of one run: what waits, what is in flight, what has ended. */
class Run {
  private readonly waiting: SolverDefinition[];
  private readonly inFlight = new Map<Rid, { definition: SolverDefinition; startedAt: string | undefined }>();
  private readonly ends: ExecutionEnd[] = [];
  /** Ended early because the person asked for it. */
  private readonly interrupted = new Set<Rid>();
  private readonly settling = new Set<Promise<void>>();
  private failure: Error | undefined;
  private readonly total: number;
  private readonly ports: RunPorts;
  private readonly control: RunControl;

  constructor(
    definitions: readonly SolverDefinition[],
    { ports, control }: { ports: RunPorts; control: RunControl },
  ) {
    this.waiting = [...definitions].reverse();
    this.total = definitions.length;
    this.ports = ports;
    this.control = control;
  }

  async finish(): Promise<readonly ExecutionEnd[]> {
    const cancelAll = (): void => this.cancel([...this.inFlight.keys()]);
    const stopWaiting = (): void => {
      this.track(this.interruptWaiting());
      this.track(this.endQueued());
    };
    this.control.cancel.addEventListener("abort", cancelAll);
    this.control.stop.addEventListener("abort", stopWaiting);
    try {
      if (this.control.stop.aborted) await this.interruptWaiting();
      await this.fill();
      if (!this.done()) await this.follow();
      await this.drain();
    } finally {
      this.control.cancel.removeEventListener("abort", cancelAll);
      this.control.stop.removeEventListener("abort", stopWaiting);
    }
    if (this.failure !== undefined) throw this.failure;
    return this.ends;
  }

  /** Takes back what the executor holds and has not begun. What has begun, told or not, is left to finish. */
  private async endQueued(): Promise<void> {
    for (const rid of this.inFlight.keys()) {
      this.interrupted.add(rid);
      if (!(await this.ports.executor.withdraw(rid, "interrupted")) && !this.control.cancel.aborted)
        this.interrupted.delete(rid);
    }
  }

  /** Asks the executor to end these; each then finishes as interrupted. */
  private cancel(rids: readonly Rid[]): void {
    for (const rid of rids) {
      this.interrupted.add(rid);
      this.ports.executor.cancel(rid, "interrupted").catch((error: unknown) => this.note(error));
    }
  }

  /** Follows the events until every execution has ended. */
  private async follow(): Promise<void> {
    while (!this.done()) {
      // A batch of which none could be submitted is followed by the next.
      while (this.inFlight.size === 0 && this.waiting.length > 0 && !this.control.stop.aborted)
        await this.fill();
      if (this.inFlight.size === 0) break;
      const next = await this.ports.events.next();
      if (next.done === true) break;
      this.handle(next.value);
      if (next.value.kind === "finished") await this.fill();
    }
  }

  private done(): boolean {
    return this.failure !== undefined || (this.waiting.length === 0 && this.inFlight.size === 0);
  }

  private handle(event: ExecutorEvent): void {
    const flight = this.inFlight.get(event.rid);
    if (flight === undefined) return;
    if (event.kind === "progress") this.ports.emit({ ...event, kind: "execution.progress" });
    else if (event.kind === "started") {
      flight.startedAt = event.at;
      this.track(this.started(event));
      this.tell(flight.definition, { state: "running", message: "" });
    } else {
      this.inFlight.delete(event.rid);
      this.track(this.settle(event, flight));
    }
  }

  /** A start that comes after somebody else has ended the execution changes nothing. */
  private async started(event: Extract<ExecutorEvent, { kind: "started" }>): Promise<void> {
    try {
      await this.ports.transitions.pushSoon(started(event));
    } catch (error) {
      if (!isAlmanacError(error, "CONFLICT", "TRANSITION_REFUSED")) throw error;
    }
  }

  private async settle(
    event: Extract<ExecutorEvent, { kind: "finished" }>,
    flight: { definition: SolverDefinition; startedAt: string | undefined },
  ): Promise<void> {
    const end = await this.settleOr(aborted(event.rid), {
      ...flight,
      finishedAt: event.at,
      failure: event.failure,
      cancelled: this.interrupted.has(event.rid),
      event,
    });
    this.ends.push(end);
    this.tell(flight.definition, { state: end.state, message: end.failure?.message ?? "" });
  }

  /** Somebody else may have ended the execution meanwhile (cancelled, superseded): that is its end then. */
  private async settleOr(otherwise: ExecutionEnd, finished: FinishedComputation): Promise<ExecutionEnd> {
    try {
      return await this.ports.settle(finished);
    } catch (error) {
      if (!isAlmanacError(error, "CONFLICT", "TRANSITION_REFUSED")) throw error;
      return otherwise;
    }
  }

  /** Submits until enough are queued. Folders are written in parallel, their changes of state committed together. */
  private async fill(): Promise<void> {
    const { executor } = this.ports;
    const { parallelism } = executor.capabilities;
    const room = parallelism * (1 + queuedPerWorker) - this.inFlight.size;
    // One at a time would make each submission wait for a commit of its own.
    if (this.control.stop.aborted || room < parallelism * submittedTogether) return;
    const batch: SolverDefinition[] = [];
    while (batch.length < room && this.waiting.length > 0) batch.push(this.waiting.pop() as SolverDefinition);
    for (const definition of batch) this.inFlight.set(definition.rid, { definition, startedAt: undefined });
    await Promise.all(batch.map((definition) => this.submit(definition)));
  }

  private async submit(definition: SolverDefinition): Promise<void> {
    const { ports } = this;
    const folder = await ports.prepare(definition.fragment, {
      name: executionFiles.definition,
      text: writeDefinition(definition),
    });
    const at = ports.clock.now();
    const step = (from: ExecutionState, to: ExecutionState): Transition => ({
      rid: definition.rid,
      from,
      to,
      at,
      message: "",
      actor: "controller",
    });
    await ports.transitions.push(step("created", "initializing"), step("initializing", "pending"));
    const failure = await this.bringInputs(definition, folder);
    if (this.control.stop.aborted) return this.endUnsubmitted(definition.rid);
    if (failure !== undefined) return this.endWithoutInputs(definition, failure);
    await ports.executor.submit({
      rid: definition.rid,
      folder,
      projectFolder: ports.projectFolder,
      limits: definition.limits,
    });
  }

  /** @returns why inputs cannot be brought */
  private async bringInputs(definition: SolverDefinition, folder: string): Promise<Failure | undefined> {
    const { stop, cancel } = this.control;
    try {
      await this.ports.bring(definition, { folder, signal: AbortSignal.any([stop, cancel]) });
      return undefined;
    } catch (error) {
      return failureOf(error);
    }
  }

  /** Ends as one does whose worker finds no input. */
  private async endWithoutInputs(definition: SolverDefinition, failure: Failure): Promise<void> {
    const { rid } = definition;
    this.inFlight.delete(rid);
    const at = this.ports.clock.now();
    await this.settle({ kind: "finished", rid, at, failure }, { definition, startedAt: undefined });
  }

  /** The person stopped the run while this one was being prepared. */
  private async endUnsubmitted(rid: Rid): Promise<void> {
    this.inFlight.delete(rid);
    await this.ports.transitions.push(interrupted(rid, { from: "pending", at: this.ports.clock.now() }));
    this.ends.push({ rid, state: "aborted" });
  }

  private async interruptWaiting(): Promise<void> {
    const left = this.waiting.splice(0);
    const at = this.ports.clock.now();
    await Promise.all(
      left.map(async ({ rid }) => {
        await this.ports.transitions.push(interrupted(rid, { from: "created", at }));
        this.ends.push({ rid, state: "aborted" });
      }),
    );
  }

  private tell(
    definition: SolverDefinition,
    { state, message }: { state: ExecutionState; message: string },
  ): void {
    const name = `${definition.provider.slug}/${definition.diagnostic.slug}/${definition.group.key}`;
    this.ports.emit({
      kind: "execution.state",
      rid: definition.rid,
      name,
      state,
      message,
      ended: this.ends.length,
      total: this.total,
    });
  }

  private track(work: Promise<void>): void {
    const tracked: Promise<void> = work
      .catch((error: unknown) => this.note(error))
      .finally(() => this.settling.delete(tracked));
    this.settling.add(tracked);
  }

  /** The first failure of the controller itself ends the run; it is thrown once what is settling has settled. */
  private note(error: unknown): void {
    this.failure ??= error instanceof Error ? error : new Defect(String(error));
  }

  private async drain(): Promise<void> {
    while (this.settling.size > 0) await Promise.all(this.settling);
  }
}

function started(event: Extract<ExecutorEvent, { kind: "started" }>): Transition {
  const { rid, at, worker } = event;
  return { rid, from: "pending", to: "running", at, message: "", actor: "worker", worker };
}

/** The change that ends an execution which the person interrupted. */
export function interrupted(
  rid: Rid,
  { from, at, owner }: { from: ExecutionState; at: string; owner?: Owner | null },
): Transition {
  return {
    rid,
    from,
    to: "aborted",
    at,
    message: "interrupted",
    actor: "user",
    abortReason: "interrupted",
    ...(owner === undefined ? {} : { owner }),
  };
}

function aborted(rid: Rid): ExecutionEnd {
  return { rid, state: "aborted" };
}
