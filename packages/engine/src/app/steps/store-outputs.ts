import { AlmanacError } from "../../core/errors.ts";
import type { Output } from "../../core/steps/action.ts";
import type { EncodedProduct } from "../../core/steps/codec.ts";
import type { Step } from "../../core/steps/step.ts";
import type { BuildContext } from "./build-context.ts";
import { codecsOf } from "./load-product.ts";

/** A product that was made, not yet recorded. */
export interface MadeProduct {
  readonly product: string;
  readonly value: unknown;
  /** Undefined for a live value, whose digest needs the key. */
  readonly output: Output | undefined;
}

/**
 * Encodes and stores the products of a step.
 * @throws CODEC_FAILED naming the product when its codec throws; DISK_FULL, STORE_UNAVAILABLE
 */
// allow-parameters: the build, the step and what it made
export async function storeProducts(
  context: BuildContext,
  step: Step,
  products: readonly (readonly [product: string, value: unknown])[],
): Promise<readonly MadeProduct[]> {
  const made: MadeProduct[] = [];
  for (const [product, value] of products) {
    const codec = codecsOf(context, step, product).find((each) => each.accepts(value));
    if (codec === undefined) {
      made.push({ product, value, output: undefined });
      continue;
    }
    const encoded = await encodedBy(codec, { step: step.id, product, value });
    made.push({ product, value, output: await context.store.put({ product, codec: codec.name, encoded }) });
  }
  return made;
}

async function encodedBy(
  codec: {
    readonly name: string;
    readonly encode: (value: unknown) => EncodedProduct | Promise<EncodedProduct>;
  },
  { step, product, value }: { readonly step: string; readonly product: string; readonly value: unknown },
): Promise<EncodedProduct> {
  try {
    return await codec.encode(value);
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    throw new AlmanacError(
      "CODEC_FAILED",
      `product "${product}" of step "${step}" cannot be encoded by ${codec.name}: ${message}`,
      {
        hint: "correct the codec or the value; a codec says by `accepts` which values are its own",
        cause: error,
      },
    );
  }
}
