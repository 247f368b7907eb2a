import { createHash, randomUUID } from "node:crypto";
import { open } from "node:fs/promises";
import { join } from "node:path";
import { AlmanacError } from "../../core/errors.ts";
import { sha256Hex } from "../../core/identity/digest.ts";
import type { Output, OutputFile } from "../../core/steps/action.ts";
import { itemsCodecName } from "../../core/steps/items-codec.ts";
import { isOutputSound } from "../../core/steps/shared-actions.ts";
import type { BlobStore } from "../../ports/blob-store.ts";
import type { OpenProductStore } from "../../ports/product-store.ts";
import type { SharedIndex } from "./shared-index.ts";
import type { TemporaryFolder } from "./temporary-folder.ts";

/** Between which an output is brought. */
export interface Fetching {
  readonly local: OpenProductStore;
  readonly blobs: BlobStore;
  readonly index: SharedIndex;
  /** A folder for files on their way. */
  readonly folder: TemporaryFolder;
}

/** Bytes of a file that are asked for at once. */
const windowBytes = 8 * 1024 * 1024;

/** Where the bytes of a digest lie in a shared store. */
export function blobName(sha256: string): string {
  return `blobs/${sha256.slice(0, 2)}/${sha256}`;
}

/**
 * Brings an output's bytes and files into the own store, verified, and records its action there.
 * @returns the output as the own store has it
 * @throws PRODUCT_DAMAGED when they are not there or not what the digest says; STORE_UNAVAILABLE, DISK_FULL
 */
export async function fetchOutput(wanted: Output, fetching: Fetching): Promise<Output> {
  const { local, index } = fetching;
  const origin = index.origin(wanted.digest);
  if (origin === undefined) throw damaged(wanted, "it is not in the shared store");
  const { record, output } = origin;
  if (!isOutputSound(output)) throw damaged(output, "its digest in the shared store is wrong");
  const bytes = await fetchBytes(output, fetching);
  const files: { path: string; from: string }[] = [];
  for (const file of output.files ?? [])
    files.push({ path: file.path, from: await fetchFile(output, file, fetching) });
  const { product, codec, digest } = output;
  const put = await local.put({
    product,
    codec,
    encoded: { bytes, ...(files.length === 0 ? {} : { files }) },
  });
  const brought: Output =
    codec === itemsCodecName
      ? { ...put, digest, ...(output.sha256 === undefined ? {} : { sha256: output.sha256 }) }
      : put;
  const known = local.history.action(record.key)?.outputs ?? record.outputs;
  local.record({
    ...record,
    outputs: known.map((each) => (each.digest === digest && each.product === product ? brought : each)),
  });
  return brought;
}

async function fetchBytes(output: Output, { blobs, index }: Fetching): Promise<Uint8Array> {
  const { sha256 = "" } = output;
  const bytes = index.small(sha256) ?? (await blobs.get(blobName(sha256)));
  if (bytes === undefined) throw damaged(output, "its bytes are missing in the shared store");
  if (sha256Hex(bytes) !== sha256) throw damaged(output, "its bytes in the shared store were altered");
  return bytes;
}

/** allow-parameters: the output, a file of it, and where from and to. @returns where it was put */
async function fetchFile(output: Output, file: OutputFile, { blobs, folder }: Fetching): Promise<string> {
  const target = join(await folder.path(), randomUUID());
  const hash = createHash("sha256");
  const written = await open(target, "w");
  try {
    for (let start = 0; ; start += windowBytes) {
      const bytes = await blobs.range(blobName(file.sha256), { start, end: start + windowBytes });
      if (bytes === undefined) throw damaged(output, `its file ${file.path} is missing in the shared store`);
      hash.update(bytes);
      await written.writeFile(bytes);
      if (bytes.length < windowBytes) break;
    }
  } finally {
    await written.close();
  }
  if (hash.digest("hex") !== file.sha256)
    throw damaged(output, `its file ${file.path} was altered in the shared store`);
  return target;
}

function damaged({ product, digest }: Output, what: string): AlmanacError {
  return new AlmanacError("PRODUCT_DAMAGED", `product "${product}" cannot be fetched: ${what}`, {
    hint: "build it again",
    facts: { product, digest },
  });
}
