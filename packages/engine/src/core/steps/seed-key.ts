import { AlmanacError } from "../errors.ts";
import { compareCodeUnits } from "../identity/compare.ts";
import { sha256Hex } from "../identity/digest.ts";

/** A number that Python would hold as `float`, although it is whole: `1e6` there is `1000000.0`. */
export interface PythonFloat {
  readonly float: number;
}

/** What a configuration of the older library may hold. */
export type SeedValue =
  | null
  | boolean
  | number
  | string
  | PythonFloat
  | readonly SeedValue[]
  | { readonly [name: string]: SeedValue };

/**
 * The key that the older Python library gives to a product: first 16 hex digits of SHA-256 over JSON with sorted keys as Python
 * prints it. For migration: to find out which of its stored products are those of a configuration.
 * @param config identity fields only; whole numbers count as `int` unless given as `{ float: 1e6 }`
 * @param requires keys of the requirements by name, if there are any
 * @throws VALUE_UNHASHABLE for numbers that JSON does not know
 * @source Python 3 json.dumps(value, sort_keys=True), float.__repr__
 */
export function seedKey(
  config: Readonly<Record<string, SeedValue>>,
  requires: Readonly<Record<string, string>> = {},
): string {
  const hashed: SeedValue = Object.keys(requires).length === 0 ? config : { config, requires };
  return sha256Hex(new TextEncoder().encode(pythonJson(hashed))).slice(0, 16);
}

/** A value as Python's `json.dumps(value, sort_keys=True)` writes it. */
export function pythonJson(value: SeedValue): string {
  if (value === null || typeof value === "boolean") return String(value);
  if (typeof value === "string") return pythonText(value);
  if (typeof value === "number")
    return Number.isInteger(value) && !Object.is(value, -0) ? String(BigInt(value)) : pythonFloat(value);
  if (isList(value)) return `[${value.map(pythonJson).join(", ")}]`;
  if (isFloat(value)) return pythonFloat(value.float);
  const members = Object.entries(value).sort(([a], [b]) => comparePython(a, b));
  return `{${members.map(([name, member]) => `${pythonText(name)}: ${pythonJson(member)}`).join(", ")}}`;
}

function isList(value: object): value is readonly SeedValue[] {
  return Array.isArray(value);
}

function isFloat(value: object): value is PythonFloat {
  const [name, ...others] = Object.keys(value);
  return name === "float" && others.length === 0 && typeof (value as { float: unknown }).float === "number";
}

/** Python orders texts by code points, JavaScript by UTF-16 units. */
function comparePython(a: string, b: string): number {
  const left = Array.from(a);
  const right = Array.from(b);
  for (let at = 0; at < Math.min(left.length, right.length); at++) {
    const difference = (left[at]?.codePointAt(0) ?? 0) - (right[at]?.codePointAt(0) ?? 0);
    if (difference !== 0) return difference;
  }
  return left.length - right.length || compareCodeUnits(a, b);
}

/** ASCII only, as `ensure_ascii` has it. */
function pythonText(text: string): string {
  return JSON.stringify(text).replace(/[\u007f-\uffff]/g, (unit) =>
    unit === "\u007f" ? unit : `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}

/** `repr` of a float: the shortest digits that read back, with an exponent below 1e-4 and from 1e16 on. */
function pythonFloat(value: number): string {
  if (!Number.isFinite(value)) throw new AlmanacError("VALUE_UNHASHABLE", `${value} has no JSON form`);
  if (Object.is(value, -0)) return "-0.0";
  const size = Math.abs(value);
  if (size !== 0 && (size < 1e-4 || size >= 1e16)) {
    const [digits = "", exponent = ""] = value.toExponential().split("e");
    return `${digits}e${exponent.replace(/^([+-])(\d)$/, "$10$2")}`;
  }
  const text = size >= 1e15 ? String(BigInt(value)) : String(value);
  return text.includes(".") ? text : `${text}.0`;
}
