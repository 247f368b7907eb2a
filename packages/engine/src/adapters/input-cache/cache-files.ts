import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { mkdir, open, readdir, stat } from "node:fs/promises";
import path from "node:path";
import { pipeline } from "node:stream/promises";
import { AlmanacError, type ErrorCode } from "../../core/errors.ts";

/** Bytes read at a time: hashing is then what takes the time. */
const chunkBytes = 1024 * 1024;

const codes: Readonly<Record<string, ErrorCode>> = { ENOSPC: "DISK_FULL", EDQUOT: "DISK_FULL" };

/** An error of the file system as one of the cache's; any other is thrown as it is. */
export function cacheError(error: unknown, folder: string): unknown {
  if (error instanceof AlmanacError) return error;
  const { code, message } = error as NodeJS.ErrnoException;
  if (code === undefined || !/^E[A-Z0-9]+$/.test(code)) return error;
  return new AlmanacError(
    codes[code] ?? "STORE_UNAVAILABLE",
    `the cache of inputs ${folder} cannot be used: ${message}`,
    {
      hint:
        codes[code] === "DISK_FULL"
          ? "make room; almanac cache evict removes inputs that can be fetched again"
          : "make the folder readable and writable, or set cache.folder to another one",
      facts: { errno: code },
      cause: error,
    },
  );
}

/** What an operation of the file system gives; undefined when there is nothing of the name. */
export async function unlessAbsent<T>(operation: () => Promise<T>): Promise<T | undefined> {
  try {
    return await operation();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
}

/** Names in a folder, in order; none when it is not there. */
export async function namesIn(folder: string): Promise<readonly string[]> {
  return ((await unlessAbsent(() => readdir(folder))) ?? []).sort();
}

/** Size and time of a file; undefined when it is not there. */
export async function factsOf(
  file: string,
): Promise<{ readonly sizeBytes: number; readonly changedMs: number } | undefined> {
  const found = await unlessAbsent(() => stat(file));
  return found && { sizeBytes: found.size, changedMs: found.mtimeMs };
}

/** SHA-256 of a file in hex; undefined when it is not there. @throws the signal's reason */
export async function digestOfFile(file: string, signal: AbortSignal): Promise<string | undefined> {
  const hash = createHash("sha256");
  return await unlessAbsent(async () => {
    await pipeline(createReadStream(file, { highWaterMark: chunkBytes }), hash, { signal });
    return hash.digest("hex");
  });
}

/** Makes a folder and those above it. */
export async function makeFolder(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true });
}

/** Sets the time of a file that only has one, making it. */
export async function touch(file: string): Promise<void> {
  const handle = await open(file, "a");
  try {
    const now = new Date();
    await handle.utimes(now, now);
  } finally {
    await handle.close();
  }
}

/** Brings the entries of the folder of a file to disk. */
export async function syncFolderOf(file: string): Promise<void> {
  const handle = await open(path.dirname(file), "r");
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
