import { AlmanacError } from "../../core/errors.ts";
import type { ProductInputs, RequirementUsed } from "../../core/steps/product-inputs.ts";
import type { OpenProductStore } from "../../ports/product-store.ts";
import { type RunnerSession, requireProducer, stepAt, storeName } from "./session.ts";

/** How many runs of a requirement's step are looked through for the one that made it, newest first. */
const mostLookedThrough = 500;

/**
 * What the stored product of a step was made of, fresh or not.
 * @throws UNKNOWN_NAME for a name that no step makes, PRODUCT_MISSING when nothing is stored
 */
export async function productInputs(session: RunnerSession, product: string): Promise<ProductInputs> {
  const store = await session.store();
  store.refresh();
  const { history } = store;
  const step = storeName(session, stepAt(session, requireProducer(session, product)));
  const action = history.current(step);
  const output = action?.outputs.find((each) => each.product === product);
  if (action === undefined || output === undefined) throw notMade(product);
  const { ingredients, provenance } = history.record(action);
  const { code, requires, ...others } = ingredients;
  return {
    step,
    output,
    key: action.key,
    ingredients: others,
    code: history.code(code) ?? code,
    requirements: requires.map(([name, digest]) => usedRequirement(session, store, { name, digest })),
    provenance,
  };
}

// allow-parameters: the pipeline, the store, and the requirement
function usedRequirement(
  session: RunnerSession,
  { history }: OpenProductStore,
  { name, digest }: { readonly name: string; readonly digest: string },
): RequirementUsed {
  const number = session.graph.producers.get(name);
  const runs =
    number === undefined
      ? []
      : history.recent(storeName(session, stepAt(session, number)), mostLookedThrough);
  const made = runs.find(({ outputs }) =>
    outputs.some((output) => output.product === name && output.digest === digest),
  );
  return { product: name, digest, key: made?.key };
}

function notMade(product: string): AlmanacError {
  return new AlmanacError("PRODUCT_MISSING", `product "${product}" has not been made by its step`, {
    hint: `almanac build ${product}`,
  });
}
