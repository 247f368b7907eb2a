import { readFileSync } from "node:fs";
import { AlmanacError } from "../../core/errors.ts";
import { sha256Hex } from "../../core/identity/digest.ts";
import { encodeAction } from "../../core/steps/action-bytes.ts";
import { type ActionIndex, createActionIndex } from "../../core/steps/action-index.ts";
import { selectForRemoval } from "../../core/steps/collection.ts";
import { createNoteIndex } from "../../core/steps/note-index.ts";
import { outputDigest } from "../../core/steps/output-digest.ts";
import { storedProducts, supersededBytes } from "../../core/steps/stored-products.ts";
import type {
  CollectionPolicy,
  CollectionReport,
  OpenProductStore,
  ProductStore,
} from "../../ports/product-store.ts";

/** Products that live as long as the process. Files that belong to a product stay where they are. */
export function createMemoryProducts(): ProductStore {
  const recorded: Buffer[] = [];
  const actions = createActionIndex((place) => recorded[place] ?? Buffer.alloc(0));
  const notes = createNoteIndex(actions);
  const bytes = new Map<string, Uint8Array>();
  const files = new Map<string, string>();
  const leases = new Set<string>();
  const open: OpenProductStore = {
    history: notes.history(({ sha256 }) => sha256 !== undefined && bytes.has(sha256)),
    refresh: () => {},
    put: async ({ product, codec, encoded }) => {
      const sha256 = sha256Hex(encoded.bytes);
      bytes.set(sha256, encoded.bytes.slice());
      const own = (encoded.files ?? []).map(({ path, from }) => {
        const content = readFileSync(from);
        const name = sha256Hex(content);
        files.set(name, from);
        return { path, sha256: name, bytes: content.length };
      });
      return {
        product,
        codec,
        digest: outputDigest(codec, sha256, own),
        bytes: encoded.bytes.length + own.reduce((sum, file) => sum + file.bytes, 0),
        sha256,
        ...(own.length === 0 ? {} : { files: own }),
      };
    },
    record: (action) => {
      const chunk = encodeAction(action);
      actions.add({ chunk, start: 0, end: chunk.length, place: recorded.push(chunk) - 1 });
      notes.acted(actions.lastStep);
    },
    note: (note) => notes.add(note),
    flush: () => Promise.resolve(),
    bytes: async ({ product, sha256 = "" }) => {
      const found = bytes.get(sha256);
      if (found !== undefined) return found.slice();
      throw new AlmanacError(
        "PRODUCT_DAMAGED",
        `product "${product}" cannot be loaded: its bytes are missing`,
      );
    },
    file: (output, path) => files.get(output.files?.find((each) => each.path === path)?.sha256 ?? "") ?? "",
    lease: (name) => {
      if (leases.has(name)) return undefined;
      leases.add(name);
      return { release: () => void leases.delete(name) };
    },
    products: ({ all }) => storedProducts(actions, notes, { all, holds: open.history.holds }),
    pins: () => [...notes.pins.values()],
    accepted: notes.accepted,
    close: () => Promise.resolve(),
  };
  return {
    place: "memory",
    open: () => Promise.resolve(open),
    collect: (policy) => Promise.resolve(collect(policy, { open, actions, bytes })),
  };
}

interface MemoryParts {
  readonly open: OpenProductStore;
  readonly actions: ActionIndex;
  readonly bytes: Map<string, Uint8Array>;
}

function collect(policy: CollectionPolicy, { open, actions, bytes }: MemoryParts): CollectionReport {
  const pinned = new Set(open.pins().map(({ key }) => key));
  const found = selectForRemoval(open.products({ all: true }), { ...policy, pinned });
  const superseded = supersededBytes(actions, open.history.holds);
  if (!policy.dryRun) {
    const kept = new Set(
      open
        .products({ all: true })
        .flatMap(({ key, output }) => (found.removedKeys.has(key) ? [] : [output.sha256])),
    );
    for (const name of bytes.keys()) if (!kept.has(name)) bytes.delete(name);
    for (const key of found.removedKeys) actions.remove(key);
  }
  const { removed, freedBytes, keptBytes, recomputeMs } = found;
  return { removed, freedBytes: freedBytes + superseded, keptBytes, recomputeMs, postponed: undefined };
}
