import { AlmanacError } from "../../core/errors.ts";
import { sha256Hex } from "../../core/identity/digest.ts";
import type { Action, Named } from "../../core/steps/action.ts";
import { readShape } from "../../core/steps/decide.ts";
import { encodeItemKeys, itemsCodecName, itemsDigest } from "../../core/steps/items-codec.ts";
import { keyOf, ownDigest, type StepFacts } from "../../core/steps/key.ts";
import { type Reading, shapeDigest, shapeOf, sortReadings } from "../../core/steps/reading.ts";
import { wholeValue } from "../../core/steps/seen.ts";
import type { Step } from "../../core/steps/step.ts";
import type { BuildContext } from "./build-context.ts";
import { callStep, requireGoing } from "./call-step.ts";
import {
  ingredientsOf,
  loadRequirements,
  noteCode,
  type RunEnd,
  requireSameFiles,
  type StepToRun,
  trackConfiguration,
} from "./run-step.ts";
import { jobsOf, stepAt } from "./session.ts";
import { storeProducts } from "./store-outputs.ts";

/** Items between two events of progress. */
const itemsPerEvent = 1000;

/**
 * Runs a map step: each item has a key of its own, made of what every item depends on and the item's value. Items on record are
 * taken, others run; their order and number do not matter.
 * @throws as `runStep`; VALUE_UNHASHABLE when an item has no canonical form
 */
export async function runMap(context: BuildContext, run: StepToRun): Promise<RunEnd> {
  const { session, store } = context;
  const { clock } = session.ports;
  const step = stepAt(session, run.number);
  const { values, unloadable } = await loadRequirements(context, step, run.parent);
  if (unloadable.length > 0) return { unloadable };
  const start = clock.monotonicMs();
  const facts = context.facts(run.number);
  const items = requireList(step, values);
  noteCode(context, run.number);
  const mapping = beginMapping(context, { step, run, facts, values });
  const actions = await mapItems(mapping, items);
  await requireSameFiles(context, step, facts);
  const durationMs = clock.monotonicMs() - start;
  const readings = sortReadings(mapping.seen.values());
  const requires = context.requires(run.number);
  const product = step.produces[0] ?? "";
  const bytes = encodeItemKeys(actions.map(({ key }) => key));
  const put = await store.put({ product, codec: itemsCodecName, encoded: { bytes } });
  // The digest is over the items: the bytes are verified by their own.
  const output = {
    ...put,
    sha256: sha256Hex(bytes),
    digest: itemsDigest(actions.map((each) => each.outputs[0]?.digest ?? "")),
  };
  const own = ownDigest(facts, readings);
  const key = keyOf(own, requires);
  store.record({
    key,
    step: facts.name,
    own,
    shape: shapeDigest(shapeOf(readings)),
    outputs: [output],
    ingredients: ingredientsOf({ facts, requires, readings }),
    provenance: {
      at: clock.now(),
      durationMs: Math.round(durationMs * 1000) / 1000,
      build: context.id,
      reasons: run.reasons,
    },
  });
  return { action: store.history.action(key), made: [{ product, value: undefined, output }], durationMs };
}

function requireList(step: Step, values: Readonly<Record<string, unknown>>): readonly unknown[] {
  const over = step.over ?? "";
  const items = values[over];
  if (Array.isArray(items)) return items as readonly unknown[];
  throw new AlmanacError("STEP_FAILED", `step "${step.id}" goes over "${over}", which is no list`, {
    hint: "let the step that produces it return a list",
    facts: { step: step.id },
  });
}

interface MappingParts {
  readonly step: Step;
  readonly run: StepToRun;
  readonly facts: StepFacts;
  readonly values: Readonly<Record<string, unknown>>;
}

/** What items may have read, with the digest of all that decides them but requirements and item. */
interface Candidate {
  readonly readings: readonly Reading[];
  readonly own: string;
}

interface Mapping extends MappingParts {
  readonly context: BuildContext;
  /** What is required beside the list. */
  readonly requires: readonly Named[];
  readonly others: Readonly<Record<string, unknown>>;
  readonly declared: readonly Reading[] | undefined;
  readonly candidates: Candidate[];
  /** What the items, taken or run, have read of the configuration. */
  readonly seen: Map<string, Reading>;
}

function beginMapping(context: BuildContext, parts: MappingParts): Mapping {
  const { step, run, values } = parts;
  const facts: StepFacts = { ...parts.facts, name: `${parts.facts.name}[]` };
  const declared = context.declared(run.number);
  const shapes = context.store.history.shapes(facts.name);
  const possible =
    declared === undefined ? shapes.map((shape) => readShape(shape, context.read)) : [declared];
  return {
    ...parts,
    context,
    facts,
    declared,
    requires: context.requires(run.number).filter(([product]) => product !== step.over),
    others: Object.fromEntries(Object.entries(values).filter(([name]) => name !== step.over)),
    candidates: possible.map((readings) => ({ readings, own: ownDigest(facts, readings) })),
    seen: new Map(),
  };
}

function see({ seen }: Mapping, readings: readonly Reading[]): void {
  for (const reading of readings) seen.set(`${reading[1]} ${reading[0]}`, reading);
}

function itemKey({ requires }: Mapping, own: string, digest: string): string {
  return keyOf(own, [...requires, ["item", digest]]);
}

/** The action of an item on record, with its bytes. */
function taken(mapping: Mapping, digest: string): Action | undefined {
  const { history } = mapping.context.store;
  for (const { readings, own } of mapping.candidates) {
    const action = history.action(itemKey(mapping, own, digest));
    if (action === undefined || !action.outputs.every(history.holds)) continue;
    see(mapping, readings);
    return action;
  }
  return undefined;
}

/** Runs one item and records it. */
async function made(mapping: Mapping, item: unknown, digest: string): Promise<Action> {
  const { context, step, run, facts, others, declared, candidates, requires } = mapping;
  const { session, store } = context;
  const { clock } = session.ports;
  const tracked = trackConfiguration(context, step);
  const name = step.itemName === undefined ? digest : step.itemName(item as never);
  const inputs = { ...others, item, config: tracked.configuration };
  const start = clock.monotonicMs();
  const call = {
    step,
    inputs,
    checkpoint: noCheckpoint,
    parent: run.parent,
    requirers: run.requirers,
    item: name,
  };
  const { result } = await callStep(context, call);
  const durationMs = clock.monotonicMs() - start;
  const [product] = await storeProducts(context, step, [[step.produces[0] ?? "", result]]);
  if (product?.output === undefined) throw notStorable(step, name);
  const readings = declared ?? tracked.readings();
  see(mapping, readings);
  const own = ownDigest(facts, readings);
  if (!candidates.some((each) => each.own === own)) candidates.push({ readings, own });
  const key = itemKey(mapping, own, digest);
  store.record({
    key,
    step: facts.name,
    own,
    shape: shapeDigest(shapeOf(readings)),
    outputs: [product.output],
    ingredients: ingredientsOf({ facts, requires: [...requires, ["item", digest]], readings }),
    provenance: { at: clock.now(), durationMs, build: context.id, reasons: [] },
  });
  return store.history.action(key) ?? { key, outputs: [product.output], ordinal: -1 };
}

/** Takes or runs every item. @returns their actions in order */
async function mapItems(mapping: Mapping, items: readonly unknown[]): Promise<readonly Action[]> {
  const { context, step, run } = mapping;
  const actions = new Array<Action>(items.length);
  const missing = new Map<string, number[]>();
  for (const [at, item] of items.entries()) {
    const digest = digestOfItem(step, item, at);
    const action = taken(mapping, digest);
    if (action !== undefined) actions[at] = action;
    else
      missing
        .set(digest, missing.get(digest) ?? [])
        .get(digest)
        ?.push(at);
  }
  const open = missing.entries();
  const total = items.length;
  let done = total - missing.size;
  const tell = (): void =>
    void context.emit({ kind: "items", step: step.id, parent: run.parent, done, total, run: missing.size });
  await together(Math.min(jobsOf(context.session, context.options), missing.size), async () => {
    const next = open.next();
    if (next.done === true) return false;
    const [digest, places] = next.value;
    requireGoing(context);
    const action = await made(mapping, items[places[0] ?? 0], digest);
    for (const at of places) actions[at] = action;
    if (++done % itemsPerEvent === 0) tell();
    return true;
  });
  tell();
  return actions;
}

/**
 * Does one thing after another, several at once, until there is none: `one` then says false. After a failure nothing new
 * begins, and what runs ends before the failure is thrown.
 */
async function together(count: number, one: () => Promise<boolean>): Promise<void> {
  let going = true;
  const work = async (): Promise<void> => {
    try {
      while (going && (await one()));
    } finally {
      going = false;
    }
  };
  const ends = await Promise.allSettled(Array.from({ length: count }, work));
  const failed = ends.find((end) => end.status === "rejected");
  if (failed !== undefined) throw failed.reason;
}

/** An item as text. @throws VALUE_UNHASHABLE naming it */
// allow-parameters: the step, an item and its place
function digestOfItem({ id }: Step, item: unknown, at: number): string {
  try {
    return wholeValue(item);
  } catch (error) {
    if (!(error instanceof AlmanacError)) throw error;
    throw new AlmanacError(
      "VALUE_UNHASHABLE",
      `step "${id}" goes over items of which item ${at} has no canonical form: ${error.message}`,
      {
        hint: "let the list hold plain values; what an item stands for can be made in the step",
        cause: error,
      },
    );
  }
}

const noCheckpoint = {
  load: () => Promise.resolve(undefined),
  save: () => Promise.reject(new AlmanacError("STEP_FAILED", "items of a map step have no checkpoints")),
};

function notStorable(step: Step, item: string): AlmanacError {
  return new AlmanacError("CODEC_FAILED", `item ${item} of step "${step.id}" cannot be stored`, {
    hint: "return values that can be stored, or declare a codec: codecs: { product: codec }",
  });
}
