import { Defect } from "../errors.ts";
import {
  type ByteSink,
  putBigint,
  putByte,
  putBytes,
  putCount,
  putNumber,
  putText,
  sinkInto,
  tags,
  writtenBytes,
} from "./byte-sink.ts";
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
  const sink = sinkInto(bytes);
  put(sink, value);
  return writtenBytes(sink);
}

function put(sink: ByteSink, value: Encodable): void {
  switch (typeof value) {
    case "string":
      return putText(sink, value);
    case "number":
      return putNumber(sink, value);
    case "boolean":
      return putByte(sink, value ? tags.true : tags.false);
    case "bigint":
      return putBigint(sink, value);
    case "object":
      return putObject(sink, value);
    default:
      throw new Defect(`cannot encode a value of type ${typeof value}`);
  }
}

function putObject(sink: ByteSink, value: Encodable & (object | null)): void {
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
