import { AlmanacError } from "../errors.ts";
import { type ByteSink, putCount, putText, sinkInto, writtenBytes } from "./byte-sink.ts";
import { sha256Hex } from "./digest.ts";
import { inCanonicalOrder, type Ordering } from "./member-order.ts";
import { type Content, type Member, openObject, placeIn, putScalar, valueTags } from "./value-content.ts";

/**
 * Canonical bytes of any JavaScript value that has any. What `encode` knows is written as there, except that −0 is not 0;
 * further tags, each with what follows it:
 *
 * | tag | value | follows |
 * |---|---|---|
 * | `z` `v` | −0, undefined | nothing |
 * | `p` | object without prototype | as `o` |
 * | `A` | list with holes | length, member count, then index (as text) and value in their order |
 * | `D` | date | milliseconds as `d` |
 * | `R` | regular expression | source and flags as texts, `lastIndex` as `d` |
 * | `M` `S` | map, set | count; keys and values, or members, in canonical order |
 * | `T` | other typed arrays, `DataView`, `ArrayBuffer`, `Buffer` | name of the type as text, then as `b`; every NaN alike |
 * | `r` | an object met before | its number: objects are counted from 0 as they are written |
 *
 * Canonical order: members (entries) whose key is no object come first, in the order of the key's bytes; then the others, by
 * digests of what is in them. What looks the same and differs only by who else refers to it keeps the order of insertion: two
 * values may then differ in bytes that differ in insertion order alone, never the reverse.
 *
 * Sharing and cycles are part of the value: `[a, a]` is not `[a, copy of a]`. Names of objects are sorted. The memory
 * behind typed arrays is not an object of its own: two views of it count by what they show. Vectors:
 * `test/golden/value-vectors.json`.
 * @param name what the value is called in messages
 * @throws VALUE_UNHASHABLE for functions, symbols, instances of classes, accessors and hidden members, naming the path
 */
export function encodeValue(value: unknown, name = "value"): Uint8Array {
  return writtenBytes(encoded(value, name)).slice();
}

/** SHA-256 of a value's canonical bytes, in hex. @throws VALUE_UNHASHABLE as `encodeValue` */
export function digestOfValue(value: unknown, name = "value"): string {
  return sha256Hex(writtenBytes(encoded(value, name)));
}

function encoded(value: unknown, name: string): ByteSink {
  const sink = sinkInto(new Uint8Array(256));
  write(sink, value, writer(name));
  return sink;
}

function writer(name: string): Ordering {
  let bytesForTies = mostBytesForTies;
  const self: Ordering = {
    orders: new Map(),
    digests: new Map(),
    refuse: (place, what) => unhashable(name + place, what),
    tieBreak: (member) => {
      if (bytesForTies <= 0) return "";
      const sink = sinkInto(new Uint8Array(64));
      write(sink, member, self);
      bytesForTies -= sink.length;
      return Buffer.from(writtenBytes(sink)).toString("latin1");
    },
  };
  return self;
}

/** A container being written: what is in it, and how far it is. */
interface Frame extends Content {
  next: number;
}

/** Writing out what looks alike stops here, so that sets inside sets cost no square. */
const mostBytesForTies = 16 << 20;

// allow-parameters: where to, what, and what all writing of one value shares
function write(sink: ByteSink, root: unknown, shared: Ordering): void {
  // A stack of our own, because values may be deeper than the engine's.
  const frames: Frame[] = [];
  const numbers = new Map<object, number>();
  const refuse = (what: string): Error => shared.refuse(frames.map(placeIn).join(""), what);
  const put = (value: unknown): void => {
    if (putScalar(sink, value)) return;
    if (typeof value !== "object" || value === null) throw refuse(`a ${typeof value}`);
    const known = numbers.get(value);
    if (known !== undefined) return putCount(sink, { tag: valueTags.reference, count: known });
    numbers.set(value, numbers.size);
    const order = (members: readonly Member[]): readonly Member[] =>
      inCanonicalOrder(value, members, {
        ...shared,
        refuse: (place, what) => shared.refuse(frames.map(placeIn).join("") + place, what),
      });
    const content = openObject(sink, value, { refuse, order });
    if (content !== undefined) frames.push({ ...content, next: 0 });
  };
  put(root);
  for (let frame = frames.at(-1); frame !== undefined; frame = frames.at(-1)) {
    if (frame.next === frame.values.length) {
      frames.pop();
      continue;
    }
    const at = frame.next++;
    const name = frame.names?.[at];
    if (name !== undefined) putText(sink, name);
    put(frame.values[at]);
  }
}

function unhashable(path: string, what: string): AlmanacError {
  return new AlmanacError("VALUE_UNHASHABLE", `${path} has no canonical form: it is ${what}`, {
    hint: "use plain objects, lists, maps, sets, dates, typed arrays, texts and numbers",
    facts: { path, what },
  });
}
