import { compareCodeUnits } from "../../core/identity/compare.ts";
import type { Json } from "../../core/json.ts";

/** A flag as it is stored. */
export function flagOf(value: boolean): 0 | 1 {
  return value ? 1 : 0;
}

/** JSON text of a map of texts, its names in code-unit order, so that equal maps have equal text. */
export function orderedJson(map: Readonly<Record<string, Json>>): string {
  const names = Object.keys(map).sort(compareCodeUnits);
  return JSON.stringify(Object.fromEntries(names.map((name) => [name, map[name]])));
}

/** Reads JSON text that this catalog wrote. The caller names the type it was written as. */
export function storedJson<T>(text: string): T {
  return JSON.parse(text) as T;
}

/** Only those fields that have a value: null columns become absent fields. */
export function withoutNulls<T extends object>(
  fields: {
    readonly [K in keyof T]: T[K] | null;
  },
): { [K in keyof T]?: Exclude<T[K], null> } {
  return Object.fromEntries(
    Object.entries(fields).filter(([, value]) => value !== null && value !== undefined),
  ) as { [K in keyof T]?: Exclude<T[K], null> };
}
