import { closeSync, openSync, readSync, type Stats, statSync } from "node:fs";
import type { FileHeader } from "../../core/catalog/source-type.ts";
import { isAlmanacError } from "../../core/errors.ts";
import type { HeaderResult } from "../../ports/header-reader.ts";
import type { Hdf5Module } from "./hdf5.ts";
import { readHdf5Header } from "./header-hdf5.ts";
import { headBytes, signatureOf } from "./header-signature.ts";
import { readNetcdf3Header } from "./netcdf3-header.ts";

type Failure = Extract<HeaderResult, { ok: false }>;

/**
 * Reads the header of one file, whatever the path turns out to be. Never throws: what cannot be read is a result with a
 * reason. Synchronous, because the HDF5 library is.
 * @param path absolute path
 */
export function readHeaderFile(module: Hdf5Module, path: string): HeaderResult {
  try {
    const stat = statSync(path);
    if (!stat.isFile()) return invalid(path, `${kindOf(stat)}, not a file`);
    const signature = signatureOf(readHead(path), stat.size);
    if (signature.kind === "refused") return invalid(path, signature.reason);
    const header = signature.kind === "hdf5" ? readHdf5(module, path) : readNetcdf3Header(path);
    return { ok: true, path, header };
  } catch (error) {
    return failure(path, error);
  }
}

/** What the HDF5 library said of a damaged file. After it, handles of that file may be left open in the library. */
class Hdf5Failure extends Error {
  override readonly name = "Hdf5Failure";
}

function readHdf5(module: Hdf5Module, path: string): FileHeader {
  try {
    return readHdf5Header(module, path);
  } catch (error) {
    if (isAlmanacError(error)) throw error;
    throw new Hdf5Failure(libraryMessage(error), { cause: error });
  }
}

function readHead(path: string): Buffer {
  const descriptor = openSync(path, "r");
  try {
    const head = Buffer.alloc(headBytes);
    return head.subarray(0, readSync(descriptor, head, 0, headBytes, 0));
  } finally {
    closeSync(descriptor);
  }
}

function kindOf(stat: Stats): string {
  if (stat.isDirectory()) return "a directory";
  return stat.isFIFO() ? "a named pipe" : "a device or socket";
}

function failure(path: string, error: unknown): Failure {
  if (isAlmanacError(error, "FILE_INVALID")) return invalid(path, error.message);
  if (isAlmanacError(error, "CALENDAR_INVALID")) return invalid(path, `time coordinate: ${error.message}`);
  if (error instanceof Hdf5Failure) return invalid(path, `damaged HDF5: ${error.message}`);
  const reason = error instanceof Error && "code" in error ? systemReason(String(error.code)) : undefined;
  if (reason !== undefined) return { ok: false, path, code: "FILE_UNREADABLE", reason };
  return invalid(path, `cannot be read: ${libraryMessage(error)}`);
}

function systemReason(code: string): string | undefined {
  if (code === "ENOENT" || code === "ENOTDIR") return "vanished after its folder was listed";
  if (code === "EACCES" || code === "EPERM") return `no permission to read it (${code})`;
  return /^E[A-Z0-9]+$/.test(code) ? `the system cannot read it (${code})` : undefined;
}

function invalid(path: string, reason: string): Failure {
  return { ok: false, path, code: "FILE_INVALID", reason };
}

/** First line of an error's message; the library's go on for pages. */
function libraryMessage(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  const lines = message.split("\n").map((line) => line.trim());
  return (lines.find((line) => line !== "") ?? "no reason given").slice(0, 200);
}
