import type { Action, ActionRecord, Output } from "./action.ts";
import type { CodeFacts } from "./code-facts.ts";
import type { Shape } from "./reading.ts";

/** Something that happened to a step and is not an action. */
export interface StepMark {
  /** ISO 8601, UTC. */
  readonly at: string;
  readonly message: string;
}

/** What the store remembers, as decisions read it. Nothing here waits: the store has read its index before. */
export interface StepHistory {
  /** Every set of paths that runs of a step have read, newest first. */
  shapes(step: string): readonly Shape[];
  action(key: string): Action | undefined;
  /** The action that the step's names point at. */
  current(step: string): Action | undefined;
  /** The action of an ordinal. */
  at(ordinal: number): Action;
  /** True if its step's names point at the action of an ordinal. */
  isCurrent(ordinal: number): boolean;
  /** Actions of a step, newest first. */
  recent(step: string, limit: number): readonly Action[];
  /** Those of them with an own digest. */
  withOwn(step: string, own: string): readonly Action[];
  record(action: Action): ActionRecord;
  /** The failure of a step since its latest action. */
  failure(step: string): StepMark | undefined;
  /** Its invalidation since its latest action. */
  invalidation(step: string): StepMark | undefined;
  code(digest: string): CodeFacts | undefined;
  /** The product saved from outside under a name. */
  saved(product: string): Output | undefined;
  /** The code that a step's code counts as, after changes that were accepted. */
  acceptedCode(step: string, code: string): string;
  /** True if the bytes of an output seem to be there; they are verified when loaded. */
  holds(output: Output): boolean;
}
