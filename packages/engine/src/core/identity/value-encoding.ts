import { AlmanacError } from "../errors.ts";
import { digestOf } from "./digest.ts";
import { type Encodable, encode } from "./encode.ts";

/** Canonical bytes of a value. @throws VALUE_UNHASHABLE */
export function encodeValue(value: unknown): Uint8Array {
  return encode(toEncodable(value, "value"));
}
/** Digest of a value. @throws VALUE_UNHASHABLE */
export function digestOfValue(value: unknown): string {
  return digestOf(toEncodable(value, "value"));
}
function toEncodable(value: unknown, at: string): Encodable {
  if (value === undefined) return ["undefined"];
  if (value === null || ["string", "boolean", "bigint"].includes(typeof value))
    return ["v", value as Encodable];
  if (typeof value === "number") return Object.is(value, -0) ? ["-0"] : ["v", value];
  if (Array.isArray(value)) return ["list", value.map((each, i) => toEncodable(each, `${at}[${i}]`))];
  if (Object.prototype.toString.call(value) === "[object Date]") return ["date", Number(value)];
  if (value instanceof Map)
    return ["map", [...value].map(([k, v]) => [toEncodable(k, at), toEncodable(v, at)])];
  if (value instanceof Set) return ["set", [...value].map((v) => toEncodable(v, at))];
  if (ArrayBuffer.isView(value))
    return [value.constructor.name, new Uint8Array(value.buffer, value.byteOffset, value.byteLength)];
  const prototype = typeof value === "object" ? (Object.getPrototypeOf(value) as object | null) : undefined;
  if (prototype === Object.prototype || prototype === null)
    return [
      "object",
      Object.fromEntries(Object.entries(value as object).map(([k, v]) => [k, toEncodable(v, `${at}.${k}`)])),
    ];
  throw new AlmanacError("VALUE_UNHASHABLE", `${at} has no canonical form: ${typeof value}`);
}
