import { inspect } from "node:util";
import { AlmanacError, Defect } from "../../core/errors.ts";
import type { Codec } from "../../core/steps/codec.ts";
import { hasPrototype, isPlain } from "./plain-codecs.ts";

type TypedArray = Exclude<NodeJS.TypedArray, never>;

const typedArrays = {
  Int8Array,
  Uint8Array,
  Uint8ClampedArray,
  Int16Array,
  Uint16Array,
  Int32Array,
  Uint32Array,
  BigInt64Array,
  BigUint64Array,
  Float32Array,
  Float64Array,
} as const;

type Node = null | boolean | number | string | readonly [string, ...unknown[]];

/**
 * Lists, plain objects, maps, sets, dates, every number and bigint, undefined and typed arrays, in any nesting, with members that
 * they were given: so also n-d arrays as `{ shape, values }`. JSON with tags, then the bytes of typed arrays in little-endian order, each on a multiple
 * of eight. Sharing inside a value is not kept; a circle is an error.
 */
export const structuredCodec: Codec = {
  name: "structured",
  accepts: (value) => isStructured(value, new Set()),
  encode: (value) => ({ bytes: write(value) }),
  decode: read,
};

function isStructured(value: unknown, above: Set<object>): boolean {
  if (typeof value === "function" || typeof value === "symbol") return false;
  if (typeof value !== "object" || value === null) return true;
  // A circle is of the right type; encoding it says what is wrong.
  if (above.has(value)) return true;
  above.add(value);
  const inner = membersOf(value);
  const all = inner?.every((each) => isStructured(each, above)) ?? false;
  above.delete(value);
  return all;
}

/** What is in a value; undefined for a type that is not among those of this codec, be it a class that extends one of them. */
function membersOf(value: object): readonly unknown[] | undefined {
  const extras = extrasOf(value);
  if (extras === undefined) return isPlain(value) ? Object.values(value) : undefined;
  return [...insideOf(value), ...extras.map(([, each]) => each)];
}

function insideOf(value: object): readonly unknown[] {
  if (Array.isArray(value)) return value;
  if (value instanceof Map) return [...value].flat();
  return value instanceof Set ? [...value] : [];
}

/** The members that somebody gave to a list, map, set, date or typed array, as a regular expression does to its matches. */
function extrasOf(value: object): readonly (readonly [string, unknown])[] | undefined {
  if (hasPrototype(value, Array.prototype)) return extraMembers(value, 1);
  if ([Map, Set, Date].some(({ prototype }) => hasPrototype(value, prototype))) return extraMembers(value, 0);
  return isTyped(value) ? extrasOfTyped(value) : undefined;
}

/** Undefined if there are members that are hidden, or have no text for a key. @param hidden how many always are */
function extraMembers(value: object, hidden: number): readonly (readonly [string, unknown])[] | undefined {
  const keys = Object.keys(value);
  if (Reflect.ownKeys(value).length !== keys.length + hidden) return undefined;
  // Indexes come first.
  let from = keys.length;
  while (from > 0 && !isIndex(keys[from - 1] ?? "")) from--;
  return keys.slice(from).map((key) => [key, Reflect.get(value, key) as unknown]);
}

function isIndex(key: string): boolean {
  return /^(0|[1-9]\d*)$/.test(key);
}

/** The keys of a long one are not listed unless there is something to be found. */
function extrasOfTyped(value: TypedArray): readonly (readonly [string, unknown])[] | undefined {
  const isLong = value.length > 64;
  if (isLong && /^\w+\(\d+\) \[\s*\.\.\. \d+ more items\s*\]$/.test(inspect(value, withoutElements)))
    return none;
  return extraMembers(value, 0);
}

const none: readonly (readonly [string, unknown])[] = [];
const withoutElements = { maxArrayLength: 0, depth: 0, showHidden: false, customInspect: false };

function isTyped(value: object): value is TypedArray {
  return Object.values(typedArrays).some((type) => Object.getPrototypeOf(value) === type.prototype);
}

function write(value: unknown): Uint8Array {
  const parts: { readonly at: number; readonly bytes: Uint8Array }[] = [];
  let size = 0;
  const place = (array: TypedArray): number => {
    const at = size;
    parts.push({ at, bytes: new Uint8Array(array.buffer, array.byteOffset, array.byteLength) });
    size += Math.ceil(array.byteLength / 8) * 8;
    return at;
  };
  const head = new TextEncoder().encode(JSON.stringify(nodeOf(value, { place, above: new Set() })));
  const start = Math.ceil((4 + head.length) / 8) * 8;
  const bytes = new Uint8Array(start + size);
  new DataView(bytes.buffer).setUint32(0, head.length);
  bytes.set(head, 4);
  for (const part of parts) bytes.set(part.bytes, start + part.at);
  return bytes;
}

interface Writing {
  readonly place: (array: TypedArray) => number;
  readonly above: Set<object>;
}

function nodeOf(value: unknown, writing: Writing): Node {
  switch (typeof value) {
    case "string":
    case "boolean":
      return value;
    case "number":
      return Number.isFinite(value) && !Object.is(value, -0)
        ? value
        : ["n", Object.is(value, -0) ? "-0" : String(value)];
    case "bigint":
      return ["i", String(value)];
    case "undefined":
      return ["u"];
    default:
      return value === null ? null : objectNode(value as object, writing);
  }
}

function objectNode(value: object, writing: Writing): Node {
  if (writing.above.has(value))
    throw new AlmanacError("CODEC_FAILED", "a value that contains itself cannot be stored", {
      hint: "return a value without circles, or give the product a codec of its own",
    });
  writing.above.add(value);
  const inner = (each: unknown): Node => nodeOf(each, writing);
  const node = withExtras(bareNode(value, { ...writing, inner }), value, inner);
  writing.above.delete(value);
  return node;
}

// allow-parameters: a value, its node without further members, and how those are written
function withExtras(node: Node, value: object, inner: (each: unknown) => Node): Node {
  const extras = extrasOf(value) ?? none;
  return extras.length === 0 ? node : ["p", node, ...extras.flatMap(([name, each]) => [name, inner(each)])];
}

function bareNode(
  value: object,
  { place, inner }: Pick<Writing, "place"> & { readonly inner: (each: unknown) => Node },
): Node {
  if (value instanceof Date) return ["d", Number.isNaN(value.getTime()) ? null : value.getTime()];
  if (isTyped(value)) {
    const name = Object.prototype.toString.call(value).slice(8, -1);
    return ["t", name, place(value), value.length];
  }
  if (Array.isArray(value))
    return ["a", ...Array.from(value, (each, at) => (at in value ? inner(each) : (["h"] as const)))];
  if (value instanceof Map) return ["m", ...[...value].flat().map(inner)];
  if (value instanceof Set) return ["s", ...[...value].map(inner)];
  const members = Object.entries(value).flatMap(([name, each]) => [name, inner(each)]);
  return [Object.getPrototypeOf(value) === null ? "b" : "o", ...members];
}

function read(bytes: Uint8Array): unknown {
  // A copy begins on a multiple of eight, as typed arrays need it.
  const own = new Uint8Array(bytes);
  const length = new DataView(own.buffer).getUint32(0);
  const head = JSON.parse(new TextDecoder().decode(own.subarray(4, 4 + length))) as Node;
  return valueOf(head, own.buffer, Math.ceil((4 + length) / 8) * 8);
}

/** allow-parameters: the node, the buffer and where arrays begin in it */
function valueOf(node: Node, buffer: ArrayBuffer, start: number): unknown {
  if (!Array.isArray(node)) return node;
  const [tag, ...rest] = node as readonly [string, ...unknown[]];
  const inner = (each: unknown): unknown => valueOf(each as Node, buffer, start);
  switch (tag) {
    case "n":
      return Number(rest[0]);
    case "i":
      return BigInt(rest[0] as string);
    case "u":
      return undefined;
    case "d":
      return new Date(rest[0] === null ? Number.NaN : (rest[0] as number));
    case "a":
      return listOf(rest, inner);
    case "m":
      return new Map(pairs(rest).map(([key, value]) => [inner(key), inner(value)]));
    case "s":
      return new Set(rest.map(inner));
    case "o":
    case "b":
    case "p":
      return withMembers(holderOf(tag, rest, inner), rest, inner);
    case "t": {
      const [name, at, length] = rest as [keyof typeof typedArrays, number, number];
      const type = typedArrays[name];
      return new type(buffer.slice(start + at, start + at + length * type.BYTES_PER_ELEMENT));
    }
    default:
      throw new Defect(`a structured value has the unknown tag ${tag}`);
  }
}

/** What members are given to; for `p` it is the first node. */
// allow-parameters: the tag, the nodes, and how these are read
function holderOf(tag: string, rest: unknown[], inner: (node: unknown) => unknown): object {
  if (tag === "p") return inner(rest.shift()) as object;
  return tag === "b" ? (Object.create(null) as object) : {};
}

// allow-parameters: what gets the members, names with nodes, and how these are read
function withMembers(holder: object, rest: readonly unknown[], inner: (node: unknown) => unknown): object {
  for (const [name, node] of pairs(rest))
    Object.defineProperty(holder, name as string, {
      value: inner(node),
      ...{ writable: true, enumerable: true, configurable: true },
    });
  return holder;
}

function listOf(nodes: readonly unknown[], inner: (node: unknown) => unknown): unknown[] {
  const list = new Array<unknown>(nodes.length);
  for (const [at, node] of nodes.entries())
    if (!(Array.isArray(node) && node[0] === "h")) list[at] = inner(node);
  return list;
}

function pairs(rest: readonly unknown[]): readonly (readonly [unknown, unknown])[] {
  return Array.from({ length: rest.length / 2 }, (_, at) => [rest[at * 2], rest[at * 2 + 1]] as const);
}
