import { crc32 } from "node:zlib";

/** Bytes before the payload: mark, length and checksum, four bytes each, big-endian, and the kind. */
export const frameHead = 13;

const mark = Buffer.from("ALM\u0001", "latin1");
const markNumber = mark.readUInt32BE(0);

/** A payload with what tells it from torn and damaged ones. @param kind one byte */
export function frame(kind: number, payload: Uint8Array): Buffer {
  const bytes = Buffer.allocUnsafe(frameHead + payload.length);
  mark.copy(bytes, 0);
  bytes.writeUInt32BE(payload.length, 4);
  bytes[12] = kind;
  bytes.set(payload, frameHead);
  bytes.writeUInt32BE(crc32(bytes.subarray(12)), 8);
  return bytes;
}

/** A whole frame in a buffer. */
export interface FoundFrame {
  readonly kind: number;
  /** Where its payload begins and ends. */
  readonly start: number;
  readonly end: number;
}

/** The frame that begins at an offset; undefined when it is torn, damaged or none. */
export function frameAt(bytes: Buffer, offset: number): FoundFrame | undefined {
  if (offset + frameHead > bytes.length || bytes.readUInt32BE(offset) !== markNumber) return undefined;
  const start = offset + frameHead;
  const end = start + bytes.readUInt32BE(offset + 4);
  if (end > bytes.length || crc32(bytes.subarray(offset + 12, end)) !== bytes.readUInt32BE(offset + 8))
    return undefined;
  return { kind: bytes[offset + 12] ?? 0, start, end };
}

/** True if the frame that begins at an offset may only be cut off by the end of the buffer. */
function isCut(bytes: Buffer, offset: number): boolean {
  const head = bytes.subarray(offset, offset + frameHead);
  const isMarked = mark.compare(head, 0, Math.min(4, head.length), 0, Math.min(4, head.length)) === 0;
  return isMarked && (head.length < frameHead || offset + frameHead + head.readUInt32BE(4) > bytes.length);
}

/** What was found in a piece of a log. */
export interface ReadFrames {
  /** Offset after the last whole frame: reading goes on there. */
  readonly end: number;
  /** Damaged stretches that were skipped. */
  readonly damaged: number;
}

/**
 * Reads every whole frame. What is damaged is skipped up to the next whole frame; what is left at the end may be a
 * frame that is still being written and is read again later.
 * @param found told of each frame
 * @param options `more`: true if bytes follow that are not in the buffer; a frame that reaches into them is left for later
 */
// allow-parameters: what is read, who is told, and how
export function readFrames(
  bytes: Buffer,
  found: (frame: FoundFrame) => void,
  { more = false }: { readonly more?: boolean } = {},
): ReadFrames {
  let offset = 0;
  let damaged = 0;
  while (offset < bytes.length) {
    const next = frameAt(bytes, offset);
    if (next !== undefined) {
      found(next);
      offset = next.end;
      continue;
    }
    if (more && isCut(bytes, offset)) break;
    const after = nextFrame(bytes, offset + 1);
    if (after === undefined) break;
    damaged++;
    offset = after;
  }
  return { end: offset, damaged };
}

function nextFrame(bytes: Buffer, from: number): number | undefined {
  for (let at = bytes.indexOf(mark, from); at >= 0; at = bytes.indexOf(mark, at + 1))
    if (frameAt(bytes, at) !== undefined) return at;
  return undefined;
}
