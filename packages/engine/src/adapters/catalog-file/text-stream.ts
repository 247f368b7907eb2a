import { createReadStream } from "node:fs";
import { open } from "node:fs/promises";
import { pipeline, type Readable } from "node:stream";
import { createGunzip } from "node:zlib";

/** Bytes that every gzip file begins with. */
const gzipMark = [0x1f, 0x8b] as const;

/** A file's bytes, unpacked where they are compressed, whatever the name says. */
export async function textStream(file: string): Promise<Readable> {
  const packed = await isCompressed(file);
  const source = createReadStream(file);
  if (!packed) return source;
  const unpacked = createGunzip();
  // The error reaches the reader through the unpacked stream, which the pipeline destroys with it.
  pipeline(source, unpacked, () => {});
  return unpacked;
}

async function isCompressed(file: string): Promise<boolean> {
  await using handle = await open(file);
  const { buffer } = await handle.read(Buffer.alloc(2), 0, 2, 0);
  return gzipMark.every((byte, index) => buffer[index] === byte);
}
