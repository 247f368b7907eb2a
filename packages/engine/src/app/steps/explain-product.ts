import type { Action } from "../../core/steps/action.ts";
import { changedFrom } from "../../core/steps/changes.ts";
import type { StepExplanation } from "../../core/steps/explanation.ts";
import type { Reason } from "../../core/steps/reason.ts";
import type { BuildContext } from "./build-context.ts";
import { type PlannedStep, planSteps, type StepPlan } from "./plan-steps.ts";
import { type RunnerSession, stepAt } from "./session.ts";

/** How many earlier runs of a step are compared, newest first, and how many requirements are followed. */
const mostCompared = 500;
const mostFollowed = 1000;

/**
 * Explains a product down to the root causes.
 * @param number the step that makes it
 */
export async function explainProduct(
  session: RunnerSession,
  product: string,
  { number }: { readonly number: number },
): Promise<StepExplanation> {
  const plan = await planSteps(session, [number], {});
  return explain(plan, { product, number });
}

type Growing = { -readonly [K in keyof StepExplanation]: StepExplanation[K] } & {
  because: StepExplanation[];
};

/** Follows requirements with a list of its own: chains may be long. Each step is told once. */
function explain(
  plan: StepPlan,
  first: { readonly product: string; readonly number: number },
): StepExplanation {
  const { session } = plan.context;
  const told = new Set<number>([first.number]);
  const root = explainOne(plan, first);
  const open: { readonly at: Growing; readonly number: number }[] = [{ at: root, number: first.number }];
  for (let next = open.pop(); next !== undefined && told.size < mostFollowed; next = open.pop()) {
    for (const product of causesOf(next.at)) {
      const number = session.graph.producers.get(product);
      if (number === undefined || told.has(number)) continue;
      told.add(number);
      const cause = explainOne(plan, { product, number });
      next.at.because.push(cause);
      open.push({ at: cause, number });
    }
  }
  return root;
}

/** Requirements that a step's reasons name; those of the run that made it, when it is up to date. */
function causesOf({ reasons, made, decision }: StepExplanation): readonly string[] {
  const named = (decision === "hit" ? (made?.reasons ?? []) : reasons).flatMap((reason: Reason) =>
    reason.code === "requirement" || reason.code === "requirement-runs" ? [reason.product] : [],
  );
  return named;
}

function explainOne(
  plan: StepPlan,
  { product, number }: { readonly product: string; readonly number: number },
): Growing {
  const { context, byNumber } = plan;
  const step = stepAt(context.session, number);
  const planned: PlannedStep | undefined = byNumber.get(number);
  const action = context.settled.get(number);
  const decision = planned?.decision ?? "hit";
  if (step.kind === "input" && decision === "hit")
    return { product, step: step.id, decision: "saved", reasons: [], because: [] };
  const waits: readonly Reason[] = (planned?.waitsFor ?? []).map((each) => ({
    code: "requirement-runs",
    product: each,
  }));
  const reasons = [...(planned?.reasons ?? []), ...waits];
  if (decision === "hit" && action !== undefined && isRecorded(action)) {
    const { provenance, key } = context.store.history.record(action);
    const { at, durationMs } = provenance;
    return {
      product,
      step: step.id,
      decision,
      reasons,
      made: { at, durationMs, key, reasons: provenance.reasons },
      because: [],
    };
  }
  const nearest = decision === "run" ? nearestRun(context, number) : undefined;
  return {
    product,
    step: step.id,
    decision,
    reasons,
    because: [],
    ...(nearest === undefined ? {} : { nearest }),
  };
}

/** The recorded run of a step that differs least from the present; of several the newest. */
function nearestRun(context: BuildContext, number: number): StepExplanation["nearest"] {
  const { store, session, read } = context;
  const { history } = store;
  const facts = context.facts(number);
  const present = {
    facts,
    codeFacts: session.code[number],
    read,
    declared: context.declared(number),
    requires: context.requires(number).filter(([, digest]) => digest !== ""),
    history,
  };
  let best: StepExplanation["nearest"];
  for (const action of history.recent(facts.name, mostCompared)) {
    const record = history.record(action);
    const differences = changedFrom(record, present);
    if (best === undefined || differences.length < best.differences.length)
      best = { at: record.provenance.at, key: action.key, differences };
    if (best.differences.length <= 1) break;
  }
  return best;
}

/** Saved products and items that were just made have no record; those of a shared store have. */
function isRecorded({ ordinal }: Action): boolean {
  return ordinal !== -1;
}
