import { hash } from "node:crypto";
import { type Encodable, encodeInto } from "./encode.ts";

/** SHA-256 of bytes or of a text's UTF-8, 64 lower-case hex digits. */
export function sha256Hex(content: Uint8Array | string): string {
  return hash("sha256", content, "hex");
}

/** SHA-256 of the one encoding of a value: the only digest that decides anything. */
export function digestOf(value: Encodable): string {
  return sha256Hex(encodeInto(Buffer.allocUnsafe(512), value));
}

/** SHA-1 of a text's UTF-8 in hex. Only for the dataset hash of the reference, which is SHA-1; never decides by itself. */
export function sha1Hex(text: string): string {
  return hash("sha1", text, "hex");
}
