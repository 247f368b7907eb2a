import { createHash, randomUUID } from "node:crypto";
import { createReadStream } from "node:fs";
import { mkdir, open, readdir, readFile, rename, rm, stat } from "node:fs/promises";
import { dirname, join } from "node:path";
import { AlmanacError, type ErrorCode } from "../../core/errors.ts";
import { otherDigest, requireBlobName } from "../../core/identity/blob-name.ts";
import type { BlobContent, BlobEntry, BlobStore, ByteSpan } from "../../ports/blob-store.ts";
import { type DurableObserver, observedAsync, unobserved } from "../../ports/durable.ts";

/**
 * Blobs as files below a folder, which several people and machines may share. The folder must be there: one that is not mounted is
 * unavailable, not empty.
 */
export function createBlobFolder(folder: string, observer: DurableObserver = unobserved): BlobStore {
  // Folders whose entry in the folder above is on disk.
  const synced = new Set<string>([folder]);
  const pathOf = (name: string): string => {
    requireBlobName(name);
    return join(folder, ...name.split("/"));
  };
  return {
    place: folder,
    put: (name, content, sha256) =>
      reaching(`write ${name} in ${folder}`, () =>
        observedAsync(observer, "blobs.put", () =>
          put(folder, pathOf(name), { name, content, sha256, synced }),
        ),
      ),
    get: (name) =>
      reaching(`read ${name} in ${folder}`, () => absentWhenMissing(() => readFile(pathOf(name)))),
    range: (name, span) =>
      reaching(`read ${name} in ${folder}`, () => absentWhenMissing(() => readSpan(pathOf(name), span))),
    list: (prefix) => list(folder, prefix),
    delete: (name) => reaching(`remove ${name} in ${folder}`, () => rm(pathOf(name), { force: true })),
  };
}

interface Put {
  readonly name: string;
  readonly content: BlobContent;
  readonly sha256: string;
  readonly synced: Set<string>;
}

// allow-parameters: the store, the file in it and what is put
async function put(folder: string, path: string, { name, content, sha256, synced }: Put): Promise<void> {
  await stat(folder);
  await makeFolders(folder, dirname(name));
  const temporary = join(folder, `.new-${randomUUID()}`);
  try {
    const found = await writeSynced(temporary, content);
    if (found !== sha256) throw otherDigest(name, sha256, { found });
    await rename(temporary, path);
    await syncFolder(dirname(path));
    // Whoever made the folders above may not have brought them to disk.
    for (let above = dirname(path); !synced.has(above) && above !== dirname(above); above = dirname(above)) {
      await syncFolder(dirname(above));
      synced.add(above);
    }
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
}

/** Makes the folders of a name, each tried once: below some, as /proc, Node's own recursive way tries forever. */
async function makeFolders(folder: string, name: string): Promise<void> {
  let at = folder;
  for (const part of name.split("/")) {
    at = join(at, part);
    try {
      await mkdir(at);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
    }
  }
}

/** @returns digest of what was written */
async function writeSynced(path: string, content: BlobContent): Promise<string> {
  const hash = createHash("sha256");
  const file = await open(path, "wx", 0o644);
  try {
    if ("bytes" in content) {
      hash.update(content.bytes);
      await file.writeFile(content.bytes);
    } else
      for await (const chunk of createReadStream(content.file)) {
        hash.update(chunk as Buffer);
        await file.writeFile(chunk as Buffer);
      }
    await file.sync();
  } finally {
    await file.close();
  }
  return hash.digest("hex");
}

async function readSpan(path: string, { start, end }: ByteSpan): Promise<Uint8Array> {
  const file = await open(path, "r");
  try {
    const bytes = Buffer.alloc(Math.max(0, Math.min(end, (await file.stat()).size) - start));
    const { bytesRead } = await file.read(bytes, 0, bytes.length, start);
    return bytes.subarray(0, bytesRead);
  } finally {
    await file.close();
  }
}

async function* list(folder: string, prefix: string): AsyncGenerator<BlobEntry> {
  const top = prefix.replace(/\/$/, "");
  const found = await reaching(`list ${folder}`, async () => {
    await stat(folder);
    const path = join(folder, ...top.split("/"));
    if (!prefix.endsWith("/")) return [{ name: top, path }];
    const entries = await absentWhenMissing(() => readdir(path, { recursive: true, withFileTypes: true }));
    return (entries ?? [])
      .filter((each) => each.isFile() && !each.name.startsWith("."))
      .map(({ parentPath, name }) => {
        const below = join(parentPath, name).slice(path.length + 1);
        return { name: [top, ...below.split(/[\\/]/)].join("/"), path: join(parentPath, name) };
      });
  });
  for (const { name, path } of found) {
    const stats = await reaching(`list ${folder}`, () => absentWhenMissing(() => stat(path)));
    if (stats?.isFile() === true) yield { name, bytes: stats.size };
  }
}

async function syncFolder(path: string): Promise<void> {
  const folder = await open(path, "r");
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}

async function absentWhenMissing<T>(operation: () => Promise<T>): Promise<T | undefined> {
  try {
    return await operation();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
}

const codes: Readonly<Record<string, ErrorCode>> = { ENOSPC: "DISK_FULL", EDQUOT: "DISK_FULL" };

/** Runs an operation of the file system and translates its errors. */
async function reaching<T>(doing: string, operation: () => Promise<T>): Promise<T> {
  try {
    return await operation();
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (error instanceof AlmanacError || code === undefined) throw error;
    throw new AlmanacError(codes[code] ?? "STORE_UNAVAILABLE", `cannot ${doing}: ${message}`, {
      hint: code === "ENOENT" ? "make the folder, or mount it" : "make the folder readable and writable",
      facts: { errno: code },
      cause: error,
    });
  }
}
