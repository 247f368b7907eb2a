import { AlmanacError } from "../../core/errors.ts";
import { sha256Hex } from "../../core/identity/digest.ts";
import type { Output } from "../../core/steps/action.ts";
import { outputDigest } from "../../core/steps/output-digest.ts";
import type { ProductToPut } from "../../ports/product-store.ts";
import type { Blobs } from "./blobs.ts";
import { frameAt, frameHead } from "./frames.ts";
import type { LogFile } from "./log-file.ts";

/** Up to this many bytes a product lies in `small.log`, beyond in a file of its own. */
const smallBytes = 4096;

/** Kinds of frames. */
export const frameKinds = { action: 0x61, note: 0x6e, small: 0x62 } as const;

/** Where the bytes of products lie. */
export interface StoredBytes {
  readonly small: LogFile;
  readonly blobs: Blobs;
}

/** Stores a product's bytes and files. @throws DISK_FULL, STORE_UNAVAILABLE */
export async function put(
  { product, codec, encoded }: ProductToPut,
  { small, blobs }: StoredBytes,
): Promise<Output> {
  const { bytes } = encoded;
  const sha256 = sha256Hex(bytes);
  const files = await Promise.all(
    (encoded.files ?? []).map(async ({ path, from }) => ({ path, ...(await blobs.copy(from)) })),
  );
  const isSmall = bytes.length <= smallBytes;
  const at = isSmall ? small.append(frameKinds.small, bytes) : undefined;
  if (!isSmall) await blobs.write(sha256, bytes);
  return {
    product,
    codec,
    digest: outputDigest(codec, sha256, files),
    bytes: bytes.length + files.reduce((sum, file) => sum + file.bytes, 0),
    ...(at === undefined ? { sha256 } : { at }),
    ...(files.length === 0 ? {} : { files }),
  };
}

/** Size of an output without its files. */
function ownBytes({ bytes, files }: Output): number {
  return bytes - (files ?? []).reduce((sum, file) => sum + file.bytes, 0);
}

/** True if the bytes of an output seem to be there. */
export function isHeld(output: Output, { small, blobs }: StoredBytes): boolean {
  const { sha256, at, files } = output;
  if (at === undefined && sha256 === undefined) return false;
  const size = ownBytes(output);
  const isThere = at === undefined ? blobs.holds(sha256 ?? "", size) : at + frameHead + size <= small.size();
  return isThere && (files ?? []).every((file) => blobs.holds(file.sha256, file.bytes));
}

/** The bytes of an output. @throws PRODUCT_DAMAGED when they are missing or not those that were stored */
export async function verifiedBytes(output: Output, { small, blobs }: StoredBytes): Promise<Uint8Array> {
  const { sha256, at, files, codec, digest } = output;
  const bytes = at === undefined ? await blobs.read(sha256 ?? "") : smallAt(small, at, ownBytes(output));
  if (bytes === undefined) throw damaged(output, "its bytes are missing");
  const found = sha256Hex(bytes);
  const isIntact =
    sha256 === undefined ? outputDigest(codec, found, files ?? []) === digest : found === sha256;
  if (!isIntact) throw damaged(output, "its bytes are not those that were stored");
  for (const file of files ?? []) await verifyFile(output, file, blobs);
  return bytes;
}

// allow-parameters: the log, where, and how much
function smallAt(small: LogFile, at: number, length: number): Uint8Array | undefined {
  const bytes = small.read(at, length);
  const found = frameAt(bytes, 0);
  return found === undefined ? undefined : bytes.subarray(found.start, found.end);
}

// allow-parameters: the output, the file of it, and where files are
async function verifyFile(
  output: Output,
  file: { path: string; sha256: string },
  blobs: Blobs,
): Promise<void> {
  const found = await blobs.digest(file.sha256);
  if (found === undefined) throw damaged(output, `its file ${file.path} is missing`);
  if (found !== file.sha256) throw damaged(output, `its file ${file.path} was altered`);
}

function damaged({ product, digest }: Output, what: string): AlmanacError {
  return new AlmanacError("PRODUCT_DAMAGED", `product "${product}" cannot be loaded: ${what}`, {
    hint: "build it again",
    facts: { product, digest },
  });
}
