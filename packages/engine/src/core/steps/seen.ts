import { digestOfValue } from "../identity/value-encoding.ts";
import { pathSegments, type Reading, type ReadingKind } from "./reading.ts";

/** Longer texts are told by their digest. */
const longestText = 200;

/**
 * A value as a text that differs whenever the value does: readable for simple values, a digest for others. Objects and
 * lists count by kind only: what is in them is read through them.
 * @throws VALUE_UNHASHABLE when the value has no canonical form
 */
export function seenValue(value: unknown): string {
  switch (typeof value) {
    case "string":
      return value.length <= longestText ? JSON.stringify(value) : `text ${digestOfValue(value)}`;
    case "number":
      return Object.is(value, -0) ? "-0" : String(value);
    case "bigint":
      return `${value}n`;
    case "boolean":
    case "undefined":
      return String(value);
    default:
      return isContainer(value) ? containerName(value) : value === null ? "null" : wholeValue(value);
  }
}

/** A value with everything in it as a text. @throws VALUE_UNHASHABLE when it has no canonical form */
export function wholeValue(value: unknown): string {
  return typeof value === "object" && value !== null ? `value ${digestOfValue(value)}` : seenScalar(value);
}

function seenScalar(value: unknown): string {
  return typeof value === "function" || typeof value === "symbol"
    ? `value ${digestOfValue(value)}`
    : seenValue(value);
}

/**
 * True for what is read member by member: lists, plain objects and instances of users' classes. Built-in objects with
 * hidden content (dates, maps, typed arrays) are values.
 */
export function isContainer(value: unknown): value is object {
  if (typeof value !== "object" || value === null) return false;
  if (Array.isArray(value)) return true;
  return Object.prototype.toString.call(value) === "[object Object]" && !(value instanceof Promise);
}

function containerName(value: object): string {
  if (Array.isArray(value)) return "list";
  const name = (Object.getPrototypeOf(value) as object | null)?.constructor?.name ?? "Object";
  return name === "Object" ? "object" : `object ${name}`;
}

/** The text keys of an object in their order: the order can be seen. */
export function seenKeys(value: object): string {
  const keys = Object.keys(value);
  const text = JSON.stringify(keys);
  return text.length <= longestText ? text : `${keys.length} keys ${digestOfValue(keys)}`;
}

/** Reads configurations the way recorded readings say, remembering what it has read. */
export type ConfigurationReader = (path: string, kind: ReadingKind) => string;

/** What a path of a configuration shows now. */
export function readConfiguration(configuration: unknown): ConfigurationReader {
  const known = new Map<string, string>();
  return (path, kind) => {
    const name = `${kind} ${path}`;
    const before = known.get(name);
    if (before !== undefined) return before;
    const seen = observe(configuration, path, kind);
    known.set(name, seen);
    return seen;
  };
}

function observe(configuration: unknown, path: string, kind: ReadingKind): string {
  const segments = pathSegments(path);
  const last = segments.at(-1);
  if (kind === "has") {
    const holder = walk(configuration, segments.slice(0, -1));
    return String(isContainer(holder) && last !== undefined && last in holder);
  }
  const value = walk(configuration, segments);
  if (kind === "keys") return isContainer(value) ? seenKeys(value) : "no keys";
  return path === "" && isContainer(value) ? wholeValue(value) : seenValue(value);
}

function walk(value: unknown, segments: readonly string[]): unknown {
  let at = value;
  for (const segment of segments) {
    if (!isContainer(at)) return undefined;
    at = (at as Readonly<Record<string, unknown>>)[segment];
  }
  return at;
}

/** Readings of declared paths, each with everything in it. */
export function declaredReadings(configuration: unknown, paths: readonly string[]): readonly Reading[] {
  return paths.map((path) => [path, "value", wholeValue(walk(configuration, pathSegments(path)))]);
}
