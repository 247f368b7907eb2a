import { compareCodeUnits } from "../identity/compare.ts";
import type { PlacedNumber } from "./pivot.ts";

/** Interquartile ranges outside of the quartiles from which on a number is told, where nothing else is said. */
export const defaultFactor = 10;

/** Sources that a group needs, where nothing else is said. */
export const defaultSources = 4;

/** How numbers are judged. */
export interface OutlierRequest {
  /** Facets of a group beside units. */
  readonly by: readonly string[];
  /** Facet that names the source of a number: each source counts once, with its mean. */
  readonly source: string;
  /** In interquartile ranges, > 0. */
  readonly factor: number;
  /** Groups with fewer sources are not judged. */
  readonly sources: number;
}

/** Numbers that are compared with each other. */
export interface NumberGroup {
  /** Values of the facets it is told by, in their order; "" where there is none. */
  readonly names: readonly string[];
  readonly units: string | undefined;
  /** How many sources have finite numbers. */
  readonly sources: number;
}

/** A number far from those of its group. */
export interface Outlier<T extends PlacedNumber> {
  readonly number: T;
  readonly group: NumberGroup;
  readonly reason: "below" | "above" | "non-finite";
  /** What a number of the group must reach and not pass; undefined where the group has too few sources. */
  readonly bounds: readonly [lower: number, upper: number] | undefined;
}

/** What was found. */
export interface OutlierReport<T extends PlacedNumber> {
  /** By group, in the order given. */
  readonly outliers: readonly Outlier<T>[];
  readonly judged: readonly NumberGroup[];
  readonly tooFew: readonly NumberGroup[];
}

/**
 * Numbers that are more than `factor` interquartile ranges below the first or above the third quartile of the means of
 * the sources of their group. The quartiles are the inclusive ones: the smallest and largest mean are the quantiles 0 and
 * 1, linear between. A number that is not finite always is one; a missing one (`null`) never. Numbers of different units
 * are never compared.
 * @source Hyndman & Fan (1996), The American Statistician 50, 361: definition 7 of sample quantiles
 */
export function findOutliers<T extends PlacedNumber>(
  numbers: readonly T[],
  request: OutlierRequest,
): OutlierReport<T> {
  const groups = [...Map.groupBy(numbers.filter(isPresent), (number) => keyOf(number, request))]
    .sort(([a], [b]) => compareCodeUnits(a, b))
    .map(([, members]) => judge(members, request));
  return {
    outliers: groups.flatMap(({ outliers }) => outliers),
    judged: groups.filter(({ bounds }) => bounds !== undefined).map(({ group }) => group),
    tooFew: groups.filter(({ bounds }) => bounds === undefined).map(({ group }) => group),
  };
}

type Present<T extends PlacedNumber> = T & { readonly value: number };

function isPresent<T extends PlacedNumber>(number: T): number is Present<T> {
  return number.value !== null;
}

function keyOf({ facets, units }: PlacedNumber, { by }: OutlierRequest): string {
  return JSON.stringify([...by.map((facet) => facets[facet] ?? ""), units ?? ""]);
}

function judge<T extends PlacedNumber>(
  members: readonly Present<T>[],
  request: OutlierRequest,
): {
  readonly group: NumberGroup;
  readonly bounds: Outlier<T>["bounds"];
  readonly outliers: readonly Outlier<T>[];
} {
  const means = meansOfSources(members, request);
  const [first] = members;
  const names = request.by.map((facet) => first?.facets[facet] ?? "");
  const group: NumberGroup = { names, units: first?.units, sources: means.length };
  const bounds = means.length >= request.sources ? boundsOf(means, request.factor) : undefined;
  const outliers = members.flatMap((number) => {
    const reason = reasonOf(number.value, bounds);
    return reason === undefined ? [] : [{ number, group, reason, bounds }];
  });
  return { group, bounds, outliers };
}

/** Numbers that name no source are judged and count in no mean. */
function meansOfSources<T extends PlacedNumber>(
  members: readonly Present<T>[],
  { source }: OutlierRequest,
): Float64Array {
  const counted = members.filter(
    ({ facets, value }) => facets[source] !== undefined && Number.isFinite(value),
  );
  const bySource = Map.groupBy(counted, ({ facets }) => facets[source]);
  const means = [...bySource.values()].map(
    (same) => same.reduce((sum, { value }) => sum + value, 0) / same.length,
  );
  return Float64Array.from(means).sort();
}

function boundsOf(sorted: Float64Array, factor: number): readonly [number, number] {
  const [first, third] = [quantile(sorted, 0.25), quantile(sorted, 0.75)];
  const reach = factor * (third - first);
  return [first - reach, third + reach];
}

/** @param share 0 to 1 */
function quantile(sorted: Float64Array, share: number): number {
  const place = (sorted.length - 1) * share;
  const below = sorted[Math.floor(place)] ?? Number.NaN;
  const above = sorted[Math.ceil(place)] ?? Number.NaN;
  return below + (above - below) * (place - Math.floor(place));
}

function reasonOf(
  value: number,
  bounds: readonly [number, number] | undefined,
): "below" | "above" | "non-finite" | undefined {
  if (!Number.isFinite(value)) return "non-finite";
  if (bounds === undefined) return undefined;
  if (value < bounds[0]) return "below";
  return value > bounds[1] ? "above" : undefined;
}
