import { AlmanacError } from "../../core/errors.ts";
import type { Action, Output } from "../../core/steps/action.ts";
import { decodeItemKeys, itemsCodecName } from "../../core/steps/items-codec.ts";
import type { Reason } from "../../core/steps/reason.ts";
import { type BuildContext, tellRemarks } from "./build-context.ts";
import { stepAt } from "./session.ts";

/** An output that is needed, and for what. */
export interface OutputToBring {
  /** Name of the step that made it. */
  readonly step: string;
  readonly output: Output;
  /** Event that it is needed for. */
  readonly parent: number | undefined;
}

/**
 * Brings an output from the shared store unless its bytes are here already, or there is no shared store.
 * @throws PRODUCT_DAMAGED when it cannot be had; STORE_UNAVAILABLE when the shared store is required
 */
export async function bringOutput(
  { store: { shared }, session, emit }: BuildContext,
  { step, output, parent }: OutputToBring,
): Promise<void> {
  if (shared === undefined || output.codec === "live" || shared.isHere(output)) return;
  const { clock } = session.ports;
  const start = clock.monotonicMs();
  await shared.fetch(output);
  const { product, bytes } = output;
  const about = { step, product, ...(parent === undefined ? {} : { parent }) };
  emit({ kind: "fetched", bytes, durationMs: clock.monotonicMs() - start, ...about });
}

/**
 * Brings the products of settled steps, items of map steps too: who asked for them wants them here.
 * @returns steps whose products cannot be had after all, with the reason to make them
 */
export async function bringTargets(
  context: BuildContext,
  targets: readonly number[],
): Promise<ReadonlyMap<number, Reason>> {
  const lost = new Map<number, Reason>();
  if (context.store.shared === undefined) return lost;
  for (const number of targets)
    for (const output of context.settled.get(number)?.outputs ?? []) {
      const message = await problemOfBringing(context, stepAt(context.session, number).id, output);
      if (message !== undefined)
        lost.set(number, { code: "output-altered", product: output.product, message });
    }
  return lost;
}

/** allow-parameters: the build, whose output and which. @returns why it cannot be had; undefined if it is here now */
async function problemOfBringing(
  context: BuildContext,
  step: string,
  output: Output,
): Promise<string | undefined> {
  const { store, emit } = context;
  try {
    await bringOutput(context, { step, output, parent: undefined });
    if (output.codec === itemsCodecName)
      for (const key of decodeItemKeys(await store.bytes(output)))
        for (const item of requireItem(context, key, output).outputs)
          await bringOutput(context, { step, output: item, parent: undefined });
    return undefined;
  } catch (error) {
    if (!(error instanceof AlmanacError) || error.code !== "PRODUCT_DAMAGED") throw error;
    emit({ kind: "load-failed", step, product: output.product, message: error.message });
    return error.message;
  }
}

// allow-parameters: the build, which item, and of what
function requireItem({ store }: BuildContext, key: string, { product }: Output): Action {
  const action = store.history.action(key);
  if (action !== undefined) return action;
  throw new AlmanacError("PRODUCT_DAMAGED", `an item of "${product}" is missing`, { facts: { key } });
}

/**
 * After a build: what was taken over from others is recorded as own, and what they lack is left to them. A build that was stopped
 * leaves nothing; the next one does.
 * @returns numbers of the steps that were taken over
 * @throws STORE_UNAVAILABLE when the shared store is required
 */
export async function exchange(context: BuildContext): Promise<readonly number[]> {
  const { store, cone, settled, session, options } = context;
  if (store.shared === undefined) return [];
  const taken: number[] = [];
  const keys: string[] = [];
  for (const number of cone) {
    const action = settled.get(number);
    if (action === undefined || action.key.startsWith("saved:")) continue;
    const own = store.shared.adopt(action);
    if (own !== action) {
      settled.set(number, own);
      taken.push(number);
    } else if (context.facts(number).unfollowed.length === 0) keys.push(action.key);
  }
  if (options.signal?.aborted !== true)
    tellRemarks(context, await store.shared.leave(session.graph.name, keys));
  return taken;
}
