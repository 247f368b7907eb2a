import { Defect } from "../errors.ts";
import { compareCodeUnits } from "./compare.ts";

/** What can be encoded. Absent members of objects must be left out; `undefined` is a defect. */
export type Encodable =
  | null
  | boolean
  | number
  | bigint
  | string
  | Uint8Array
  | readonly Encodable[]
  | { readonly [name: string]: Encodable };

/** Growing buffer of one encoding. */
interface Sink {
  bytes: Uint8Array;
  view: DataView;
  length: number;
}

const tags = {
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

/**
 * The one encoding that every deciding digest is taken of: typed and length-prefixed, so that different values never
 * share bytes. One tag byte, then:
 *
 * | tag | value | follows |
 * |---|---|---|
 * | `n` `f` `t` | null, false, true | nothing |
 * | `d` | number | IEEE 754 double, big-endian; −0 as 0, every NaN as 7ff8000000000000 |
 * | `i` | bigint | byte count, decimal digits |
 * | `s` | text | byte count, UTF-8, not normalised |
 * | `u` | text with a lone surrogate | byte count, UTF-16 big-endian |
 * | `b` | bytes | byte count, the bytes |
 * | `a` | list | item count, the items |
 * | `o` | object | member count, then name (as text) and value in code-unit order of the names |
 *
 * Counts are unsigned 32-bit big-endian. Vectors: `test/golden/encode-vectors.json`.
 * @returns a new array of exactly the encoded bytes
 */
export function encode(value: Encodable): Uint8Array {
  return encodeInto(new Uint8Array(256), value).slice();
}

/**
 * The same, written into a given array while it is large enough: spares a copy where the bytes are used at once.
 * @returns a view of the encoded bytes
 */
export function encodeInto(bytes: Uint8Array, value: Encodable): Uint8Array {
  const sink: Sink = { bytes, view: viewOf(bytes), length: 0 };
  put(sink, value);
  return sink.bytes.subarray(0, sink.length);
}

function viewOf({ buffer, byteOffset, byteLength }: Uint8Array): DataView {
  return new DataView(buffer, byteOffset, byteLength);
}

const utf8 = new TextEncoder();

function put(sink: Sink, value: Encodable): void {
  switch (typeof value) {
    case "string":
      return putText(sink, value);
    case "number":
      return putNumber(sink, value);
    case "boolean":
      return putByte(sink, value ? tags.true : tags.false);
    case "bigint":
      return putBytes(sink, { tag: tags.bigint, bytes: utf8.encode(value.toString()) });
    case "object":
      return putObject(sink, value);
    default:
      throw new Defect(`cannot encode a value of type ${typeof value}`);
  }
}

function putObject(sink: Sink, value: Encodable & (object | null)): void {
  if (value === null) return putByte(sink, tags.null);
  if (value instanceof Uint8Array) return putBytes(sink, { tag: tags.bytes, bytes: value });
  if (isList(value)) {
    putCount(sink, { tag: tags.list, count: value.length });
    for (const item of value) put(sink, item);
    return;
  }
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype !== Object.prototype && prototype !== null)
    throw new Defect("cannot encode an object that is neither plain nor an array nor bytes");
  const members = Object.entries(value).sort(([a], [b]) => compareCodeUnits(a, b));
  putCount(sink, { tag: tags.object, count: members.length });
  for (const [name, member] of members) {
    putText(sink, name);
    put(sink, member);
  }
}

function isList(value: object): value is readonly Encodable[] {
  return Array.isArray(value);
}

function putNumber(sink: Sink, value: number): void {
  reserve(sink, 9);
  sink.bytes[sink.length] = tags.number;
  // Adding 0 turns −0 into 0; NaN payloads differ between engines, so the bytes are written out.
  if (Number.isNaN(value)) sink.view.setBigUint64(sink.length + 1, 0x7ff8000000000000n);
  else sink.view.setFloat64(sink.length + 1, value + 0);
  sink.length += 9;
}

function putText(sink: Sink, text: string): void {
  // UTF-8 would turn every lone surrogate into the same replacement character.
  if (!text.isWellFormed()) return putBytes(sink, { tag: tags.illFormedText, bytes: utf16Bytes(text) });
  reserve(sink, 5 + text.length * 3);
  const { written } = utf8.encodeInto(text, sink.bytes.subarray(sink.length + 5));
  sink.bytes[sink.length] = tags.text;
  sink.view.setUint32(sink.length + 1, written);
  sink.length += 5 + written;
}

function utf16Bytes(text: string): Uint8Array {
  const bytes = new Uint8Array(text.length * 2);
  const view = new DataView(bytes.buffer);
  for (let index = 0; index < text.length; index++) view.setUint16(index * 2, text.charCodeAt(index));
  return bytes;
}

function putBytes(sink: Sink, { tag, bytes }: { readonly tag: number; readonly bytes: Uint8Array }): void {
  putCount(sink, { tag, count: bytes.length });
  reserve(sink, bytes.length);
  sink.bytes.set(bytes, sink.length);
  sink.length += bytes.length;
}

function putCount(sink: Sink, { tag, count }: { readonly tag: number; readonly count: number }): void {
  reserve(sink, 5);
  sink.bytes[sink.length] = tag;
  sink.view.setUint32(sink.length + 1, count);
  sink.length += 5;
}

function putByte(sink: Sink, byte: number): void {
  reserve(sink, 1);
  sink.bytes[sink.length] = byte;
  sink.length += 1;
}

function reserve(sink: Sink, extra: number): void {
  const needed = sink.length + extra;
  if (needed <= sink.bytes.length) return;
  const grown = new Uint8Array(Math.max(needed, sink.bytes.length * 2));
  grown.set(sink.bytes.subarray(0, sink.length));
  sink.bytes = grown;
  sink.view = viewOf(grown);
}
