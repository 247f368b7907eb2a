import { AlmanacError } from "../../core/errors.ts";
import type { Output } from "../../core/steps/action.ts";
import type { OpenProductStore } from "../../ports/product-store.ts";
import { beginBuild, settleHits } from "./build-context.ts";
import { loadProduct } from "./load-product.ts";
import { type RunnerSession, stepAt, storeName, unknownProduct } from "./session.ts";

/** The step that makes a product itself; undefined for inputs and names outside of the pipeline. */
function maker({ graph }: RunnerSession, name: string): number | undefined {
  const number = graph.producers.get(name);
  return number === undefined || graph.steps[number]?.kind === "input" ? undefined : number;
}

/**
 * Saves a product made by hand: an input of the pipeline, or any name that no step makes.
 * @throws USAGE when a step makes it; CODEC_FAILED when it cannot be stored; DISK_FULL, STORE_UNAVAILABLE
 */
// allow-parameters: the runner, the name and the value, as a user says it
export async function saveProduct(session: RunnerSession, name: string, value: unknown): Promise<void> {
  const number = maker(session, name);
  if (number !== undefined)
    throw new AlmanacError(
      "USAGE",
      `product "${name}" is made by step "${stepAt(session, number).id}" and cannot be saved by hand`,
      {
        hint: `declare it with .input("${name}") if it comes from outside`,
      },
    );
  const codec = session.codecs.find((each) => each.accepts(value));
  if (codec === undefined)
    throw new AlmanacError(
      "CODEC_FAILED",
      `product "${name}" cannot be stored: no codec takes ${typeof value === "object" ? "an object of its class" : `a ${typeof value}`}`,
      {
        hint: "give the runner a codec for it",
      },
    );
  const store = await session.store();
  const output = await store.put({ product: name, codec: codec.name, encoded: await codec.encode(value) });
  store.note({ kind: "saved", output, at: session.ports.clock.now() });
  session.memory.delete(name);
  await store.flush();
}

/** Decodes a product that was saved by hand. */
// allow-parameters: the runner, its store and the record
export async function loadSaved(
  session: RunnerSession,
  store: OpenProductStore,
  output: Output,
): Promise<unknown> {
  const codec = session.codecs.find(({ name }) => name === output.codec);
  if (codec === undefined)
    throw new AlmanacError(
      "CODEC_FAILED",
      `there is no codec "${output.codec}" to load "${output.product}"`,
      {
        hint: "give the runner the codec that it was saved with",
      },
    );
  return codec.decode(await store.bytes(output), {
    file: (path) => store.file(output, path),
    product: (name) => loadStored(session, name),
  });
}

/**
 * A stored product as it is, fresh or not; nothing runs.
 * @throws PRODUCT_MISSING when nothing is stored, UNKNOWN_NAME for a name that is neither stored nor known, PRODUCT_DAMAGED
 */
export async function loadStored(session: RunnerSession, name: string): Promise<unknown> {
  const store = await session.store();
  store.refresh();
  const saved = store.history.saved(name);
  if (saved !== undefined) return loadSaved(session, store, saved);
  const number = session.graph.producers.get(name);
  if (number === undefined)
    throw unknownProduct(name, [...session.graph.producers.keys(), ...storedNames(store)]);
  const current = store.history.current(storeName(session, stepAt(session, number)));
  if (current !== undefined) {
    const context = await beginBuild(session, [], {});
    context.settled.set(number, current);
    const loaded = await loadProduct(context, { number, product: name, parent: undefined });
    if ("value" in loaded) return loaded.value;
  }
  throw new AlmanacError("PRODUCT_MISSING", `product "${name}" is not stored`, {
    hint: `runner.get("${name}")`,
  });
}

/** True if something is stored under the name, fresh or not. */
export async function hasProduct(session: RunnerSession, name: string): Promise<boolean> {
  const store = await session.store();
  store.refresh();
  const saved = store.history.saved(name);
  if (saved !== undefined) return store.history.holds(saved);
  const number = session.graph.producers.get(name);
  if (number === undefined) return false;
  const current = store.history.current(storeName(session, stepAt(session, number)));
  return current?.outputs.some((output) => output.product === name && store.history.holds(output)) === true;
}

/** True if a build would take the product from the store or from memory. @throws UNKNOWN_NAME */
export async function isProductFresh(
  session: RunnerSession,
  name: string,
  { number }: { readonly number: number },
): Promise<boolean> {
  const context = await beginBuild(session, [number], {});
  settleHits(context);
  const output = context.settled.get(number)?.outputs.find((each) => each.product === name);
  if (output === undefined) return false;
  return session.memory.get(name)?.digest === output.digest || context.store.history.holds(output);
}

/**
 * Drops the products of a step, memory and store, or a product saved by hand. Nothing downstream changes; a file that the store
 * does not own is never touched.
 */
export async function dropProduct(
  session: RunnerSession,
  name: string,
  { message }: { readonly message: string },
): Promise<void> {
  const store = await session.store();
  store.refresh();
  const number = maker(session, name);
  if (number === undefined) {
    if (store.history.saved(name) === undefined)
      throw unknownProduct(name, [...session.graph.producers.keys(), ...storedNames(store)]);
    store.note({ kind: "removed", product: name });
    session.memory.delete(name);
  } else {
    const step = stepAt(session, number);
    const at = session.ports.clock.now();
    // Items of a map step and checkpoints are kept under names of their own.
    for (const suffix of ["", "[]", "#checkpoint"]) {
      const each = `${storeName(session, step)}${suffix}`;
      if (suffix === "" || store.history.current(each) !== undefined)
        store.note({ kind: "invalidated", step: each, at, message });
    }
    for (const product of step.produces) session.memory.delete(product);
  }
  await store.flush();
}

function storedNames(store: OpenProductStore): readonly string[] {
  return store.products({ all: false }).map(({ output }) => output.product);
}
