import {
  type ByteSink,
  putBigint,
  putByte,
  putBytes,
  putCount,
  putNumber,
  putText,
  tags,
} from "./byte-sink.ts";
import { compareCodeUnits } from "./compare.ts";
import { bytesOfArray, isFloatArray, withOneNaN } from "./typed-bytes.ts";

/** First bytes of the kinds of value that `encode` does not know. */
export const valueTags = {
  negativeZero: 0x7a,
  undefined: 0x76,
  bareObject: 0x70,
  sparseList: 0x41,
  date: 0x44,
  regExp: 0x52,
  map: 0x4d,
  set: 0x53,
  typed: 0x54,
  reference: 0x72,
} as const;

/** A member of a set, or key and value of a map. */
export type Member = readonly [key: unknown, value?: unknown];

/** What is in a container, in the order in which it is written. */
export interface Content {
  readonly kind: "object" | "list" | "map" | "set";
  /** Written before each value; absent where the place says it. */
  readonly names?: readonly string[];
  readonly values: readonly unknown[];
}

/** The place in a container that was looked at last, as a path shows it. @param next how many were looked at */
export function placeIn({ names, kind, next }: Content & { readonly next: number }): string {
  const at = next - 1;
  if (kind === "object") return `.${names?.[at] ?? ""}`;
  if (kind === "list") return `[${names?.[at] ?? at}]`;
  return kind === "set" ? `.member(${at})` : `.${at % 2 === 0 ? "key" : "entry"}(${Math.floor(at / 2)})`;
}

/** What opening a container needs of its surroundings. */
export interface Opening {
  /** Makes the error of a value without canonical form. @param what it is */
  readonly refuse: (what: string) => Error;
  /** Members in canonical order. */
  readonly order: (members: readonly Member[]) => readonly Member[];
}

/** Writes a value that is no object. @returns false for objects, functions and symbols, of which nothing is written */
export function putScalar(sink: ByteSink, value: unknown): boolean {
  switch (typeof value) {
    case "string":
      putText(sink, value);
      return true;
    case "number":
      if (Object.is(value, -0)) putByte(sink, valueTags.negativeZero);
      else putNumber(sink, value);
      return true;
    case "boolean":
      putByte(sink, value ? tags.true : tags.false);
      return true;
    case "bigint":
      putBigint(sink, value);
      return true;
    case "undefined":
      putByte(sink, valueTags.undefined);
      return true;
    default:
      if (value === null) putByte(sink, tags.null);
      return value === null;
  }
}

// allow-parameters: where to, what, and its surroundings: one form for every kind of object
type Opener = (sink: ByteSink, value: object, opening: Opening) => Content | undefined;

/**
 * Writes what comes before the content of an object.
 * @returns its content; undefined when all of it is written
 * @throws what `refuse` makes, for objects without canonical form
 */
// allow-parameters: it is an opener itself
export const openObject: Opener = (sink, value, opening) => {
  const prototype = Object.getPrototypeOf(value) as object | null;
  const opener = openers.get(prototype);
  if (opener === undefined) throw opening.refuse(`an instance of ${constructorName(prototype)}`);
  try {
    return opener(sink, value, opening);
  } catch (error) {
    // The methods of maps, dates and arrays say so when they are called on what only looks like one.
    if (!(error instanceof TypeError)) throw error;
    throw opening.refuse(`no true ${constructorName(prototype)}: ${error.message}`);
  }
};

function constructorName(prototype: object | null): string {
  const { constructor } = (prototype ?? {}) as { readonly constructor?: unknown };
  return typeof constructor === "function" && constructor.name !== "" ? constructor.name : "a class";
}

const openPlain =
  (tag: number): Opener =>
  // allow-parameters: it is an opener
  (sink, value, { refuse }) => {
    if (Array.isArray(value)) throw refuse("a list without the methods of lists");
    const names: string[] = [];
    for (const key of Reflect.ownKeys(value)) {
      if (typeof key === "symbol") throw refuse(`an object with a member named by ${String(key)}`);
      const member = Reflect.getOwnPropertyDescriptor(value, key);
      if (member === undefined) continue;
      if (!("value" in member)) throw refuse(`an object with an accessor, ${key}`);
      if (member.enumerable !== true) throw refuse(`an object with a hidden member, ${key}`);
      names.push(key);
    }
    names.sort(compareCodeUnits);
    putCount(sink, { tag, count: names.length });
    return {
      kind: "object",
      names,
      values: names.map((name) => (value as Readonly<Record<string, unknown>>)[name]),
    };
  };

const openList: Opener = (sink, value, { refuse }) => {
  if (!Array.isArray(value)) throw refuse("no true list");
  const list: readonly unknown[] = value;
  const keys = Reflect.ownKeys(list);
  // The indices come first, in their order; then `length`, then what does not belong to a list.
  const extra = keys[keys.length - 1];
  if (extra !== "length") throw refuse(`a list with a member named ${String(extra)}`);
  if (keys.length === list.length + 1) {
    putCount(sink, { tag: tags.list, count: list.length });
    return { kind: "list", values: list };
  }
  const names = keys.slice(0, -1) as string[];
  putCount(sink, { tag: valueTags.sparseList, count: list.length });
  putNumber(sink, names.length);
  return { kind: "list", names, values: names.map((name) => list[Number(name)]) };
};

const openMap: Opener = (sink, value, { refuse, order }) => {
  const members: readonly Member[] = [...Map.prototype.entries.call(value)];
  requireBare(value, refuse);
  putCount(sink, { tag: valueTags.map, count: members.length });
  return { kind: "map", values: order(members).flat(1) };
};

const openSet: Opener = (sink, value, { refuse, order }) => {
  const members = [...Set.prototype.values.call(value)].map((member): Member => [member]);
  requireBare(value, refuse);
  putCount(sink, { tag: valueTags.set, count: members.length });
  return { kind: "set", values: order(members).map(([member]) => member) };
};

const putDate: Opener = (sink, value, { refuse }) => {
  const time = Date.prototype.getTime.call(value);
  requireBare(value, refuse);
  putByte(sink, valueTags.date);
  putNumber(sink, time);
  return undefined;
};

const putRegExp: Opener = (sink, value, { refuse }) => {
  const { source, flags, lastIndex } = value as RegExp;
  requireBare(value, refuse, ["lastIndex"]);
  putByte(sink, valueTags.regExp);
  putText(sink, source);
  putText(sink, flags);
  putNumber(sink, lastIndex);
  return undefined;
};

/** Members of typed arrays beside their elements are not looked for: it would list every index. */
const putTyped =
  (name: string): Opener =>
  // allow-parameters: it is an opener
  (sink, value, { refuse }) => {
    if (Object.getOwnPropertySymbols(value).length > 0) throw refuse(`a ${name} with further members`);
    const bytes = bytesOfArray(value, refuse);
    if (name === "Uint8Array") {
      putBytes(sink, { tag: tags.bytes, bytes });
      return undefined;
    }
    putByte(sink, valueTags.typed);
    putText(sink, name);
    putBytes(sink, { tag: tags.bytes, bytes: isFloatArray(value) ? withOneNaN(value, bytes) : bytes });
    return undefined;
  };

// allow-parameters: what, how it is refused, and which members it always has
function requireBare(value: object, refuse: Opening["refuse"], usual: readonly string[] = []): void {
  const extra = Reflect.ownKeys(value).find((key) => !usual.includes(String(key)));
  if (extra !== undefined)
    throw refuse(
      `a ${constructorName(Object.getPrototypeOf(value) as object)} with a member named ${String(extra)}`,
    );
}

const typedArrays = [
  Int8Array,
  Uint8Array,
  Uint8ClampedArray,
  Int16Array,
  Uint16Array,
  Int32Array,
  Uint32Array,
  BigInt64Array,
  BigUint64Array,
  Float16Array,
  Float32Array,
  Float64Array,
  DataView,
  ArrayBuffer,
  Buffer,
] as const;

const openers: ReadonlyMap<object | null, Opener> = new Map<object | null, Opener>([
  [Object.prototype, openPlain(tags.object)],
  [null, openPlain(valueTags.bareObject)],
  [Array.prototype, openList],
  [Map.prototype, openMap],
  [Set.prototype, openSet],
  [Date.prototype, putDate],
  [RegExp.prototype, putRegExp],
  ...typedArrays.map((type): [object, Opener] => [type.prototype, putTyped(type.name)]),
]);
