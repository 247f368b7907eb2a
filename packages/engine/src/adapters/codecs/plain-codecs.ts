import type { Codec } from "../../core/steps/codec.ts";

const utf8 = {
  encode: (text: string) => new TextEncoder().encode(text),
  decode: (bytes: Uint8Array) => new TextDecoder("utf-8", { ignoreBOM: true }).decode(bytes),
};

/** Texts as UTF-8. A text with a lone surrogate is left to the structured codec. */
export const textCodec: Codec = {
  name: "text",
  accepts: (value) => typeof value === "string" && value.isWellFormed(),
  encode: (value) => ({ bytes: utf8.encode(value as string) }),
  decode: (bytes) => utf8.decode(bytes),
};

/** Bytes as they are. */
export const bytesCodec: Codec = {
  name: "bytes",
  accepts: (value) => hasPrototype(value, Uint8Array.prototype),
  encode: (value) => ({ bytes: value as Uint8Array }),
  decode: (bytes) => new Uint8Array(bytes),
};

/** Node's buffers: bytes that know more methods. */
export const bufferCodec: Codec = {
  name: "buffer",
  accepts: (value) => hasPrototype(value, Buffer.prototype),
  encode: (value) => ({ bytes: value as Uint8Array }),
  decode: (bytes) => Buffer.from(bytes),
};

/** True for an object made by exactly this class. */
export function hasPrototype(value: unknown, prototype: object): boolean {
  return typeof value === "object" && value !== null && Object.getPrototypeOf(value) === prototype;
}

/** What JSON says exactly: null, truth values, finite numbers but −0, texts, and lists and plain objects of them. */
export const jsonCodec: Codec = {
  name: "json",
  accepts: (value) => isJson(value),
  encode: (value) => ({ bytes: utf8.encode(JSON.stringify(value)) }),
  decode: (bytes) => JSON.parse(utf8.decode(bytes)) as unknown,
};

/** Circles end here, and what is nested deeper than may be wanted of JSON: they are left to the structured codec. */
const deepest = 1000;

function isJson(value: unknown, depth = 0): boolean {
  switch (typeof value) {
    case "string":
    case "boolean":
      return true;
    case "number":
      return Number.isFinite(value) && !Object.is(value, -0);
    case "object":
      if (value === null) return true;
      if (depth === deepest) return false;
      if (Array.isArray(value)) return isDense(value) && value.every((each) => isJson(each, depth + 1));
      // JSON knows no objects without prototype, such as those of Object.groupBy.
      return (
        hasPrototype(value, Object.prototype) &&
        isPlain(value) &&
        Object.values(value).every((each) => isJson(each, depth + 1))
      );
    default:
      return false;
  }
}

function isDense(list: readonly unknown[]): boolean {
  const keys = Object.keys(list);
  return (
    hasPrototype(list, Array.prototype) &&
    keys.length === list.length &&
    // Indexes come first.
    (keys.length === 0 || keys.at(-1) === String(list.length - 1)) &&
    Reflect.ownKeys(list).length === list.length + 1
  );
}

/** True for objects made by braces, or without prototype: own members with text keys only, none of them hidden. */
export function isPlain(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value);
  return (
    (prototype === Object.prototype || prototype === null) &&
    Reflect.ownKeys(value).length === Object.keys(value).length
  );
}
