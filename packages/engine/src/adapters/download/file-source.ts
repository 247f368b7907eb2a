import { createReadStream } from "node:fs";
import { stat } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import type { RemoteContent } from "../../ports/downloader.ts";
import { passing, refused } from "./download-errors.ts";
import type { OpenedSource, SourceRequest } from "./opened-source.ts";

/** Bytes read at a time. */
const chunkBytes = 1024 * 1024;

/** What a file system says when a file is not to be had, however often it is asked. */
const lasting: ReadonlySet<string> = new Set(["EACCES", "EISDIR", "ENOENT", "ENOTDIR", "EPERM"]);

/**
 * Reads a file of another place of this machine, or of a disk that it shares with others, from some byte on.
 * @throws DOWNLOAD_REFUSED when it is not there or may not be read, DOWNLOAD_FAILED when the disk does not answer
 */
export async function openFileUrl(
  content: RemoteContent,
  { from, signal }: SourceRequest,
): Promise<OpenedSource> {
  try {
    const file = fileURLToPath(content.url);
    const found = await stat(file);
    if (!found.isFile()) throw refused(content, "it is no regular file");
    return { start: from, totalBytes: found.size, bytes: bytesOf(file, { content, from, signal }) };
  } catch (error) {
    throw readError(error, content);
  }
}

async function* bytesOf(
  file: string,
  { content, from, signal }: SourceRequest & { readonly content: RemoteContent },
): AsyncGenerator<Uint8Array> {
  try {
    yield* createReadStream(file, { start: from, highWaterMark: chunkBytes, signal });
  } catch (error) {
    signal.throwIfAborted();
    throw readError(error, content);
  }
}

function readError(error: unknown, content: RemoteContent): unknown {
  const { code, message } = error as NodeJS.ErrnoException;
  // Not of the file system: one of ours, or a bug.
  if (code === undefined || !/^E[A-Z0-9]+$/.test(code)) return error;
  return lasting.has(code)
    ? refused(content, { why: message, cause: error })
    : passing(content, { why: message, cause: error });
}
