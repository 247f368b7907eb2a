import { digestOf } from "../identity/digest.ts";
import type { OutputFile } from "./action.ts";

/** The digest of a product that counts downstream: over codec, bytes and files. */
// allow-parameters: the three parts of the digest in their order
export function outputDigest(codec: string, sha256: string, files: readonly OutputFile[]): string {
  return digestOf([codec, sha256, files.map((file) => [file.path, file.sha256])]);
}

/** The digest of a value that cannot be stored: it is known by the key of the step that makes it. */
export function liveDigest(product: string, key: string): string {
  return digestOf(["live", product, key]);
}
