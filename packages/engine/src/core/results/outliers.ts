import { compareCodeUnits } from "../identity/compare.ts";
import type { PlacedNumber } from "./pivot.ts";

/** Deviation from which on a number is told, where nothing else is said. @source Iglewicz & Hoaglin (1993) */
export const defaultThreshold = 3.5;

/** Numbers that a group needs, where nothing else is said: with fewer, no deviation without spread reaches 3.5. */
export const defaultGroupSize = 5;

/** Makes the median absolute deviation of normally distributed numbers their standard deviation: 1 / Φ⁻¹(¾). */
const madScale = 1.4826;

/** The same for the mean absolute deviation: √(π / 2). */
const meanScale = 1.253314;

/** How numbers are judged. */
export interface OutlierRequest {
  /** Facets of a group beside units. */
  readonly by: readonly string[];
  /** In scaled deviations. */
  readonly threshold: number;
  /** Groups with fewer numbers are not judged. */
  readonly groupSize: number;
}

/** Numbers that are compared with each other. */
export interface NumberGroup {
  /** Values of the facets it is told by, in their order; "" where there is none. */
  readonly names: readonly string[];
  readonly units: string | undefined;
  /** How many numbers there are; missing ones do not count. */
  readonly size: number;
}

/** A number far from those of its group. */
export interface Outlier<T extends PlacedNumber> {
  readonly number: T;
  readonly group: NumberGroup;
  readonly median: number;
  /** Signed, in units of the scaled deviation of the group. */
  readonly deviation: number;
}

/** What was found. */
export interface OutlierReport<T extends PlacedNumber> {
  /** The farthest first. */
  readonly outliers: readonly Outlier<T>[];
  readonly judged: readonly NumberGroup[];
  readonly tooSmall: readonly NumberGroup[];
}

/**
 * Numbers farther than a threshold from the median of their group, in units of the group's scaled median absolute
 * deviation, 1.4826 × median |x − median x|. Where more than half of the numbers are equal that is 0, and the scaled mean
 * absolute deviation, 1.253314 × mean |x − median x|, takes its place. Numbers of different units are never compared.
 * @source Iglewicz & Hoaglin, How to Detect and Handle Outliers, ASQC (1993): modified z-score; IBM SPSS Statistics,
 * modified z-score, for a median absolute deviation of 0
 */
export function findOutliers<T extends PlacedNumber>(
  numbers: readonly T[],
  request: OutlierRequest,
): OutlierReport<T> {
  const groups = [...Map.groupBy(numbers.filter(isPresent), (number) => keyOf(number, request))]
    .sort(([a], [b]) => compareCodeUnits(a, b))
    .map(([, members]) => ({ members, group: groupOf(members, request) }));
  const isJudged = ({ group }: { readonly group: NumberGroup }) => group.size >= request.groupSize;
  return {
    outliers: groups
      .filter(isJudged)
      .flatMap(({ members, group }) => outliersOf(members, { group, threshold: request.threshold }))
      .sort((a, b) => Math.abs(b.deviation) - Math.abs(a.deviation)),
    judged: groups.filter(isJudged).map(({ group }) => group),
    tooSmall: groups.filter((each) => !isJudged(each)).map(({ group }) => group),
  };
}

type Present<T extends PlacedNumber> = T & { readonly value: number };

function isPresent<T extends PlacedNumber>(number: T): number is Present<T> {
  return number.value !== null;
}

function keyOf({ facets, units }: PlacedNumber, { by }: OutlierRequest): string {
  return JSON.stringify([...by.map((facet) => facets[facet] ?? ""), units ?? ""]);
}

function groupOf(members: readonly PlacedNumber[], { by }: OutlierRequest): NumberGroup {
  const [first] = members;
  const names = by.map((facet) => first?.facets[facet] ?? "");
  return { names, units: first?.units, size: members.length };
}

function outliersOf<T extends PlacedNumber>(
  members: readonly Present<T>[],
  { group, threshold }: { readonly group: NumberGroup; readonly threshold: number },
): readonly Outlier<T>[] {
  const values = members.map(({ value }) => value);
  const middle = median(values);
  const distances = values.map((value) => Math.abs(value - middle));
  const spread = madScale * median(distances) || meanScale * mean(distances);
  // All are equal.
  if (spread === 0) return [];
  return members
    .map((number) => ({ number, group, median: middle, deviation: (number.value - middle) / spread }))
    .filter(({ deviation }) => Math.abs(deviation) > threshold);
}

function median(values: readonly number[]): number {
  const sorted = Float64Array.from(values).sort();
  const upper = sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
  const lower = sorted[Math.ceil(sorted.length / 2) - 1] ?? Number.NaN;
  return (lower + upper) / 2;
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
