import type { InputDataset, Selector } from "../execution/definition.ts";
import type { Rid } from "../identity/rid.ts";

/** Why a candidate runs. */
export type RunCode =
  | "new"
  | "datasets-changed"
  | "parameters-changed"
  | "dirty"
  | "rerun-failed"
  | "interrupted";

/** Why a candidate does not run. */
export type SkipCode =
  | "up-to-date"
  | "in-progress"
  | "failed"
  | "cancelled"
  | "retries-exhausted"
  | "restored"
  | "unpublished"
  | "unsubmitted"
  | "shadowed"
  | "not-begun"
  | "one-per-provider"
  | "one-per-diagnostic"
  | "limit";

/** A reason as data: its code and the facts behind it. */
export interface Reason {
  readonly code: RunCode | SkipCode;
  /** One sentence for people. */
  readonly message: string;
  /** Dataset ids, added, removed and replaced, where datasets changed. */
  readonly added?: readonly string[];
  readonly removed?: readonly string[];
  readonly replaced?: readonly string[];
  /** The execution the reason speaks of. */
  readonly execution?: Rid;
}

/** Files and facts of a candidate's datasets, by requirement, in catalog order. */
export type PinnedInputs = readonly InputDataset[];

/**
 * One decision about one candidate that survived all constraints.
 * `unpublished` (publish it), `unsubmitted` (submit that one) and `restored` (make it current) are skips that the use
 * case acts upon; nothing is computed anew for them except the submission of the recorded one.
 */
export interface Decision {
  readonly provider: string;
  readonly providerVersion: string;
  readonly diagnostic: string;
  readonly version: number;
  /** Index of the requirement set it came from. */
  readonly set: number;
  readonly key: string;
  readonly selectorDigest: string;
  /** Requirement name → selector. */
  readonly selectors: Readonly<Record<string, Selector>>;
  readonly decision: "run" | "skip";
  readonly reasons: readonly [Reason, ...Reason[]];
  /** The group, when it has been recorded. */
  readonly group?: Rid;
  /** Dataset ids by requirement name; sorted, unique. */
  readonly datasets: Readonly<Record<string, readonly string[]>>;
  readonly fingerprint: string;
  readonly compatHash: string;
}

/** Groups that a step of a requirement removed: the unsatisfied part of a plan, as counts. */
export interface UnsatisfiedCount {
  readonly provider: string;
  readonly diagnostic: string;
  readonly set: number;
  /** Requirement name. */
  readonly requirement: string;
  /** The step that removed them, such as `filter variable_id`, `requireContiguousTimerange`, `partner`. */
  readonly step: string;
  /** Number of candidates it removed (rows for a filter that leaves nothing: 1). */
  readonly groups: number;
}

/** A diagnostic that could not be solved at all. */
export interface SolveError {
  readonly provider: string;
  readonly diagnostic: string;
  readonly message: string;
}

/** What the solver returns: run and skip in full, unsatisfied as counts. */
export interface Plan {
  /** Revision of the catalog it was made from. */
  readonly revision: number;
  readonly decisions: readonly Decision[];
  readonly unsatisfied: readonly UnsatisfiedCount[];
  readonly errors: readonly SolveError[];
  /** Candidates that dataset filters hid. */
  readonly hidden: number;
  /** Groups in the history that no candidate stands for any more. */
  readonly orphaned: readonly Rid[];
}
