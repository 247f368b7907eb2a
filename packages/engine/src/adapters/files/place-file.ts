import { constants } from "node:fs";
import { chmod, copyFile, type FileHandle, link, lstat, open } from "node:fs/promises";
import { join } from "node:path";
import type { PromotedFile, PromotedSource } from "../../ports/fragment-store.ts";

/** Published files are read-only for everybody. */
const publishedMode = 0o444;

/** What the file system says when it cannot link. */
const unlinkable: ReadonlySet<string> = new Set(["EXDEV", "EPERM", "EMLINK", "ENOTSUP", "EOPNOTSUPP"]);

/**
 * Puts one file into a folder that is being built, its bytes on disk, read-only: by link where that is safe, else as
 * a clone or copy.
 * @param folder absolute, with the file's own folders made
 */
export async function placeFile(folder: string, { path, from }: PromotedFile): Promise<void> {
  const place = join(folder, path);
  if ("bytes" in from) return writeNew(place, from.bytes);
  const file = from.store.localFile(from.fragment, path);
  if (file !== undefined) return bring(file, { place, from });
  const bytes = await from.store.read(from.fragment, path);
  return writeNew(place, bytes ?? new Uint8Array());
}

async function writeNew(place: string, bytes: Uint8Array): Promise<void> {
  const handle = await open(place, "wx", publishedMode);
  await finish(handle, () => handle.writeFile(bytes));
}

async function bring(
  file: string,
  { place, from }: { readonly place: string; readonly from: PromotedSource },
): Promise<void> {
  if (from.linkable && (await tryLink(file, place))) {
    if (!from.synced) await finish(await open(place, "r"), () => Promise.resolve());
    return chmod(place, publishedMode);
  }
  await copyFile(file, place, constants.COPYFILE_FICLONE | constants.COPYFILE_EXCL);
  // A copy has the mode of its source, which may not be readable for others, or not writable.
  await chmod(place, 0o644);
  const handle = await open(place, "r+");
  await finish(handle, () => handle.chmod(publishedMode));
}

/** Does the last thing with a file, then fsyncs and closes it. */
async function finish(handle: FileHandle, last: () => Promise<void>): Promise<void> {
  try {
    await last();
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/**
 * Links a regular file that has no other name: nobody can change it through one.
 * @returns false if it was not linked
 */
async function tryLink(file: string, place: string): Promise<boolean> {
  const found = await lstat(file);
  if (!found.isFile() || found.nlink > 1) return false;
  try {
    await link(file, place);
    return true;
  } catch (error) {
    if (unlinkable.has((error as NodeJS.ErrnoException).code ?? "")) return false;
    throw error;
  }
}

/** Writes a folder's entries to disk. */
export async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, "r");
  await finish(handle, () => Promise.resolve());
}
