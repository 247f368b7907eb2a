import { isAlmanacError } from "../../core/errors.ts";
import { sha256Hex } from "../../core/identity/digest.ts";
import type { ActionRecord, Output } from "../../core/steps/action.ts";
import type { CodeFacts } from "../../core/steps/code-facts.ts";
import { decodeItemKeys, itemsCodecName } from "../../core/steps/items-codec.ts";
import { replaces, type SharedActions } from "../../core/steps/shared-actions.ts";
import { writeSharedActions } from "../../documents/shared-actions.ts";
import type { BlobStore } from "../../ports/blob-store.ts";
import type { OpenProductStore } from "../../ports/product-store.ts";
import { blobName } from "./fetch-output.ts";
import type { SharedIndex } from "./shared-index.ts";

/** Where actions are left from and to. */
export interface Leaving {
  readonly local: OpenProductStore;
  readonly blobs: BlobStore;
  readonly index: SharedIndex;
  /** Where parts of the index of this pipeline lie. */
  readonly prefix: string;
}

/** Up to this many bytes a product lies in the index itself. */
const smallBytes = 4096;
/** Actions in one part of the index. */
const actionsAtOnce = 1000;

/**
 * Leaves the actions that the shared store lacks, items of map steps too: first their bytes, then the part of the index that names
 * them. Products that turn out to be damaged here are not passed on.
 * @throws STORE_UNAVAILABLE, DISK_FULL
 */
export async function leaveActions(keys: readonly string[], leaving: Leaving): Promise<void> {
  const lacking = await lackingActions(keys, leaving);
  for (let from = 0; from < lacking.length; from += actionsAtOnce)
    await leavePart(lacking.slice(from, from + actionsAtOnce), leaving);
}

async function lackingActions(keys: readonly string[], leaving: Leaving): Promise<readonly ActionRecord[]> {
  const found = new Map<string, ActionRecord>();
  const open = [...keys];
  for (let key = open.pop(); key !== undefined; key = open.pop()) {
    const record = lackingAction(key, leaving);
    if (record === undefined || found.has(key)) continue;
    found.set(key, record);
    for (const output of record.outputs)
      if (output.codec === itemsCodecName) open.push(...(await itemsOf(output, leaving)));
  }
  return [...found.values()];
}

/** An own action that the shared store does not have, or has as it was before it was made anew. */
function lackingAction(key: string, { local, index }: Leaving): ActionRecord | undefined {
  const action = local.history.action(key);
  if (action === undefined) return undefined;
  const known = index.record(key);
  if (known === undefined) return local.history.record(action);
  const isSame = action.outputs.every(({ digest }, at) => digest === known.outputs[at]?.digest);
  if (isSame) return undefined;
  const record = local.history.record(action);
  return replaces(record, known) ? record : undefined;
}

async function itemsOf(output: Output, { local }: Leaving): Promise<readonly string[]> {
  const bytes = await ownBytes(output, local);
  return bytes === undefined ? [] : decodeItemKeys(bytes);
}

async function leavePart(
  records: readonly ActionRecord[],
  { blobs, index, prefix, local }: Leaving,
): Promise<void> {
  const part = {
    actions: [] as ActionRecord[],
    codes: new Map<string, CodeFacts>(),
    small: new Map<string, Uint8Array>(),
  };
  for (const record of records) {
    const outputs: Output[] = [];
    for (const output of record.outputs) {
      const left = await leaveOutput(output, { blobs, local, small: part.small });
      if (left !== undefined) outputs.push(left);
    }
    if (outputs.length !== record.outputs.length) continue;
    part.actions.push({ ...record, outputs });
    const code = local.history.code(record.ingredients.code);
    if (code !== undefined) part.codes.set(code.digest, code);
  }
  if (part.actions.length === 0) return;
  const shared: SharedActions = { ...part, codes: [...part.codes.values()] };
  const bytes = new TextEncoder().encode(writeSharedActions(shared));
  const sha256 = sha256Hex(bytes);
  await blobs.put(`${prefix}${sha256}`, { bytes }, sha256);
  index.add(shared);
}

/** @returns the output as others read it; undefined when it is damaged here */
async function leaveOutput(
  output: Output,
  { blobs, local, small }: Pick<Leaving, "blobs" | "local"> & { readonly small: Map<string, Uint8Array> },
): Promise<Output | undefined> {
  const { product, codec, digest, bytes: size, files } = output;
  const bare = { product, codec, digest, bytes: size, ...(files === undefined ? {} : { files }) };
  if (codec === "live") return bare;
  const bytes = await ownBytes(output, local);
  if (bytes === undefined) return undefined;
  const sha256 = sha256Hex(bytes);
  if (bytes.length <= smallBytes) small.set(sha256, bytes);
  else await putOnce(blobs, sha256, { bytes });
  for (const file of files ?? []) await putOnce(blobs, file.sha256, { file: local.file(output, file.path) });
  return { ...bare, sha256 };
}

// allow-parameters: where to, under which digest, and what
async function putOnce(
  blobs: BlobStore,
  sha256: string,
  content: Parameters<BlobStore["put"]>[1],
): Promise<void> {
  const name = blobName(sha256);
  for await (const _ of blobs.list(name)) return;
  await blobs.put(name, content, sha256);
}

async function ownBytes(output: Output, local: OpenProductStore): Promise<Uint8Array | undefined> {
  try {
    return await local.bytes(output);
  } catch (error) {
    // It will be found out, and told, when somebody wants to load it.
    if (isAlmanacError(error, "PRODUCT_DAMAGED")) return undefined;
    throw error;
  }
}
