import { AlmanacError } from "../errors.ts";
import { digestOf } from "../identity/digest.ts";

/** Codec name of a map step's product: the keys of its items' actions, 32 bytes each. */
export const itemsCodecName = "items";

/** The bytes of a list of items. @param keys 64 hex digits each */
export function encodeItemKeys(keys: readonly string[]): Uint8Array {
  const bytes = Buffer.allocUnsafe(keys.length * 32);
  for (const [at, key] of keys.entries()) bytes.write(key, at * 32, 32, "hex");
  return bytes;
}

/** The keys in such bytes. @throws PRODUCT_DAMAGED when their number is not whole */
export function decodeItemKeys(bytes: Uint8Array): readonly string[] {
  if (bytes.length % 32 !== 0)
    throw new AlmanacError("PRODUCT_DAMAGED", `a list of items has ${bytes.length} bytes, no multiple of 32`);
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString("hex");
  return Array.from({ length: bytes.length / 32 }, (_, at) => text.slice(at * 64, at * 64 + 64));
}

/** The digest of a list of items that counts downstream: over what they are, not over how they came about. */
export function itemsDigest(digests: readonly string[]): string {
  return digestOf([itemsCodecName, digests]);
}
