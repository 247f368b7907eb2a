import { AlmanacError } from "../../core/errors.ts";
import type { Action, Output } from "../../core/steps/action.ts";
import type { Codec, DecodeContext } from "../../core/steps/codec.ts";
import { decodeItemKeys, itemsCodecName } from "../../core/steps/items-codec.ts";
import type { Reason } from "../../core/steps/reason.ts";
import type { Step } from "../../core/steps/step.ts";
import type { OpenProductStore } from "../../ports/product-store.ts";
import type { BuildContext } from "./build-context.ts";
import { stepAt } from "./session.ts";
import { bringOutput } from "./sharing.ts";

/** A product's value, or why it cannot be had. */
export type Loaded = { readonly value: unknown } | { readonly missing: Reason };

/** A product of a settled step. */
export interface ProductToLoad {
  readonly number: number;
  readonly product: string;
  /** Event that it is needed for. */
  readonly parent: number | undefined;
}

/**
 * A settled product from memory or store. A product that cannot be loaded is told in an event and as a reason to make it
 * again.
 * @throws what the store throws when it cannot be read at all
 */
export async function loadProduct(
  context: BuildContext,
  { number, product, parent }: ProductToLoad,
): Promise<Loaded> {
  const { session, settled, emit } = context;
  const step = stepAt(session, number);
  const output = settled.get(number)?.outputs.find((each) => each.product === product);
  if (output === undefined) return { missing: { code: "output-missing", product } };
  const about = { step: step.id, product, ...(parent === undefined ? {} : { parent }) };
  const remembered = session.memory.get(product);
  if (remembered?.digest === output.digest) {
    emit({ kind: "cached", ...about });
    return { value: remembered.value };
  }
  if (output.codec === "live") return { missing: { code: "live", product } };
  const start = session.ports.clock.monotonicMs();
  try {
    const value = await decodeOutput(context, { step, output, parent });
    session.memory.set(product, { digest: output.digest, value });
    emit({
      kind: "loaded",
      bytes: output.bytes,
      durationMs: session.ports.clock.monotonicMs() - start,
      ...about,
    });
    return { value };
  } catch (error) {
    if (error instanceof AlmanacError && error.code === "STORE_UNAVAILABLE") throw error;
    const message = error instanceof Error ? error.message : String(error);
    emit({ kind: "load-failed", message, ...about });
    return { missing: { code: "output-altered", product, message } };
  }
}

/** The codecs that may take a step's product, in their order. */
// allow-parameters: the build, the step and which product of it
export function codecsOf(
  { session }: Pick<BuildContext, "session">,
  step: Step,
  product: string,
): readonly Codec[] {
  const own = step.options.codecs?.[product];
  return own === undefined ? session.codecs : [own, ...session.codecs];
}

/** A product that is to be decoded, with the event that it is needed for. */
interface ProductToDecode {
  readonly step: Step;
  readonly output: Output;
  readonly parent: number | undefined;
}

async function decodeOutput(
  context: BuildContext,
  { step, output, parent }: ProductToDecode,
): Promise<unknown> {
  const { store } = context;
  const codecs = codecsOf(context, step, output.product);
  const decode = async (each: Output, bytes: Uint8Array): Promise<unknown> => {
    const codec = codecs.find(({ name }) => name === each.codec);
    if (codec === undefined) throw new AlmanacError("CODEC_FAILED", `there is no codec "${each.codec}"`);
    return codec.decode(bytes, decodeContext(context, each));
  };
  const stored = async (each: Output): Promise<Uint8Array> => {
    await bringOutput(context, { step: step.id, output: each, parent });
    return store.bytes(each);
  };
  const bytes = await stored(output);
  if (output.codec !== itemsCodecName) return decode(output, bytes);
  const values: unknown[] = [];
  for (const key of decodeItemKeys(bytes)) {
    const item = requireItem(store, key, output).outputs[0];
    if (item !== undefined) values.push(await decode(item, await stored(item)));
  }
  return values;
}

// allow-parameters: the store, which item, and of what
function requireItem({ history }: OpenProductStore, key: string, { product }: Output): Action {
  const action = history.action(key);
  if (action !== undefined) return action;
  throw new AlmanacError("PRODUCT_DAMAGED", `an item of "${product}" is missing`, { facts: { key } });
}

function decodeContext(context: BuildContext, output: Output): DecodeContext {
  const { session, store } = context;
  return {
    file: (path) => store.file(output, path),
    product: async (name) => {
      const number = session.graph.producers.get(name);
      const loaded: Loaded =
        number === undefined
          ? { missing: { code: "output-missing", product: name } }
          : await loadProduct(context, { number, product: name, parent: undefined });
      if ("value" in loaded) return loaded.value;
      throw new AlmanacError(
        "CODEC_FAILED",
        `product "${output.product}" needs "${name}" to be decoded, which is not there`,
      );
    },
  };
}
