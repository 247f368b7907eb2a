/** Bytes of one encoding while they are written; grows as needed. */
export interface ByteSink {
  bytes: Uint8Array;
  /** Over the bytes, once a number has been written. */
  view: DataView | undefined;
  length: number;
}

/** First byte of each kind of value that both encodings know; `encode` says what follows. */
export const tags = {
  null: 0x6e,
  false: 0x66,
  true: 0x74,
  number: 0x64,
  bigint: 0x69,
  text: 0x73,
  illFormedText: 0x75,
  bytes: 0x62,
  list: 0x61,
  object: 0x6f,
} as const;

/** A sink that writes into a given array while that is large enough. */
export function sinkInto(bytes: Uint8Array): ByteSink {
  return { bytes, view: undefined, length: 0 };
}

/** What has been written: a view, not a copy. */
export function writtenBytes(sink: ByteSink): Uint8Array {
  return sink.bytes.subarray(0, sink.length);
}

function viewOf({ buffer, byteOffset, byteLength }: Uint8Array): DataView {
  return new DataView(buffer, byteOffset, byteLength);
}

const utf8 = new TextEncoder();

/** Tag and decimal digits of a bigint. */
export function putBigint(sink: ByteSink, value: bigint): void {
  putBytes(sink, { tag: tags.bigint, bytes: utf8.encode(value.toString()) });
}

/** Tag and double; −0 is written as 0, every NaN the same. */
export function putNumber(sink: ByteSink, value: number): void {
  reserve(sink, 9);
  sink.bytes[sink.length] = tags.number;
  // Adding 0 turns −0 into 0; NaN payloads differ between engines, so the bytes are written out.
  sink.view ??= viewOf(sink.bytes);
  if (Number.isNaN(value)) sink.view.setBigUint64(sink.length + 1, 0x7ff8000000000000n);
  else sink.view.setFloat64(sink.length + 1, value + 0);
  sink.length += 9;
}

/** Up to this length a text is tried unit by unit, which spares a call that costs as much as a hundred units. */
const longestAscii = 100;

/** Tag, byte count and bytes of a text that is all ASCII. @returns false if it is not; nothing is written then */
function putAscii(sink: ByteSink, text: string): boolean {
  const { length } = text;
  reserve(sink, 5 + length);
  const { bytes } = sink;
  const from = sink.length + 5;
  for (let at = 0; at < length; at++) {
    const unit = text.charCodeAt(at);
    if (unit > 127) return false;
    bytes[from + at] = unit;
  }
  putCount(sink, { tag: tags.text, count: length });
  sink.length += length;
  return true;
}

/** Tag, byte count and UTF-8 of a text; UTF-16 if it has a lone surrogate. */
export function putText(sink: ByteSink, text: string): void {
  if (text.length <= longestAscii && putAscii(sink, text)) return;
  // UTF-8 would turn every lone surrogate into the same replacement character.
  if (!text.isWellFormed()) return putBytes(sink, { tag: tags.illFormedText, bytes: utf16Bytes(text) });
  reserve(sink, 5 + text.length * 3);
  const { written } = utf8.encodeInto(text, sink.bytes.subarray(sink.length + 5));
  putCount(sink, { tag: tags.text, count: written });
  sink.length += written;
}

function utf16Bytes(text: string): Uint8Array {
  const bytes = new Uint8Array(text.length * 2);
  const view = new DataView(bytes.buffer);
  for (let index = 0; index < text.length; index++) view.setUint16(index * 2, text.charCodeAt(index));
  return bytes;
}

/** Tag, byte count and bytes. */
export function putBytes(
  sink: ByteSink,
  { tag, bytes }: { readonly tag: number; readonly bytes: Uint8Array },
): void {
  putCount(sink, { tag, count: bytes.length });
  reserve(sink, bytes.length);
  sink.bytes.set(bytes, sink.length);
  sink.length += bytes.length;
}

/** Tag and an unsigned 32-bit count, big-endian. */
export function putCount(
  sink: ByteSink,
  { tag, count }: { readonly tag: number; readonly count: number },
): void {
  reserve(sink, 5);
  const { bytes, length } = sink;
  bytes[length] = tag;
  bytes[length + 1] = count >>> 24;
  bytes[length + 2] = count >>> 16;
  bytes[length + 3] = count >>> 8;
  bytes[length + 4] = count;
  sink.length += 5;
}

/** One byte: a tag that nothing follows. */
export function putByte(sink: ByteSink, byte: number): void {
  reserve(sink, 1);
  sink.bytes[sink.length] = byte;
  sink.length += 1;
}

function reserve(sink: ByteSink, extra: number): void {
  const needed = sink.length + extra;
  if (needed <= sink.bytes.length) return;
  const grown = new Uint8Array(Math.max(needed, sink.bytes.length * 2));
  grown.set(sink.bytes.subarray(0, sink.length));
  sink.bytes = grown;
  sink.view = undefined;
}
