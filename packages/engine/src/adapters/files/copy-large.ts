import { createHash } from "node:crypto";
import { constants, createReadStream } from "node:fs";
import { copyFile, type FileHandle, open, rm } from "node:fs/promises";
import { AlmanacError } from "../../core/errors.ts";

/** From this size on a copy is made piece by piece: it may take long enough to be watched and ended. */
export const largeBytes = 8 * 1024 * 1024;

/** Bytes copied at a time. */
const chunkBytes = 1024 * 1024;

/** Bytes after which the disk begins to write: at the end there is that much left to wait for. */
const syncedBytes = 32 * chunkBytes;

/** What the file system says when it cannot clone. */
const uncloneable: ReadonlySet<string> = new Set([
  ...["EINVAL", "ENOSYS", "ENOTSUP", "ENOTTY", "EOPNOTSUPP", "EPERM", "EXDEV"],
]);

/** Until when a copy goes on, and who is told. */
export interface CopyHow {
  readonly signal?: AbortSignal | undefined;
  readonly progress?: ((doneBytes: number) => void) | undefined;
}

/**
 * Copies a large file: as a clone where the file system can, which takes no time; else piece by piece, hashed on the way.
 * A copy that is ended or fails leaves nothing.
 * @param to.place absolute; must not exist
 * @throws ARTIFACT_INVALID when what was read has another digest; errors of the file system; the signal's reason
 */
export async function copyLarge(
  file: string,
  { place, sha256, how }: { readonly place: string; readonly sha256: string; readonly how: CopyHow },
): Promise<void> {
  how.signal?.throwIfAborted();
  if (await cloned(file, place)) return;
  const target = await open(place, "wx", 0o644);
  try {
    const found = await copyPieces(file, target, how);
    if (found !== sha256) throw changed({ file, found, sha256 });
  } catch (error) {
    await rm(place, { force: true });
    throw error;
  } finally {
    await target.close();
  }
}

/**
 * Copies piece by piece: while one is written the next is read and hashed, and what was written before goes to disk.
 * @returns the digest of what was read
 */
// allow-parameters: from where, to where, how
async function copyPieces(file: string, target: FileHandle, how: CopyHow): Promise<string> {
  const hash = createHash("sha256");
  let done = 0;
  let writing = Promise.resolve();
  let syncing = Promise.resolve();
  try {
    const pieces = createReadStream(file, { highWaterMark: chunkBytes }) as AsyncIterable<Buffer>;
    for await (const piece of pieces) {
      how.signal?.throwIfAborted();
      hash.update(piece);
      await writing;
      how.progress?.(done);
      writing = writeAt(target, piece, done);
      // allow-catch: awaited with the next piece, where it is thrown
      writing.catch(() => {});
      const before = done;
      done += piece.length;
      if (Math.floor(before / syncedBytes) === Math.floor(done / syncedBytes)) continue;
      await syncing;
      syncing = target.datasync();
      // allow-catch: awaited before the next one, where it is thrown
      syncing.catch(() => {});
    }
    await writing;
    how.progress?.(done);
    // What the disk refused is told once, to who asked first.
    await syncing;
    return hash.digest("hex");
  } finally {
    // The file is closed next.
    await Promise.allSettled([writing, syncing]);
  }
}

// allow-parameters: as Node's own
async function writeAt(target: FileHandle, piece: Buffer, position: number): Promise<void> {
  for (let at = 0; at < piece.length; )
    at += (await target.write(piece, at, piece.length - at, position + at)).bytesWritten;
}

async function cloned(file: string, place: string): Promise<boolean> {
  try {
    await copyFile(file, place, constants.COPYFILE_FICLONE_FORCE | constants.COPYFILE_EXCL);
    return true;
  } catch (error) {
    if (uncloneable.has((error as NodeJS.ErrnoException).code ?? "")) return false;
    throw error;
  }
}

function changed(facts: {
  readonly file: string;
  readonly found: string;
  readonly sha256: string;
}): AlmanacError {
  const { file, found, sha256 } = facts;
  return new AlmanacError(
    "ARTIFACT_INVALID",
    `${file} has changed while it was copied: sha256 ${found}, not ${sha256}`,
    { hint: "nobody may write to a registered file; publish again", facts },
  );
}
