import { AlmanacError } from "../../core/errors.ts";
import type { Action, ActionRecord, Ingredients, Named, Output } from "../../core/steps/action.ts";
import { itemsCodecName } from "../../core/steps/items-codec.ts";
import { keyOf, ownDigest, type StepFacts } from "../../core/steps/key.ts";
import { liveDigest } from "../../core/steps/output-digest.ts";
import { type Reading, shapeDigest, shapeOf } from "../../core/steps/reading.ts";
import type { Reason } from "../../core/steps/reason.ts";
import type { Step } from "../../core/steps/step.ts";
import { productsOf } from "../../core/steps/step-result.ts";
import { trackReads } from "../../core/steps/tracking.ts";
import type { BuildContext } from "./build-context.ts";
import { callStep } from "./call-step.ts";
import { checkpointOf } from "./checkpoints.ts";
import { fileDigests } from "./facts.ts";
import { identityFieldsOf } from "./identity-fields.ts";
import { type Loaded, loadProduct } from "./load-product.ts";
import { stepAt } from "./session.ts";
import { type MadeProduct, storeProducts } from "./store-outputs.ts";

/** A step that is to run; the steps it needs are settled. */
export interface StepToRun {
  readonly number: number;
  readonly reasons: readonly Reason[];
  /** Event `building`. */
  readonly parent: number;
  readonly requirers: () => readonly string[];
}

/** A run's end: an action, or required products that could not be loaded after all. */
export type RunEnd =
  | {
      readonly action: Action | undefined;
      readonly made: readonly MadeProduct[];
      readonly durationMs: number;
    }
  | { readonly unloadable: readonly { readonly number: number; readonly reason: Reason }[] };

/**
 * Runs one step: loads what it requires, calls it, stores and records its products. Nothing is recorded of a run that failed
 * or whose declared files changed meanwhile.
 * @throws STEP_FAILED, STEP_RESULT_INVALID, CODEC_FAILED, INPUT_CHANGED, INTERRUPTED and what the store throws
 */
export async function runStep(context: BuildContext, run: StepToRun): Promise<RunEnd> {
  const { session } = context;
  const step = stepAt(session, run.number);
  const { values, unloadable } = await loadRequirements(context, step, run.parent);
  if (unloadable.length > 0) return { unloadable };
  const facts = context.facts(run.number);
  const requires = context.requires(run.number);
  const tracked = trackConfiguration(context, step);
  const readings = (): readonly Reading[] => context.declared(run.number) ?? tracked.readings();
  const checkpoint = checkpointOf(context, {
    step,
    facts,
    requires,
    readings,
    parent: run.parent,
    anew: runsAnew(run),
  });
  const inputs = { ...values, config: tracked.configuration };
  const start = session.ports.clock.monotonicMs();
  const { result, attempt } = await callStep(context, {
    step,
    inputs,
    checkpoint,
    parent: run.parent,
    requirers: run.requirers,
  });
  const durationMs = session.ports.clock.monotonicMs() - start;
  const products = productsOf(step, result);
  if (products.length === 0) return { action: undefined, made: [], durationMs };
  const before = tracked.touches();
  const stored = await storeProducts(context, step, products);
  const made = tracked.touches() > before ? stored.map((each) => ({ ...each, isLent: true })) : stored;
  await requireSameFiles(context, step, facts);
  const record = recordOf(
    { facts, requires, readings: readings(), made },
    {
      at: session.ports.clock.now(),
      durationMs: Math.round(durationMs * 1000) / 1000,
      build: context.id,
      reasons: run.reasons,
      ...(attempt === 1 ? {} : { attempt }),
    },
  );
  // What lives in memory may hold the configuration, and read more of it when others use it.
  if (context.declared(run.number) === undefined && made.some(({ output }) => output === undefined))
    tracked.close();
  noteCode(context, run.number);
  context.store.record(record);
  return { action: context.store.history.action(record.key), made, durationMs };
}

/** What is forced, or run for a check only, does not go on from an earlier run. */
function runsAnew({ reasons }: StepToRun): boolean {
  return reasons.length === 0 || reasons.some(({ code }) => code === "forced");
}

/** The configuration as a step is handed it. */
export function trackConfiguration(
  { session: { configuration } }: BuildContext,
  step: Step,
): ReturnType<typeof trackReads> {
  const { uses } = step.options;
  const identityFields = identityFieldsOf(configuration);
  return trackReads(configuration, {
    step: step.id,
    ...(uses === undefined ? {} : { uses }),
    ...(identityFields === undefined ? {} : { identityFields }),
  });
}

interface Requirements {
  readonly values: Readonly<Record<string, unknown>>;
  readonly unloadable: readonly { readonly number: number; readonly reason: Reason }[];
}

/** The values of what a step requires; the list that a map step goes over too. */
// allow-parameters: the build, the step and the event that they are loaded for
export async function loadRequirements(
  context: BuildContext,
  step: Step,
  parent: number,
): Promise<Requirements> {
  const values: Record<string, unknown> = {};
  const unloadable: { number: number; reason: Reason }[] = [];
  for (const product of step.requires) {
    const number = context.session.graph.producers.get(product) ?? -1;
    const loaded: Loaded = await loadProduct(context, { number, product, parent });
    if ("value" in loaded) values[product] = ownCopy(loaded.value, context.settled.get(number), product);
    else unloadable.push({ number, reason: loaded.missing });
  }
  return { values, unloadable };
}

/** Codecs of values that are copied for each step that requires them. */
const copied: ReadonlySet<string> = new Set(["json", "structured", "bytes", "buffer"]);

/**
 * A step's own copy of a product, so that changing it in place changes nothing for others. Live values and those of users' codecs are
 * shared: they may not be copyable.
 */
// allow-parameters: the value, the action that made it, and which of its products it is
function ownCopy(value: unknown, action: Action | undefined, product: string): unknown {
  if (typeof value !== "object" || value === null) return value;
  const codec = action?.outputs.find((output) => output.product === product)?.codec ?? "";
  if (Array.isArray(value) && codec === itemsCodecName) return [...(value as readonly unknown[])];
  if (!copied.has(codec)) return value;
  return Buffer.isBuffer(value) ? Buffer.from(value) : structuredClone(value);
}

/** Makes sure of the files. @throws INPUT_CHANGED when a declared file is not what it was when the build began */
// allow-parameters: the build, the step and what its files were
export async function requireSameFiles(
  { session }: BuildContext,
  step: Step,
  facts: StepFacts,
): Promise<void> {
  if (facts.files.length === 0) return;
  const now = new Map(
    await fileDigests(step, session.configuration, (path) => session.ports.inputs.digest(path)),
  );
  const changed = facts.files.filter(([path, digest]) => now.get(path) !== digest).map(([path]) => path);
  if (changed.length === 0) return;
  throw new AlmanacError("INPUT_CHANGED", `${changed.join(", ")} changed while step "${step.id}" ran`, {
    hint: "build again when nothing writes to it",
    facts: { step: step.id, files: changed },
  });
}

/** Puts the code of a step on record, once. */
export function noteCode({ session, store }: BuildContext, number: number): void {
  const code = session.code[number];
  if (code !== undefined && store.history.code(code.digest) === undefined)
    store.note({ kind: "code", facts: code });
}

interface RunFacts {
  readonly facts: StepFacts;
  readonly requires: readonly Named[];
  readonly readings: readonly Reading[];
  readonly made: readonly MadeProduct[];
}

function recordOf(
  { facts, requires, readings, made }: RunFacts,
  provenance: ActionRecord["provenance"],
): ActionRecord {
  const own = ownDigest(facts, readings);
  const key = keyOf(own, requires);
  return {
    key,
    step: facts.name,
    own,
    shape: shapeDigest(shapeOf(readings)),
    outputs: made.map(({ product, output }) => output ?? liveOutput(product, key)),
    ingredients: ingredientsOf({ facts, requires, readings }),
    provenance,
  };
}

function liveOutput(product: string, key: string): Output {
  return { product, codec: "live", digest: liveDigest(product, key), bytes: 0 };
}

/** Everything that decided a run, for the record. */
export function ingredientsOf({ facts, requires, readings }: Omit<RunFacts, "made">): Ingredients {
  const { code, files, environment, captures, seed } = facts;
  return {
    code,
    readings,
    requires,
    ...(files.length === 0 ? {} : { files }),
    ...(environment.length === 0 ? {} : { environment }),
    ...(captures.length === 0 ? {} : { captures }),
    ...(seed === undefined ? {} : { seed }),
  };
}
