import { createHash } from "node:crypto";
import {
  type BigIntStats,
  closeSync,
  fstatSync,
  fsync,
  fsyncSync,
  openSync,
  readSync,
  realpathSync,
  statSync,
} from "node:fs";
import { type FileHandle, open } from "node:fs/promises";
import { join, sep } from "node:path";
import { promisify } from "node:util";
import { AlmanacError } from "../../core/errors.ts";
import type { Seal } from "../../core/execution/manifest.ts";
import type { FileToSeal } from "../../ports/execution-folder.ts";
import type { OnSealing, SealedBytes } from "../../ports/folder-runner.ts";
import { fileError } from "./file-errors.ts";

/** Below this many bytes a file is read at once: faster than asking the thread pool. */
const smallBytes = 1024 * 1024;

/** What changes when a file's content does: size, modification time in nanoseconds and inode. */
export function stampOf(stats: BigIntStats): string {
  return `${stats.size}:${stats.mtimeNs}:${stats.ino}`;
}

/** Why a file cannot be sealed, or where it really is. */
function locate(folder: string, file: FileToSeal): { readonly at: string } | { readonly problem: string } {
  const path = join(folder, file.path);
  let at: string;
  try {
    at = realpathSync.native(path);
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    if (code === "ENOENT") return { problem: `${file.path} was not written` };
    if (code === "ELOOP" || code === "ENOTDIR") return { problem: `${file.path} is no file` };
    throw fileError(error, `find ${path}`);
  }
  const inside = at.startsWith(folder + sep);
  return inside || file.mode === "link"
    ? { at }
    : { problem: `${file.path} lies outside the execution's folder` };
}

/**
 * Checks that every file is there, regular and, links resolved, inside the folder.
 * @param folder absolute, links resolved
 * @returns where each file really is
 * @throws ARTIFACT_INVALID naming every file that is not
 */
export function locateFiles(folder: string, files: readonly FileToSeal[]): readonly string[] {
  const located = files.map((file) => locate(folder, file));
  const problems = located.flatMap((one) => ("problem" in one ? [one.problem] : []));
  if (problems.length > 0) throw notSealable(problems);
  return located.flatMap((one) => ("at" in one ? [one.at] : []));
}

function notSealable(problems: readonly string[]): AlmanacError {
  return new AlmanacError(
    "ARTIFACT_INVALID",
    `registered files are not as they must be: ${problems.join("; ")}`,
    {
      hint: "write every registered file, as a regular file inside the execution's folder",
      facts: { problems },
    },
  );
}

function refuseIrregular(stats: BigIntStats, path: string): void {
  if (!stats.isFile()) throw notSealable([`${path} is no regular file`]);
}

function hashSmall(descriptor: number, size: number): string {
  const bytes = Buffer.allocUnsafe(size);
  let done = 0;
  for (let read = -1; read !== 0 && done < size; done += read)
    read = readSync(descriptor, bytes, done, size - done, done);
  return createHash("sha256").update(bytes.subarray(0, done)).digest("hex");
}

/** Reads the next piece while the one before is hashed: then hashing alone is what takes the time. */
async function hashLarge(file: FileHandle, tell?: SealedBytes): Promise<string> {
  const hash = createHash("sha256");
  let [filled, spare] = [Buffer.allocUnsafe(smallBytes), Buffer.allocUnsafe(smallBytes)];
  let position = 0;
  let reading = file.read(filled, 0, smallBytes, position);
  for (;;) {
    const { bytesRead } = await reading;
    if (bytesRead === 0) return hash.digest("hex");
    position += bytesRead;
    reading = file.read(spare, 0, smallBytes, position);
    hash.update(filled.subarray(0, bytesRead));
    tell?.(position);
    [filled, spare] = [spare, filled];
  }
}

/** A file to seal, and who is told how far it is. */
interface SealingFile {
  /** Absolute, links resolved. */
  readonly at: string;
  /** For messages. */
  readonly path: string;
  readonly tell?: SealedBytes | undefined;
}

async function sealLarge({ at, path, tell }: SealingFile): Promise<Seal> {
  const file = await open(at, "r");
  try {
    const sha256 = await hashLarge(file, tell);
    await file.sync();
    const stats = await file.stat({ bigint: true });
    refuseIrregular(stats, path);
    return { sizeBytes: Number(stats.size), sha256, stamp: stampOf(stats) };
  } finally {
    await file.close();
  }
}

/** Waiting for the disk costs a call to the thread pool: worth it only where many files wait together. */
const syncTogether = promisify(fsync);

/** Files from which on their fsyncs are waited for together, and how many at a time. */
const manyFiles = 32;

/** Like `sealSmall`, but the event loop is free while the disk works. */
async function sealSmallTogether(at: string, path: string): Promise<Seal | undefined> {
  const descriptor = openSync(at, "r");
  try {
    const seal = hashOpen(descriptor, path);
    if (seal !== undefined) await syncTogether(descriptor);
    return seal;
  } finally {
    closeSync(descriptor);
  }
}

/** Hashes a small file and fsyncs it; undefined when it is large. */
function sealSmall(at: string, path: string): Seal | undefined {
  const descriptor = openSync(at, "r");
  try {
    const seal = hashOpen(descriptor, path);
    if (seal !== undefined) fsyncSync(descriptor);
    return seal;
  } finally {
    closeSync(descriptor);
  }
}

/** Hashes an open file that is small; undefined when it is large. */
function hashOpen(descriptor: number, path: string): Seal | undefined {
  const stats = fstatSync(descriptor, { bigint: true });
  refuseIrregular(stats, path);
  if (stats.size >= smallBytes) return undefined;
  const sha256 = hashSmall(descriptor, Number(stats.size));
  return { sizeBytes: Number(stats.size), sha256, stamp: stampOf(stats) };
}

/**
 * Hashes a file in a stream and fsyncs it.
 * @param at absolute path, links resolved
 * @param path for messages
 * @throws ARTIFACT_INVALID when it is no regular file; FILE_MISSING, STORE_UNAVAILABLE
 */
export async function sealFile(at: string, path: string): Promise<Seal> {
  return seal({ at, path });
}

async function seal(file: SealingFile): Promise<Seal> {
  const { at, path, tell } = file;
  try {
    const small = sealSmall(at, path);
    if (small !== undefined) tell?.(small.sizeBytes);
    return small ?? (await sealLarge(file));
  } catch (error) {
    throw fileError(error, `seal ${at}`);
  }
}

/**
 * Seals files in their order; of many, several wait for the disk at a time.
 * @param sealing told how far it is
 * @throws as `sealFile`
 */
export async function sealFiles(
  located: readonly { readonly at: string; readonly path: string }[],
  sealing?: OnSealing,
): Promise<readonly Seal[]> {
  const seals: Seal[] = [];
  const telling = sealing?.(located.reduce((sum, { at }) => sum + sizeOf(at), 0));
  const files: readonly SealingFile[] =
    telling === undefined ? located : located.map((file) => ({ ...file, tell: telling(file.path) }));
  if (files.length < manyFiles) {
    for (const file of files) seals.push(await seal(file));
    return seals;
  }
  for (let from = 0; from < files.length; from += manyFiles)
    seals.push(...(await Promise.all(files.slice(from, from + manyFiles).map(sealTogether))));
  return seals;
}

function sizeOf(at: string): number {
  return statSync(at, { throwIfNoEntry: false })?.size ?? 0;
}

async function sealTogether(file: SealingFile): Promise<Seal> {
  const { at, path, tell } = file;
  try {
    const small = await sealSmallTogether(at, path);
    if (small !== undefined) tell?.(small.sizeBytes);
    return small ?? (await sealLarge(file));
  } catch (error) {
    throw fileError(error, `seal ${at}`);
  }
}

/** A file's digest and the stamp it had when it was read. */
export interface StampedDigest {
  readonly sha256: string;
  readonly stamp: string;
}

/**
 * SHA-256 of a file, read in a stream unless its stamp is that of a digest known already.
 * @throws FILE_MISSING, STORE_UNAVAILABLE
 */
export async function sha256OfFile(path: string, known: StampedDigest | undefined): Promise<StampedDigest> {
  try {
    const descriptor = openSync(path, "r");
    try {
      const stats = fstatSync(descriptor, { bigint: true });
      const stamp = stampOf(stats);
      if (known?.stamp === stamp) return known;
      if (stats.size < smallBytes) return { sha256: hashSmall(descriptor, Number(stats.size)), stamp };
    } finally {
      closeSync(descriptor);
    }
    return await digestLarge(path);
  } catch (error) {
    throw fileError(error, `read ${path}`);
  }
}

async function digestLarge(path: string): Promise<StampedDigest> {
  const file = await open(path, "r");
  try {
    const stamp = stampOf(await file.stat({ bigint: true }));
    return { sha256: await hashLarge(file), stamp };
  } finally {
    await file.close();
  }
}
