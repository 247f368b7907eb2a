import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { type FileHandle, open, rm, stat } from "node:fs/promises";
import { pipeline } from "node:stream/promises";
import { writeError } from "./download-errors.ts";

/** Bytes read at a time: hashing is then what takes the time. */
const chunkBytes = 1024 * 1024;

/** Bytes that a partial file holds; none when it is not there. */
export async function partialBytes(file: string): Promise<number> {
  try {
    return (await stat(file)).size;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return 0;
    throw writeError(error, file);
  }
}

/**
 * Writes pieces from some byte on; what stood behind it is gone. At the end all of it is on disk.
 * @param how.wrote told after each piece how many bytes the file has
 * @throws DISK_FULL, STORE_UNAVAILABLE; what the pieces throw
 */
export async function writePieces(
  file: string,
  {
    from,
    pieces,
    wrote,
  }: {
    readonly from: number;
    readonly pieces: AsyncIterable<Uint8Array>;
    readonly wrote: (bytes: number) => void;
  },
): Promise<void> {
  const handle = await writing(file, () => open(file, from === 0 ? "w" : "r+"));
  try {
    await writing(file, () => handle.truncate(from));
    let at = from;
    for await (const piece of pieces) {
      await writing(file, () => writeAll(handle, { piece, at }));
      at += piece.length;
      wrote(at);
    }
    await writing(file, () => handle.sync());
  } finally {
    await handle.close();
  }
}

async function writeAll(
  handle: FileHandle,
  { piece, at }: { readonly piece: Uint8Array; readonly at: number },
): Promise<void> {
  for (let done = 0; done < piece.length; )
    done += (await handle.write(piece, done, piece.length - done, at + done)).bytesWritten;
}

/** SHA-256 in hex. @throws STORE_UNAVAILABLE */
export async function partialDigest(file: string, signal: AbortSignal): Promise<string> {
  const hash = createHash("sha256");
  try {
    await pipeline(createReadStream(file, { highWaterMark: chunkBytes }), hash, { signal });
  } catch (error) {
    signal.throwIfAborted();
    throw writeError(error, file);
  }
  return hash.digest("hex");
}

/** Removes a partial file; none is no error. */
export async function removePartial(file: string): Promise<void> {
  await writing(file, () => rm(file, { force: true }));
}

async function writing<T>(file: string, operation: () => Promise<T>): Promise<T> {
  try {
    return await operation();
  } catch (error) {
    throw writeError(error, file);
  }
}
