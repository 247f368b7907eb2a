import { AlmanacError, isAlmanacError } from "../../core/errors.ts";
import { sha256Hex } from "../../core/identity/digest.ts";
import type { Output } from "../../core/steps/action.ts";
import { parseSharedActions } from "../../documents/shared-actions.ts";
import type { BlobStore } from "../../ports/blob-store.ts";
import type { OpenProductStore, ProductStore, SharedSide } from "../../ports/product-store.ts";
import { fetchOutput } from "./fetch-output.ts";
import { leaveActions } from "./leave-actions.ts";
import { mergedHistory } from "./merged-history.ts";
import { createSharedIndex, type SharedIndex, sharedOrdinal } from "./shared-index.ts";
import { type TemporaryFolder, temporaryFolder } from "./temporary-folder.ts";

/** How products are shared. */
export interface SharingOptions {
  /** True: nothing is left there. */
  readonly readOnly?: boolean;
  /** True: a store that cannot be reached is an error. Default: it is told, and what is missing is made here. */
  readonly required?: boolean;
}

/**
 * A product store that looks up what it lacks among others' products in a blob store, fills itself from there, and leaves there
 * what it makes. Everything is verified by digest on its way. Leases, names, pins and accepted changes stay own.
 *
 * In the blob store: `blobs/<2 hex>/<sha256>` holds bytes; `index/<pipeline>/<sha256>` are parts of the index, never changed, with
 * small products in them.
 */
export function shareProducts(
  own: ProductStore,
  blobs: BlobStore,
  options: SharingOptions = {},
): ProductStore {
  return {
    place: own.place,
    collect: (policy) => own.collect(policy),
    open: async () => openShared(await own.open(), blobs, options),
  };
}

// allow-parameters: the own store, the shared one, and how
function openShared(local: OpenProductStore, blobs: BlobStore, options: SharingOptions): OpenProductStore {
  const index = createSharedIndex();
  const none = createSharedIndex();
  const folder = temporaryFolder();
  const known = { index, seen: new Set<string>(), brought: new Map<string, Output>() };
  const sharing: Sharing = { local, blobs, options, ...known, folder, isReachable: true };
  const shared = sideOf(sharing);
  return {
    ...local,
    history: mergedHistory({ ...local.history, holds: shared.isHere }, () =>
      sharing.isReachable ? index : none,
    ),
    bytes: (output) => local.bytes(ownForm(sharing, output)),
    file: (output, path) => local.file(ownForm(sharing, output), path),
    shared,
    close: async () => {
      await folder.remove();
      await local.close();
    },
  };
}

/** What an open store knows of others. */
interface Sharing {
  readonly local: OpenProductStore;
  readonly blobs: BlobStore;
  readonly options: SharingOptions;
  readonly index: SharedIndex;
  /** Parts of the index that were read. */
  readonly seen: Set<string>;
  /** Outputs that were brought here, by digest. */
  readonly brought: Map<string, Output>;
  readonly folder: TemporaryFolder;
  isReachable: boolean;
}

/** An output as the own store has it. */
function ownForm({ brought }: Sharing, output: Output): Output {
  return brought.get(output.digest) ?? output;
}

function sideOf(sharing: Sharing): SharedSide {
  const { local, blobs, index } = sharing;
  return {
    place: blobs.place,
    isHere: (output) => local.history.holds(ownForm(sharing, output)),
    look: (pipeline) => look(sharing, pipeline),
    adopt: (action) => {
      if (action.ordinal !== sharedOrdinal) return action;
      const record = index.record(action.key);
      if (record !== undefined && local.history.action(action.key) === undefined) local.record(record);
      return local.history.action(action.key) ?? action;
    },
    fetch: (output) => fetch(sharing, output),
    leave: (pipeline, keys) => leave(sharing, pipeline, { keys }),
  };
}

async function look(sharing: Sharing, pipeline: string): Promise<readonly string[]> {
  try {
    const remarks = await readIndex(prefixOf(pipeline), sharing);
    sharing.isReachable = true;
    return remarks;
  } catch (error) {
    sharing.isReachable = false;
    return [remarkOf(error, sharing.options, "what is missing is made here")];
  }
}

async function fetch(sharing: Sharing, output: Output): Promise<void> {
  try {
    sharing.brought.set(output.digest, await fetchOutput(output, sharing));
  } catch (error) {
    if (!isAlmanacError(error, "STORE_UNAVAILABLE") || sharing.options.required === true) throw error;
    sharing.isReachable = false;
    const message = `product "${output.product}" cannot be fetched: ${error.message}`;
    throw new AlmanacError("PRODUCT_DAMAGED", message, { cause: error });
  }
}

// allow-parameters: the two sides, whose products, and which
async function leave(
  sharing: Sharing,
  pipeline: string,
  { keys }: { readonly keys: readonly string[] },
): Promise<readonly string[]> {
  if (sharing.options.readOnly === true || !sharing.isReachable) return [];
  try {
    await leaveActions(keys, { ...sharing, prefix: prefixOf(pipeline) });
    return [];
  } catch (error) {
    return [remarkOf(error, sharing.options, "what was made here is not shared")];
  }
}

/** What went wrong is a remark, unless the store was asked for. */
// allow-parameters: the error, what was asked for, and what follows
function remarkOf(error: unknown, { required }: SharingOptions, follows: string): string {
  if (!isAlmanacError(error, "STORE_UNAVAILABLE") && !isAlmanacError(error, "DISK_FULL")) throw error;
  if (required === true) throw error;
  return `shared products: ${error.message}; ${follows}`;
}

function prefixOf(pipeline: string): string {
  return `index/${sha256Hex(pipeline).slice(0, 32)}/`;
}

/** Reads the parts of an index that are new. @returns what is wrong with some of them */
async function readIndex(prefix: string, { blobs, index, seen }: Sharing): Promise<readonly string[]> {
  const remarks: string[] = [];
  for await (const { name } of blobs.list(prefix)) {
    if (seen.has(name)) continue;
    const bytes = await blobs.get(name);
    // Collected meanwhile.
    if (bytes === undefined) continue;
    seen.add(name);
    if (sha256Hex(bytes) !== name.slice(prefix.length)) {
      remarks.push(`shared products: ${name} in ${blobs.place} was altered and is not used`);
      continue;
    }
    try {
      index.add(parseSharedActions(new TextDecoder().decode(bytes), name));
    } catch (error) {
      if (!isAlmanacError(error, "DOCUMENT_INVALID")) throw error;
      remarks.push(
        `shared products: ${error.message} and is not used${error.hint === undefined ? "" : `: ${error.hint}`}`,
      );
    }
  }
  return remarks;
}
