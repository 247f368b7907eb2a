import { compareCodeUnits } from "../identity/compare.ts";
import { digestOf } from "../identity/digest.ts";

/** What a step saw of a configuration path: its value, whether it is there, or which keys it has. */
export type ReadingKind = "value" | "has" | "keys";

/** One observation of the configuration: path, kind, and what was seen as text. */
export type Reading = readonly [path: string, kind: ReadingKind, seen: string];

/** Paths and kinds without what was seen: the same for most runs of a step. */
export type Shape = readonly (readonly [path: string, kind: ReadingKind])[];

/** The shape of readings. */
export function shapeOf(readings: readonly Reading[]): Shape {
  return readings.map(([path, kind]) => [path, kind]);
}

/** Digest of a shape. */
export function shapeDigest(shape: Shape): string {
  return digestOf(shape);
}

/** Readings in their one order: by path, then kind. */
export function sortReadings(readings: Iterable<Reading>): readonly Reading[] {
  return [...readings].sort(
    ([a, kindA], [b, kindB]) => compareCodeUnits(a, b) || compareCodeUnits(kindA, kindB),
  );
}

/** One segment as part of a path: dots and backslashes are escaped. */
export function pathSegment(segment: string): string {
  return /[.\\]/.test(segment) ? segment.replace(/[.\\]/g, "\\$&") : segment;
}

/** The segments of a path. The empty path is the whole configuration. */
export function pathSegments(path: string): readonly string[] {
  if (path === "") return [];
  if (!path.includes("\\")) return path.split(".");
  const segments: string[] = [""];
  for (const [, escaped, plain] of path.matchAll(/\\(.)|([^\\])/gs)) {
    if (plain === ".") segments.push("");
    else segments[segments.length - 1] += escaped ?? plain ?? "";
  }
  return segments;
}
