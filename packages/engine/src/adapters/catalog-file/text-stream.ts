import { isUtf8 } from "node:buffer";
import { createReadStream } from "node:fs";
import { open } from "node:fs/promises";
import { pipeline, type Readable, Transform } from "node:stream";
import { createGunzip } from "node:zlib";

/** Bytes that every gzip file begins with. */
const gzipMark = [0x1f, 0x8b] as const;

const newLine = 0x0a;

/**
 * A file's bytes, unpacked where they are compressed, whatever the name says. It ends in an error where they are not UTF-8:
 * else paths and facets would have other letters than the file.
 */
export async function textStream(file: string): Promise<Readable> {
  const packed = await isCompressed(file);
  const checked = utf8Check();
  // An error reaches the reader through the last stream, which the pipeline destroys with it.
  if (packed) pipeline(createReadStream(file), createGunzip(), checked, () => {});
  else pipeline(createReadStream(file), checked, () => {});
  return checked;
}

async function isCompressed(file: string): Promise<boolean> {
  await using handle = await open(file);
  const { buffer } = await handle.read(Buffer.alloc(2), 0, 2, 0);
  return gzipMark.every((byte, index) => buffer[index] === byte);
}

/** Passes bytes through as long as they are UTF-8. A letter may lie across two chunks. */
function utf8Check(): Transform {
  let rest: Buffer = Buffer.alloc(0);
  let lines = 1;
  const refusal = (bytes: Buffer): Error =>
    new Error(`it is not UTF-8, on line ${lines + newLinesIn(bytes.subarray(0, validLength(bytes)))}`);
  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      const bytes = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
      const whole = bytes.subarray(0, bytes.length - openBytes(bytes));
      if (!isUtf8(whole)) return done(refusal(whole));
      lines += newLinesIn(whole);
      rest = bytes.subarray(whole.length);
      done(null, whole);
    },
    flush(done) {
      done(rest.length === 0 ? null : refusal(rest));
    },
  });
}

/** How many bytes at the end begin a letter that they do not end. */
function openBytes(bytes: Buffer): number {
  for (let back = 1; back <= Math.min(3, bytes.length); back++) {
    const byte = bytes[bytes.length - back] as number;
    const isContinuation = (byte & 0xc0) === 0x80;
    if (isContinuation) continue;
    const length = byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : byte >= 0xc0 ? 2 : 1;
    return back < length ? back : 0;
  }
  return 0;
}

/** How many bytes at the beginning are whole lines of UTF-8. */
function validLength(bytes: Buffer): number {
  let from = 0;
  for (;;) {
    const end = bytes.indexOf(newLine, from) + 1;
    if (end === 0 || !isUtf8(bytes.subarray(from, end))) return from;
    from = end;
  }
}

function newLinesIn(bytes: Buffer): number {
  let count = 0;
  for (let at = bytes.indexOf(newLine); at >= 0; at = bytes.indexOf(newLine, at + 1)) count += 1;
  return count;
}
