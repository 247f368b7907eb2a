import { AlmanacError } from "../errors.ts";
import { digestOfValue } from "../identity/value-encoding.ts";
import type { Json } from "../json.ts";

/** Objects in each other that are written out; deeper ones, and cycles, go by their digest. */
const deepest = 16;

/**
 * A configuration as the parameters of an execution: what JSON has as it is, dates and other numbers as text,
 * everything else as `digest:` with its digest, or as `type:` with its type when it has none. What is no object stands
 * under `value`.
 * @example recordedConfiguration({ n: 3, limit: Infinity }) // { n: 3, limit: "Infinity" }
 */
export function recordedConfiguration(configuration: unknown): Readonly<Record<string, Json>> {
  if (typeof configuration !== "object" || configuration === null || Array.isArray(configuration))
    return { value: recorded(configuration, 0) };
  return members(configuration, 0);
}

/** allow-parameters: the value and how deep it lies */
function recorded(value: unknown, depth: number): Json {
  if (value === null || typeof value === "string" || typeof value === "boolean") return value;
  if (typeof value === "number") return Number.isFinite(value) ? value : String(value);
  if (typeof value === "bigint" || value === undefined) return String(value);
  const text = ownText(value);
  if (text !== undefined) return text;
  if (typeof value !== "object" || depth === deepest) return digestText(value);
  if (Array.isArray(value)) return Array.from(value, (each) => recorded(each, depth + 1));
  const isOther = Object.prototype.toString.call(value) !== "[object Object]";
  return isOther ? digestText(value) : members(value, depth);
}

/** allow-parameters: the object and how deep it lies */
function members(holder: object, depth: number): Readonly<Record<string, Json>> {
  return Object.fromEntries(Object.entries(holder).map(([name, each]) => [name, recorded(each, depth + 1)]));
}

/** The text that a date, a URL and the like give for JSON. */
function ownText(value: unknown): string | undefined {
  const { toJSON } = value as { readonly toJSON?: unknown };
  const text: unknown = typeof toJSON === "function" ? toJSON.call(value) : undefined;
  return typeof text === "string" ? text : undefined;
}

function digestText(value: unknown): string {
  try {
    return `digest:${digestOfValue(value)}`;
  } catch (error) {
    if (error instanceof AlmanacError && error.code === "VALUE_UNHASHABLE") return `type:${typeof value}`;
    throw error;
  }
}
