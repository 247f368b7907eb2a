import { createHash, randomUUID } from "node:crypto";
import { createReadStream, existsSync, mkdirSync, statSync } from "node:fs";
import { open, readdir, readFile, rename, rm, stat } from "node:fs/promises";
import { dirname, join } from "node:path";
import { type DurableObserver, observedAsync } from "../../ports/durable.ts";
import { storeError, storingAsync } from "./store-errors.ts";

/** Files named by the digest of their bytes. */
export interface Blobs {
  /** Writes bytes durably; their digest is given. */
  write(sha256: string, bytes: Uint8Array): Promise<void>;
  /** Copies a file in durably and takes its digest meanwhile. */
  copy(from: string): Promise<{ readonly sha256: string; readonly bytes: number }>;
  /** The bytes of a blob, not verified; undefined when there is none. */
  read(sha256: string): Promise<Uint8Array | undefined>;
  /** Digest of a blob's bytes as they are now; undefined when there is none. */
  digest(sha256: string): Promise<string | undefined>;
  /** Removes a blob, if there is one. */
  remove(sha256: string): Promise<void>;
  /** Every blob by name, with its size. */
  list(): Promise<readonly { readonly sha256: string; readonly bytes: number }[]>;
  path(sha256: string): string;
  /** True if it is there with this size. */
  holds(sha256: string, bytes: number): boolean;
  /** Waits until the names are on disk. */
  sync(): Promise<void>;
}

/** Blobs below a folder. */
export function openBlobs(folder: string, observer: DurableObserver): Blobs {
  const unsynced = new Set<string>();
  const path = (sha256: string): string => join(folder, sha256.slice(0, 2), sha256);
  const place = placing({ folder, path, unsynced, observer });
  return {
    path,
    write: async (sha256, bytes) => {
      await place(async (temporary) => {
        await writeSynced(temporary, [bytes]);
        return sha256;
      });
    },
    copy: async (from) => {
      const hash = createHash("sha256");
      let bytes = 0;
      const sha256 = await place(async (temporary) => {
        // Read as it is written: a listener would let chunks go by before the file is open.
        const counted = async function* (): AsyncGenerator<Buffer> {
          for await (const chunk of createReadStream(from) as AsyncIterable<Buffer>) {
            hash.update(chunk);
            bytes += chunk.length;
            yield chunk;
          }
        };
        await writeSynced(temporary, counted());
        return hash.digest("hex");
      });
      return { sha256, bytes };
    },
    read: async (sha256) => {
      try {
        return await readFile(path(sha256));
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
        throw storeError(error, `read ${path(sha256)}`);
      }
    },
    digest: async (sha256) => {
      const hash = createHash("sha256");
      try {
        for await (const chunk of createReadStream(path(sha256))) hash.update(chunk as Buffer);
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
        throw storeError(error, `read ${path(sha256)}`);
      }
      return hash.digest("hex");
    },
    remove: (sha256) => storingAsync(`remove ${path(sha256)}`, () => rm(path(sha256), { force: true })),
    list: () => storingAsync(`list ${folder}`, () => listBlobs(folder)),
    holds: (sha256, bytes) => existsSync(path(sha256)) && statSync(path(sha256)).size === bytes,
    sync: async () => {
      const folders = [...unsynced];
      unsynced.clear();
      for (const each of folders) await syncFolder(each);
    },
  };
}

interface Placing {
  readonly folder: string;
  readonly path: (sha256: string) => string;
  /** Folders whose entries are not on disk yet. */
  readonly unsynced: Set<string>;
  readonly observer: DurableObserver;
}

/** Writes a file under a temporary name, fsyncs it and gives it the name of its digest. */
function placing({ folder, path, unsynced, observer }: Placing) {
  const made = new Set<string>();
  const ready = (parent: string): void => {
    if (made.has(parent)) return;
    mkdirSync(parent, { recursive: true });
    made.add(parent);
    unsynced.add(folder);
  };
  return (fill: (temporary: string) => Promise<string>): Promise<string> =>
    storingAsync(`write ${folder}`, () =>
      observedAsync(observer, "products.blob", async () => {
        const temporary = join(folder, `.new-${randomUUID()}`);
        try {
          const sha256 = await fill(temporary);
          ready(dirname(path(sha256)));
          await rename(temporary, path(sha256));
          unsynced.add(dirname(path(sha256)));
          return sha256;
        } catch (error) {
          await rm(temporary, { force: true });
          throw error;
        }
      }),
    );
}

async function writeSynced(
  path: string,
  chunks: Iterable<Uint8Array> | AsyncIterable<Uint8Array>,
): Promise<void> {
  const file = await open(path, "wx", 0o644);
  try {
    await file.writeFile(chunks);
    await file.sync();
  } finally {
    await file.close();
  }
}

async function listBlobs(
  folder: string,
): Promise<readonly { readonly sha256: string; readonly bytes: number }[]> {
  const found = await readdir(folder, { recursive: true, withFileTypes: true });
  return Promise.all(
    found
      .filter((each) => each.isFile() && /^[0-9a-f]{64}$/.test(each.name))
      .map(async ({ name, parentPath }) => ({
        sha256: name,
        bytes: (await stat(join(parentPath, name))).size,
      })),
  );
}

async function syncFolder(path: string): Promise<void> {
  const folder = await open(path, "r");
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}
