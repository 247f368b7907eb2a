import { rmSync } from "node:fs";
import { type FileHandle, open, rename } from "node:fs/promises";
import { dirname } from "node:path";
import { pipeline, Readable } from "node:stream";
import { createGzip } from "node:zlib";
import { AlmanacError } from "../../core/errors.ts";

/** Writes a whole file under a temporary name, fsyncs it and its folder, and puts it into place; on failure nothing is left. */
export async function writeNewFile(
  file: string,
  write: (append: (bytes: Uint8Array) => Promise<void>) => Promise<void>,
): Promise<void> {
  const temporary = `${file}.${process.pid}.tmp`;
  try {
    const handle = await open(temporary, "w");
    try {
      await write((bytes) => writeAll(handle, bytes));
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(temporary, file);
    await syncFolder(dirname(file));
  } catch (error) {
    rmSync(temporary, { force: true });
    throw translated(error, file);
  }
}

/** Writes text in pieces, compressed where the name ends in `.gz`. */
export async function writeNewText(file: string, pieces: AsyncIterable<string>): Promise<void> {
  await writeNewFile(file, async (append) => {
    const bytes = file.endsWith(".gz") ? compressed(pieces) : encoded(pieces);
    for await (const piece of bytes) await append(piece);
  });
}

async function* encoded(pieces: AsyncIterable<string>): AsyncIterable<Uint8Array> {
  for await (const piece of pieces) yield Buffer.from(piece, "utf8");
}

/** Node's gzip writes no name and no time, so that equal text gives equal bytes. */
async function* compressed(pieces: AsyncIterable<string>): AsyncIterable<Uint8Array> {
  const packed = createGzip();
  // The error reaches the loop through the packed stream, which the pipeline destroys with it.
  pipeline(Readable.from(encoded(pieces)), packed, () => {});
  yield* packed as AsyncIterable<Uint8Array>;
}

async function writeAll(handle: FileHandle, bytes: Uint8Array): Promise<void> {
  let at = 0;
  while (at < bytes.length) at += (await handle.write(bytes, at)).bytesWritten;
}

async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, "r");
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

function translated(error: unknown, file: string): unknown {
  const code = error instanceof Error && "code" in error ? error.code : undefined;
  const details = { facts: { file }, cause: error };
  if (code === "ENOSPC" || code === "EDQUOT")
    return new AlmanacError("DISK_FULL", `there is no space left for ${file}`, details);
  if (code === "ENOENT" || code === "ENOTDIR")
    return new AlmanacError("FILE_MISSING", `there is no folder for ${file}`, {
      ...details,
      hint: `make it first: mkdir -p ${dirname(file)}`,
    });
  if (code === "EACCES" || code === "EISDIR" || code === "EROFS" || code === "EPERM")
    return new AlmanacError("FILE_UNREADABLE", `${file} cannot be written: ${String(code)}`, details);
  return error;
}
