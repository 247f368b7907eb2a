import type { Facets } from "./dataset.ts";

/** The facets that have a value; undefined ones are left out, empty texts stay. */
export function definedFacets(values: Readonly<Record<string, string | undefined>>): Facets {
  const facets: Record<string, string> = {};
  for (const [name, value] of Object.entries(values)) if (value !== undefined) facets[name] = value;
  return facets;
}

/**
 * A number written by a program of any language as the shortest decimal: `0.0D` → `0`, `5.475D+4` → `54750`.
 * @returns undefined for what is no finite number
 */
export function decimalText(text: string | undefined): string | undefined {
  const match = /^\s*([-+]?(?:\d+\.?\d*|\.\d+))(?:[dDeE]([-+]?\d+)?)?[fFlL]?\s*$/.exec(text ?? "");
  const value = match === null ? Number.NaN : Number(`${match[1]}e${match[2] ?? "0"}`);
  // Adding 0 keeps −0 out of the catalog.
  return Number.isFinite(value) ? (value + 0).toString() : undefined;
}

/** The version that a path's folders tell: the last segment of `v` and digits, else `v0`. */
export function pathVersion(path: string): string {
  const folders = path.split("/").slice(0, -1);
  return folders.findLast((folder) => /^v\d+$/.test(folder)) ?? "v0";
}
