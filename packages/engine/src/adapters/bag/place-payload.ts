import {
  chmodSync,
  closeSync,
  constants,
  fsync,
  linkSync,
  lstatSync,
  mkdirSync,
  openSync,
  renameSync,
} from "node:fs";
import { copyFile, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { AlmanacError } from "../../core/errors.ts";
import type { BringHow, PayloadFile } from "../../ports/bags.ts";
import type { RemoteContent } from "../../ports/downloader.ts";
import type { InputCache } from "../../ports/input-cache.ts";
import { bagFileError } from "./bag-errors.ts";
import { digestFile } from "./digest-file.ts";

/** Files of bags are read-only for everybody. */
const bagMode = 0o444;

/** What the file system says when it cannot link. */
const unlinkable: ReadonlySet<string> = new Set(["EXDEV", "EPERM", "EMLINK", "ENOTSUP", "EOPNOTSUPP"]);

const syncToDisk = promisify(fsync);

/** What bringing files needs. */
export interface BringParts extends BringHow {
  /** What is elsewhere comes by it. */
  readonly cache: Pick<InputCache, "fetch">;
}

/**
 * Brings one file under a name that nobody looks at, checks it, and has it on disk, read-only.
 * @param temporary absolute; on the file system of the bag
 * @throws FILE_MISSING, ARTIFACT_INVALID when it is not there or not what it must be; as `InputCache.fetch`; nothing is left
 */
export async function bringFile(
  file: PayloadFile,
  { temporary, cache, signal, link = false }: BringParts & { readonly temporary: string },
): Promise<void> {
  const { origin } = file;
  try {
    const source = "file" in origin ? origin.file : await cache.fetch(remoteOf(file, origin.url), { signal });
    if (!link || !tryLink(source, temporary)) await copy(source, temporary);
    await requireContent(file, { temporary, signal });
    chmodSync(temporary, bagMode);
    await syncPath(temporary);
  } catch (error) {
    await rm(temporary, { force: true });
    throw bagFileError(error, `bring ${file.place}`);
  }
}

function remoteOf({ sha256, sizeBytes }: PayloadFile, url: string): RemoteContent {
  return { url, sha256, ...(sizeBytes === undefined ? {} : { sizeBytes }) };
}

async function requireContent(
  { place, sha256, origin }: PayloadFile,
  { temporary, signal }: { readonly temporary: string; readonly signal: AbortSignal },
): Promise<void> {
  const { digests } = await digestFile(temporary, { algorithms: ["sha256"], signal });
  if (digests.sha256 === sha256) return;
  const from = "file" in origin ? origin.file : origin.url;
  throw new AlmanacError(
    "ARTIFACT_INVALID",
    `${place}: ${from} has sha256 ${digests.sha256}, not ${sha256}`,
    {
      hint: "the file has changed since it was registered: bring back the old one, or release a new version",
      facts: { place, from, sha256 },
    },
  );
}

/** A copy has a mode of its own: that of its source may not let us read it again. */
async function copy(source: string, target: string): Promise<void> {
  await copyFile(source, target, constants.COPYFILE_FICLONE | constants.COPYFILE_EXCL);
  chmodSync(target, 0o600);
}

/** Links a regular file that nobody may write to. @returns false if it was not linked */
function tryLink(source: string, target: string): boolean {
  const found = lstatSync(source);
  if (!found.isFile() || (found.mode & 0o222) !== 0) return false;
  try {
    linkSync(source, target);
    return true;
  } catch (error) {
    if (unlinkable.has((error as NodeJS.ErrnoException).code ?? "")) return false;
    throw error;
  }
}

/**
 * Gives a file that was brought its name in a bag. A link in its way is not followed.
 * @throws BAG_INVALID when a part of the path is a link or no folder
 */
export async function placeInBag(
  folder: string,
  { place, temporary }: { readonly place: string; readonly temporary: string },
): Promise<void> {
  const parts = place.split("/").slice(0, -1);
  let below = folder;
  for (const part of parts) {
    below = join(below, part);
    const found = lstatSync(below, { throwIfNoEntry: false });
    if (found === undefined) mkdirSync(below);
    else if (!found.isDirectory())
      throw new AlmanacError("BAG_INVALID", `${below} is in the way: it is a link or no folder`, {
        hint: `remove it: almanac datasets bag verify ${folder}`,
        facts: { folder, place },
      });
  }
  renameSync(temporary, join(folder, place));
  for (const at of parts.keys()) await syncPath(join(folder, ...parts.slice(0, at + 1)));
}

/** Writes a file's bytes, or a folder's entries, to disk. */
export async function syncPath(path: string): Promise<void> {
  const opened = openSync(path, "r");
  try {
    await syncToDisk(opened);
  } finally {
    closeSync(opened);
  }
}

/** Makes the folders above a path of a folder that is being built. */
export function makeFolders(folder: string, places: Iterable<string>): readonly string[] {
  const made = new Set([folder]);
  for (const place of places) {
    let above = dirname(join(folder, place));
    mkdirSync(above, { recursive: true });
    for (; !made.has(above); above = dirname(above)) made.add(above);
  }
  return [...made];
}
