import { type Decision, unavailable } from "../../core/steps/decide.ts";
import type { Reason } from "../../core/steps/reason.ts";
import { type BuildContext, type BuildOptions, beginBuild, settleHits } from "./build-context.ts";
import { type RunnerSession, stepAt } from "./session.ts";

/** What a build would do about one step. */
export interface PlannedStep {
  readonly step: string;
  readonly products: readonly string[];
  /** `if-changed`: it runs only if one of the requirements in `waitsFor`, which run first, comes out different. */
  readonly decision: "hit" | "run" | "if-changed" | "missing";
  readonly reasons: readonly Reason[];
  readonly waitsFor: readonly string[];
}

/** What a build would do, each step after those it needs; what is not needed because something later is a hit is left out. */
export interface StepPlan {
  readonly steps: readonly PlannedStep[];
  readonly context: BuildContext;
  /** By step number: what it would do and why. */
  readonly byNumber: ReadonlyMap<number, PlannedStep>;
}

/** Plans a build with the decisions that the build itself will take. @throws what looking up code and files throws */
export async function planSteps(
  session: RunnerSession,
  targets: readonly number[],
  options: BuildOptions,
): Promise<StepPlan> {
  const context = await beginBuild(session, targets, options);
  const decisions = settleHits(context);
  const byNumber = new Map<number, PlannedStep>();
  const open = targets.map((number) => ({ number, wanted: true }));
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const { number, wanted } = next;
    const planned = plannedStep(context, decisions.get(number), next);
    const known = byNumber.get(number);
    if (known !== undefined && (known.decision !== "hit" || planned.decision === "hit")) continue;
    byNumber.set(number, planned);
    if (planned.decision === "hit" || planned.decision === "missing") continue;
    const brought = wanted && planned.decision === "run";
    for (const need of session.graph.needs[number] ?? [])
      open.push({ number: need, wanted: brought || decisions.has(need) });
  }
  const steps = context.cone.flatMap((number) => byNumber.get(number) ?? []);
  return { steps, context, byNumber };
}

// allow-parameters: the plan so far, what was decided, and whether the products themselves are wanted
function plannedStep(
  { session, settled, store }: BuildContext,
  decision: Decision | undefined,
  { number, wanted }: { readonly number: number; readonly wanted: boolean },
): PlannedStep {
  const { id: step, produces: products } = stepAt(session, number);
  const nothing = { reasons: [], waitsFor: [] };
  if (decision?.kind === "run")
    return { step, products, decision: "run", reasons: decision.reasons, waitsFor: [] };
  if (decision?.kind === "if-changed")
    return { step, products, decision: "if-changed", reasons: [], waitsFor: decision.waitsFor };
  if (decision?.kind === "missing") return { step, products, decision: "missing", ...nothing };
  const action = settled.get(number);
  const absent = action === undefined || !wanted ? [] : unavailable(action, store.history);
  const isInMemory =
    action?.outputs.every(({ product, digest }) => session.memory.get(product)?.digest === digest) === true;
  return absent.length === 0 || isInMemory
    ? { step, products, decision: "hit", ...nothing }
    : { step, products, decision: "run", reasons: absent, waitsFor: [] };
}
