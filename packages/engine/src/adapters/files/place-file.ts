import {
  chmodSync,
  closeSync,
  constants,
  fchmodSync,
  fsync,
  linkSync,
  lstatSync,
  openSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { copyFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import type { PromotedFile, PromotedSource } from "../../ports/fragment-store.ts";
import { type CopyHow, copyLarge, largeBytes } from "./copy-large.ts";

const fsyncSoon = promisify(fsync);

/** Published files are read-only for everybody. */
const publishedMode = 0o444;

/** What the file system says when it cannot link. */
const unlinkable: ReadonlySet<string> = new Set(["EXDEV", "EPERM", "EMLINK", "ENOTSUP", "EOPNOTSUPP"]);

/** A file, and how it is placed. */
export interface FileToPlace {
  readonly file: PromotedFile;
  readonly how: CopyHow;
}

/**
 * Puts one file into a folder that is being built, its bytes on disk, read-only: by link where that is safe, else as
 * a clone or copy. What takes long (copying, fsync) leaves the event loop free; the rest takes microseconds and does not.
 * @param folder absolute, with the file's own folders made
 */
export async function placeFile(folder: string, { file, how }: FileToPlace): Promise<void> {
  const { path, from, sha256 } = file;
  const place = join(folder, path);
  if ("bytes" in from) return writeNew(place, from.bytes);
  const local = from.store.localFile(from.fragment, path);
  if (local !== undefined) return bring(local, { place, from, sha256, how });
  const bytes = await from.store.read(from.fragment, path);
  return writeNew(place, bytes ?? new Uint8Array());
}

async function writeNew(place: string, bytes: Uint8Array): Promise<void> {
  await finish(openSync(place, "wx", publishedMode), (file) => writeFileSync(file, bytes));
}

async function bring(
  file: string,
  {
    place,
    from,
    ...copy
  }: {
    readonly place: string;
    readonly from: PromotedSource;
    readonly sha256: string;
    readonly how: CopyHow;
  },
): Promise<void> {
  if (from.linkable && tryLink(file, place)) {
    if (from.synced) chmodSync(place, publishedMode);
    else await finish(openSync(place, "r"), (opened) => fchmodSync(opened, publishedMode));
    return;
  }
  if (statSync(file).size >= largeBytes) await copyLarge(file, { ...copy, place });
  else await copyFile(file, place, constants.COPYFILE_FICLONE | constants.COPYFILE_EXCL);
  // A copy has the mode of its source, which may not be readable for others, or not writable.
  chmodSync(place, 0o644);
  await finish(openSync(place, "r+"), (opened) => fchmodSync(opened, publishedMode));
}

/** Does the last thing with an open file, then fsyncs and closes it. */
async function finish(file: number, last: (file: number) => void): Promise<void> {
  try {
    last(file);
    await fsyncSoon(file);
  } finally {
    closeSync(file);
  }
}

/**
 * Links a regular file that has no other name: nobody can change it through one.
 * @returns false if it was not linked
 */
function tryLink(file: string, place: string): boolean {
  const found = lstatSync(file);
  if (!found.isFile() || found.nlink > 1) return false;
  try {
    linkSync(file, place);
    return true;
  } catch (error) {
    if (unlinkable.has((error as NodeJS.ErrnoException).code ?? "")) return false;
    throw error;
  }
}

/** Writes a folder's entries, or the bytes of a file, to disk. */
export async function syncToDisk(place: string): Promise<void> {
  await finish(openSync(place, "r"), () => {});
}
