import type { Json } from "../json.ts";
import { isJsonObject, shortJson } from "./json-object.ts";
import type { PathPart } from "./problem.ts";
import type { Dimensions } from "./value.ts";

/** True for a number that JSON should not have held: `JSON.parse` reads 1e999 as infinity. */
export function isNonFinite(value: unknown): boolean {
  return typeof value === "number" && !Number.isFinite(value);
}

/**
 * Dimension name → value with every value as text; numbers in shortest decimal form. Absent and null are none.
 * @param note told of each place that is wrong
 */
export function textDimensions(
  value: Json | undefined,
  note: (path: readonly PathPart[], message: string) => void,
): Dimensions {
  if (value === undefined || value === null) return {};
  if (!isJsonObject(value)) {
    note([], `dimensions are an object, not ${shortJson(value)}`);
    return {};
  }
  const entries = Object.entries(value).flatMap(([name, each]) => {
    if (typeof each === "string" || (typeof each === "number" && Number.isFinite(each)))
      return [[name, String(each)] as const];
    note([name], `a dimension's value is a text, not ${shortJson(each)}`);
    return [];
  });
  return Object.fromEntries(entries);
}
