import type { ExecutionDefinition } from "../core/execution/definition.ts";
import type { Outcome } from "../core/execution/outcome.ts";
import type { ExecutionState } from "../core/execution/state.ts";
import type { Transition } from "../ports/execution-catalog.ts";
import type { FragmentStore } from "../ports/fragment-store.ts";
import type { TransitionQueue } from "./catalog-queue.ts";
import { readOutcome } from "./read-outcome.ts";
import type { ExecutionEnd, FinishedComputation } from "./run-executions.ts";
import { interrupted } from "./run-executions.ts";

/** What settling needs of the outside. */
export interface SettlePorts {
  readonly scratch: FragmentStore;
  readonly transitions: TransitionQueue;
  /** Publishes a computed execution, or stores what a failed one leaves, and ends it in the catalog. */
  readonly publish: (ended: EndedExecution) => Promise<ExecutionEnd>;
}

/** An execution whose computation is over, as the catalog has it. */
export interface EndedExecution {
  readonly definition: ExecutionDefinition;
  /** State in the catalog: `completed` or `publishing` for a success, else the state it failed in. */
  readonly state: ExecutionState;
  readonly outcome: Outcome | undefined;
  /** What the executor says when there is no outcome. */
  readonly failure: FinishedComputation["failure"];
  readonly finishedAt: string;
}

/** A computation that is over. */
export interface ComputationToSettle
  extends Pick<FinishedComputation, "finishedAt" | "failure" | "cancelled"> {
  readonly definition: ExecutionDefinition;
  readonly startedAt?: string | undefined;
  /** State in the catalog; default: what the start says. */
  readonly from?: ExecutionState;
}

/**
 * Ends an execution whose computation is over: replays the states that the worker journaled, then publishes, or
 * records the failure. One that a person cancelled before it left an outcome is aborted and runs again.
 */
export async function settle(finished: ComputationToSettle, ports: SettlePorts): Promise<ExecutionEnd> {
  const { definition, failure, finishedAt } = finished;
  const outcome = await readOutcome(definition.fragment, ports.scratch);
  const from = finished.from ?? (finished.startedAt === undefined ? "pending" : "running");
  if (finished.cancelled && outcome?.result !== "ok") {
    await ports.transitions.push(interrupted(definition.rid, { from, at: finishedAt, owner: null }));
    return { rid: definition.rid, state: "aborted" };
  }
  const state = await replay({ definition, from, outcome, finishedAt }, ports.transitions);
  return ports.publish({ definition, state, outcome, failure, finishedAt });
}

/**
 * Brings the catalog to the state that the worker reached, with the worker's own times; of a success at once on to
 * `publishing`, which always follows.
 * @returns the state in the catalog
 */
export async function replay(
  {
    definition,
    from,
    outcome,
    finishedAt,
  }: {
    definition: ExecutionDefinition;
    from: ExecutionState;
    outcome: Outcome | undefined;
    finishedAt: string;
  },
  transitions: TransitionQueue,
): Promise<ExecutionState> {
  // What failed at its inputs has never begun.
  if (outcome === undefined || from === "initializing") return from;
  const at = (state: ExecutionState): string =>
    outcome.states.find((each) => each.state === state)?.at ?? finishedAt;
  const step = { rid: definition.rid, message: "", actor: "worker" } as const;
  const changes: Transition[] = [];
  if (from === "pending") changes.push({ ...step, from, to: "running", at: at("running") });
  const ended = outcome.result === "ok";
  if (ended)
    changes.push(
      {
        ...step,
        from: "running",
        to: "completed",
        at: at("completed"),
        resources: outcome.resources,
        worker: null,
        durations: { compute: outcome.resources.wallSeconds },
      },
      { ...step, actor: "controller", from: "completed", to: "publishing", at: finishedAt },
    );
  if (changes.length > 0) await transitions.pushSoon(...changes);
  return ended ? "publishing" : "running";
}
