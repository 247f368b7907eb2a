import type { Action } from "../../core/steps/action.ts";
import { type BuildContext, beginBuild, settleHits } from "./build-context.ts";
import { type RunnerSession, stepAt, storeName } from "./session.ts";

/** Where a product is: in memory, stored under the present key, stored under another one, being made, or nowhere. */
export type ProductStatus = "cached" | "fresh" | "stale" | "building" | "missing";

/** Tells the status of products of some steps, as things are now. */
export async function statusReader(
  session: RunnerSession,
  targets: readonly number[],
): Promise<(product: string) => ProductStatus> {
  const context = await beginBuild(session, targets, {});
  settleHits(context);
  return (product) => statusOf(context, product);
}

function statusOf({ session, settled, store }: BuildContext, product: string): ProductStatus {
  const number = session.graph.producers.get(product) ?? -1;
  if (session.running.has(number)) return "building";
  const output = outputOf(settled.get(number), product);
  if (output !== undefined) {
    if (session.memory.get(product)?.digest === output.digest) return "cached";
    if (store.history.holds(output)) return "fresh";
    return "missing";
  }
  const earlier = outputOf(store.history.current(storeName(session, stepAt(session, number))), product);
  const isLeft = session.memory.has(product) || (earlier !== undefined && store.history.holds(earlier));
  return isLeft ? "stale" : "missing";
}

function outputOf(action: Action | undefined, product: string) {
  return action?.outputs.find((each) => each.product === product);
}
