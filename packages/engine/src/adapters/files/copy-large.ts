import { createHash } from "node:crypto";
import { constants, createReadStream } from "node:fs";
import { copyFile, open, rm } from "node:fs/promises";
import { AlmanacError } from "../../core/errors.ts";

/** From this size on a copy is made piece by piece: it may take long enough to be watched and ended. */
export const largeBytes = 8 * 1024 * 1024;

/** Bytes copied at a time. */
const chunkBytes = 1024 * 1024;

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
    const hash = createHash("sha256");
    let done = 0;
    for await (const piece of createReadStream(file, {
      highWaterMark: chunkBytes,
    }) as AsyncIterable<Buffer>) {
      how.signal?.throwIfAborted();
      hash.update(piece);
      for (let at = 0; at < piece.length; )
        at += (await target.write(piece, at, piece.length - at, done + at)).bytesWritten;
      done += piece.length;
      how.progress?.(done);
    }
    const found = hash.digest("hex");
    if (found !== sha256) throw changed({ file, found, sha256 });
  } catch (error) {
    await rm(place, { force: true });
    throw error;
  } finally {
    await target.close();
  }
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
