import { AlmanacError } from "../../core/errors.ts";
import type { Output } from "../../core/steps/action.ts";
import type { Codec, EncodedProduct } from "../../core/steps/codec.ts";
import type { Step } from "../../core/steps/step.ts";
import type { BuildContext } from "./build-context.ts";
import { codecsOf } from "./load-product.ts";

/** A product that was made, not yet recorded. */
export interface MadeProduct {
  readonly product: string;
  readonly value: unknown;
  /** Undefined for a live value, whose digest needs the key. */
  readonly output: Output | undefined;
  /** True if the value may hold the configuration as the step was handed it, which is not what is stored. */
  readonly isLent?: boolean;
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
    const about = { step: step.id, product, value };
    const codec = codecsOf(context, step, product).find((each) => accepts(each, about));
    if (codec === undefined) {
      made.push({ product, value, output: undefined });
      continue;
    }
    const encoded = await encodedBy(codec, about);
    made.push({ product, value, output: await context.store.put({ product, codec: codec.name, encoded }) });
  }
  return made;
}

interface ProductOfStep {
  readonly step: string;
  readonly product: string;
  readonly value: unknown;
}

function accepts(codec: Codec, about: ProductOfStep): boolean {
  try {
    return codec.accepts(about.value);
  } catch (error) {
    throw notEncodable(codec, about, error);
  }
}

async function encodedBy(codec: Codec, about: ProductOfStep): Promise<EncodedProduct> {
  let encoded: EncodedProduct;
  try {
    encoded = await codec.encode(about.value);
  } catch (error) {
    throw notEncodable(codec, about, error);
  }
  const fault = faultOf(encoded);
  if (fault !== undefined) throw notEncodable(codec, about, new TypeError(fault));
  return encoded;
}

/** What is wrong with what a codec returned, which may be anything. */
function faultOf(encoded: Partial<EncodedProduct> | undefined): string | undefined {
  if (!(encoded?.bytes instanceof Uint8Array)) return "encode is to return { bytes }, a Uint8Array";
  const outside = encoded.files?.find(({ path }) => !isInside(path));
  return outside === undefined
    ? undefined
    : `its file ${JSON.stringify(outside.path)} is to have a relative path without ".."`;
}

function isInside(path: unknown): boolean {
  if (typeof path !== "string" || path === "" || path.startsWith("/")) return false;
  return !path.split(/[/\\]/).includes("..");
}

// allow-parameters: the codec, what it was given, and what it threw
function notEncodable({ name }: Codec, { step, product }: ProductOfStep, cause: unknown): AlmanacError {
  const message = cause instanceof Error ? cause.message : String(cause);
  return new AlmanacError(
    "CODEC_FAILED",
    `product "${product}" of step "${step}" cannot be encoded by ${name}: ${message}`,
    { hint: "correct the codec or the value; a codec says by `accepts` which values are its own", cause },
  );
}
