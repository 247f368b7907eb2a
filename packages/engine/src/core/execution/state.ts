import { AlmanacError } from "../errors.ts";

/** Every state of an execution, in the order of a life without trouble. */
export const executionStates = [
  "created",
  "initializing",
  "pending",
  "running",
  "completed",
  "publishing",
  "published",
  "failed",
  "aborted",
] as const;

/** The one word for where an execution stands; there is no other boolean for it. */
export type ExecutionState = (typeof executionStates)[number];

/** From each state, the states that may follow. */
export const nextStates = {
  created: ["initializing", "aborted", "failed"],
  initializing: ["pending", "failed", "aborted"],
  pending: ["running", "failed", "aborted"],
  running: ["completed", "failed", "aborted"],
  completed: ["publishing", "failed", "aborted"],
  publishing: ["published", "failed"],
  published: [],
  failed: ["publishing", "aborted"],
  aborted: [],
} as const satisfies Record<ExecutionState, readonly ExecutionState[]>;

/** Whether trying again can help: `system` may succeed, `diagnostic` will not with the same inputs and code. */
export type FailureClass = "system" | "diagnostic";

/** Who changed a state: the person, the worker that computed, or recovery after a crash. */
export type Actor = "user" | "controller" | "worker" | "recovery";

/** One entry of an execution's history. */
export interface StateChange {
  readonly from: ExecutionState | undefined;
  readonly to: ExecutionState;
  /** UTC, ISO 8601 with milliseconds. */
  readonly at: string;
  readonly message: string;
  readonly actor: Actor;
}

/** True if the table allows the change. */
export function mayFollow(from: ExecutionState, to: ExecutionState): boolean {
  return (nextStates[from] as readonly ExecutionState[]).includes(to);
}

/**
 * Checks a change against the table.
 * @throws TRANSITION_REFUSED naming both states
 */
// allow-parameters: whose state, from where and to where are told in this order everywhere
export function requireTransition(rid: string, from: ExecutionState, to: ExecutionState): void {
  if (mayFollow(from, to)) return;
  throw new AlmanacError("TRANSITION_REFUSED", `execution ${rid} is ${from} and cannot become ${to}`, {
    hint: `almanac executions show ${rid}`,
    facts: { rid, from, to },
  });
}
