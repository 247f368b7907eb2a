import type { Action, Named, Output } from "./action.ts";
import { changedFrom } from "./changes.ts";
import type { CodeFacts } from "./code-facts.ts";
import type { StepHistory } from "./history.ts";
import { keyOf, ownDigest, type StepFacts } from "./key.ts";
import type { Reading, Shape } from "./reading.ts";
import type { Reason } from "./reason.ts";
import type { ConfigurationReader } from "./seen.ts";
import type { Step } from "./step.ts";

/** What is to be done about a step. */
export type Decision =
  /** Its products are on record under the present key. */
  | { readonly kind: "hit"; readonly action: Action }
  | { readonly kind: "run"; readonly reasons: readonly Reason[] }
  /** It runs only if one of these requirements, which run first, comes out different. */
  | { readonly kind: "if-changed"; readonly waitsFor: readonly string[] }
  /** An input that has not been saved. */
  | { readonly kind: "missing" };

/** Everything that decides about one step. */
export interface DecisionInput {
  readonly step: Step;
  readonly facts: StepFacts;
  readonly codeFacts: CodeFacts | undefined;
  readonly read: ConfigurationReader;
  /** Readings of `uses`; undefined when reads are watched. */
  readonly declared: readonly Reading[] | undefined;
  /** Output digest of a requirement, given with its place among them; undefined while it is not known. */
  readonly digest: (product: string, at: number) => string | undefined;
  readonly forced: boolean;
  readonly history: StepHistory;
}

/**
 * The one decision about a step, for plans and for builds: the same input gives the same answer. A step whose requirements
 * are all known is a hit or runs.
 */
export function decide(input: DecisionInput): Decision {
  const { step, facts, history } = input;
  if (step.kind === "input") return decideInput(step, history);
  if (step.produces.length === 0) return { kind: "run", reasons: [{ code: "no-product" }] };
  if (input.forced) return { kind: "run", reasons: [{ code: "forced" }] };
  if (facts.unfollowed.length > 0)
    return { kind: "run", reasons: [{ code: "always-stale", unfollowed: facts.unfollowed }] };
  if (step.options.freshness === "existence") {
    const current = history.current(facts.name);
    if (current !== undefined && hasAll(current, step)) return { kind: "hit", action: current };
  }
  return decideByKey(input);
}

function hasAll({ outputs }: Action, { produces }: Step): boolean {
  return produces.every((name) => outputs.some(({ product }) => product === name));
}

function decideInput(step: Step, history: StepHistory): Decision {
  const product = step.produces[0] ?? "";
  const saved = history.saved(product);
  return saved === undefined
    ? { kind: "missing" }
    : { kind: "hit", action: { key: `saved:${saved.digest}`, outputs: [saved], ordinal: -1 } };
}

function decideByKey(input: DecisionInput): Decision {
  const { step, facts, history } = input;
  const requires: Named[] = [];
  const pending: string[] = [];
  for (const [at, product] of step.requires.entries()) {
    const digest = input.digest(product, at);
    if (digest === undefined) pending.push(product);
    else requires.push([product, digest]);
  }
  for (const readings of possibleReadings(input)) {
    const own = ownDigest(facts, readings);
    if (pending.length === 0) {
      const action = history.action(keyOf(own, requires));
      if (action !== undefined) return { kind: "hit", action };
    } else if (history.withOwn(facts.name, own).some((action) => agrees(history, action, requires)))
      return { kind: "if-changed", waitsFor: pending };
  }
  return { kind: "run", reasons: reasonsToRun(input, requires, pending) };
}

/** What the step may have read in earlier runs, with what is there now. */
function possibleReadings({
  declared,
  facts,
  read,
  history,
}: DecisionInput): readonly (readonly Reading[])[] {
  if (declared !== undefined) return [declared];
  return history.shapes(facts.name).map((shape) => readShape(shape, read));
}

/** Reads the paths of a shape now. */
export function readShape(shape: Shape, read: ConfigurationReader): readonly Reading[] {
  return shape.map(([path, kind]) => [path, kind, read(path, kind)]);
}

// allow-parameters: what the action says is compared with the requirements that are known
function agrees(history: StepHistory, action: Action, known: readonly Named[]): boolean {
  const recorded = new Map(history.record(action).ingredients.requires);
  return known.every(([product, digest]) => recorded.get(product) === digest);
}

/** allow-parameters: the input, what is known of the requirements and what is not */
function reasonsToRun(
  input: DecisionInput,
  requires: readonly Named[],
  pending: readonly string[],
): readonly Reason[] {
  const { facts, history } = input;
  const failure = history.failure(facts.name);
  const failed: readonly Reason[] =
    failure === undefined ? [] : [{ code: "failed-last-time", message: failure.message, at: failure.at }];
  const current = history.current(facts.name);
  const invalidation = history.invalidation(facts.name);
  if (current === undefined)
    return invalidation === undefined
      ? [{ code: "first-time" }, ...failed]
      : [{ code: "invalidated", at: invalidation.at }, ...failed];
  const changes = changedFrom(history.record(current), { ...input, requires });
  const waits: readonly Reason[] =
    changes.length > 0 ? [] : pending.map((product) => ({ code: "requirement-runs", product }));
  const reasons = [...changes, ...waits, ...failed];
  return reasons.length > 0 ? reasons : [{ code: "declaration" }];
}

/** Why products of a recorded action cannot be had without running its step. */
export function unavailable(action: Action, history: StepHistory): readonly Reason[] {
  return action.outputs.filter((output) => !history.holds(output)).map((output) => reasonOfAbsence(output));
}

function reasonOfAbsence({ product, codec }: Output): Reason {
  return codec === "live" ? { code: "live", product } : { code: "output-missing", product };
}
