/** JSON values: what parameters, attributes and documents are made of. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [name: string]: Json };

/** Longest form of a value in a message. */
const shownLength = 80;

/** Any value in a message, whoever gave it: JSON where it has such a form, cut where it is long; else its kind. */
export function shownValue(value: unknown): string {
  if (value === undefined) return "nothing";
  if (typeof value === "function") return "a function";
  if (value instanceof Promise) return "a promise: await it";
  if (typeof value === "string") return cut(JSON.stringify(value));
  if (typeof value !== "object" || value === null) return String(value);
  if (!Array.isArray(value) && !isPlain(value)) return `a ${value.constructor?.name ?? "foreign object"}`;
  return isJson(value) ? cut(JSON.stringify(value)) : cut(shallow(value));
}

function cut(text: string): string {
  return text.length > shownLength ? `${text.slice(0, shownLength)}…` : text;
}

/** Of what has no JSON form: what it is called by. */
function shallow(value: object): string {
  return Array.isArray(value) ? `a list of ${value.length}` : `an object of ${Object.keys(value).join(", ")}`;
}

/** True for objects that are nothing but their members. */
function isPlain(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === null || prototype === Object.prototype || Object.getPrototypeOf(prototype) === null;
}

/**
 * True for what JSON can tell as it is: no number that is not finite, no function, no object of a class, no circle. Members
 * that are undefined are absent.
 */
export function isJson(value: unknown, within: readonly object[] = []): boolean {
  if (value === null || typeof value === "string" || typeof value === "boolean") return true;
  if (typeof value === "number") return Number.isFinite(value);
  if (typeof value !== "object" || within.includes(value)) return false;
  const inside = [...within, value];
  if (Array.isArray(value)) return value.every((each) => isJson(each, inside));
  return isPlain(value) && Object.values(value).every((each) => each === undefined || isJson(each, inside));
}
