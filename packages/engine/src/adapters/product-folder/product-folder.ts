import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { AlmanacError } from "../../core/errors.ts";
import type { Output } from "../../core/steps/action.ts";
import { encodeAction } from "../../core/steps/action-bytes.ts";
import { createActionIndex } from "../../core/steps/action-index.ts";
import { createNoteIndex } from "../../core/steps/note-index.ts";
import type { StoreNote } from "../../core/steps/store-note.ts";
import { storedProducts } from "../../core/steps/stored-products.ts";
import { type DurableObserver, unobserved } from "../../ports/durable.ts";
import type { OpenProductStore, ProductStore } from "../../ports/product-store.ts";
import { openBlobs } from "./blobs.ts";
import { collect } from "./collect.ts";
import { currentGeneration, prepareFolder } from "./current-file.ts";
import type { FolderParts } from "./folder-parts.ts";
import { frameAt } from "./frames.ts";
import { type Leases, openLeases } from "./leases.ts";
import { type LogFile, openLog } from "./log-file.ts";
import { beginSession, type Owners, type Sessions } from "./sessions.ts";
import { storing } from "./store-errors.ts";
import { frameKinds, isHeld, put, verifiedBytes } from "./stored-bytes.ts";

/** What a product folder is made with. */
export interface ProductFolderOptions {
  readonly owners: Owners;
  readonly observer?: DurableObserver;
}

/**
 * Products in a folder: two append-only logs with checksums (`actions.log`; `small.log` for small products), larger
 * products as files named by their digest, and leases between processes. What is torn or damaged is passed over.
 */
export function createProductFolder(folder: string, options: ProductFolderOptions): ProductStore {
  return {
    place: folder,
    open: async () => (await openParts(folder, options)).open,
    collect: async (policy) => {
      const parts = await openParts(folder, options);
      try {
        return await collect(policy, parts);
      } finally {
        await parts.open.close();
      }
    },
  };
}

async function openParts(
  folder: string,
  { owners, observer = unobserved }: ProductFolderOptions,
): Promise<FolderParts> {
  storing(`open ${folder}`, () => prepareFolder(folder));
  const { sessions, leases } = await enter(folder, { owners, observer });
  const generation = currentGeneration(folder);
  const at = join(folder, generation);
  mkdirSync(at, { recursive: true });
  const log = openLog(join(at, "actions.log"), observer);
  const small = openLog(join(at, "small.log"), observer);
  const blobs = openBlobs(join(folder, "blobs"), observer);
  const actions = createActionIndex((place, length) => actionBytes(log, place, length));
  const notes = createNoteIndex(actions);
  const refresh = (): void => {
    small.look();
    log.refresh((chunk, { kind, start, end, at: place }) => {
      if (kind === frameKinds.action) {
        actions.add({ chunk, start, end, place });
        notes.acted(actions.lastStep);
      } else if (kind === frameKinds.note)
        notes.add(JSON.parse(chunk.toString("utf8", start, end)) as StoreNote);
    });
  };
  const holds = (output: Output): boolean => isHeld(output, { small, blobs });
  const history = notes.history(holds);
  refresh();
  const flush = async (): Promise<void> => {
    await blobs.sync();
    await Promise.all([small.sync(), log.sync()]);
  };
  const open: OpenProductStore = {
    history,
    refresh,
    flush,
    put: (product) => put(product, { small, blobs }),
    record: (action) => {
      log.append(frameKinds.action, encodeAction(action));
      refresh();
    },
    note: (note) => {
      log.append(frameKinds.note, Buffer.from(JSON.stringify(note)));
      refresh();
    },
    bytes: (output) => verifiedBytes(output, { small, blobs }),
    file: (output, path) => blobs.path(output.files?.find((each) => each.path === path)?.sha256 ?? ""),
    lease: (name) => leases.take(name),
    products: ({ all }) => storedProducts(actions, notes, { all, holds }),
    pins: () => [...notes.pins.values()],
    accepted: notes.accepted,
    close: async () => {
      await flush();
      log.close();
      small.close();
      sessions.end();
    },
  };
  return { folder, generation, open, actions, notes, small, blobs, sessions, leases, observer };
}

/** The bytes of an action, which were whole when they were first read. allow-parameters: the log, where, and how many */
function actionBytes(log: LogFile, place: number, length: number): Buffer {
  const bytes = log.read(place, length);
  const found = frameAt(bytes, 0);
  if (found !== undefined) return bytes.subarray(found.start, found.end);
  throw new AlmanacError("STORE_UNAVAILABLE", "actions.log has changed while it was in use", {
    hint: "run the command again",
  });
}

/** Begins a session; not while the folder is being compacted, which checks for sessions after it has said so. */
async function enter(
  folder: string,
  { owners, observer }: { readonly owners: Owners; readonly observer: DurableObserver },
): Promise<{ readonly sessions: Sessions; readonly leases: Leases }> {
  for (;;) {
    const sessions = beginSession(join(folder, "sessions"), owners);
    const leases = openLeases(join(folder, "leases"), sessions, { observer });
    if (!leases.isHeld("compact")) {
      sessions.hasOthers();
      leases.sweep();
      return { sessions, leases };
    }
    sessions.end();
    await wait(50);
  }
}
