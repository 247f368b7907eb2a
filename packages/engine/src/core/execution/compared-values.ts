import { compareCodeUnits } from "../identity/compare.ts";
import type { Json } from "../json.ts";
import type { Scalar, Series } from "../results/value.ts";

/** A scalar or series. */
export type AnyValue = Scalar | Series;

/** By what a value is found in another execution: form, kind, dimensions and, of several alike, the place. */
export function valuesByName(values: readonly AnyValue[]): ReadonlyMap<string, AnyValue> {
  const alike = Map.groupBy(values, nameOf);
  return new Map(
    [...alike].flatMap(([name, members]) =>
      members.map((member, index) => [index === 0 ? name : `${name} #${index + 1}`, member] as const),
    ),
  );
}

function nameOf(value: AnyValue): string {
  const dimensions = Object.entries(value.dimensions).sort(([a], [b]) => compareCodeUnits(a, b));
  return [
    "value" in value ? "scalar" : "series",
    ...(value.kind === "reference" ? ["reference"] : []),
    ...dimensions.map(([dimension, text]) => `${dimension}=${text}`),
  ].join(" ");
}

/**
 * How a value differs from another of the same name: undefined if it does not.
 * @param options.tolerance largest |a − b| that counts as equal, as a part of the larger of |a| and |b|
 */
export function valueDifference(
  [before, after]: readonly [AnyValue, AnyValue],
  options: { readonly tolerance: number },
): { readonly from: Json; readonly to: Json } | undefined {
  const [from, to] = [headOf(before), headOf(after)];
  if (JSON.stringify(from) !== JSON.stringify(to)) return { from, to };
  const [a, b] = [numbersOf(before), numbersOf(after)];
  const place = a.findIndex((number, index) => !areClose([number, b[index] ?? null], options.tolerance));
  if (place < 0) return undefined;
  if ("value" in before) return { from: before.value, to: b[0] ?? null };
  const index = before.index[place] ?? null;
  return { from: { index, value: a[place] ?? null }, to: { index, value: b[place] ?? null } };
}

/** What has to be the same for the numbers to be comparable. */
function headOf(value: AnyValue): Json {
  if ("value" in value) return { units: value.units ?? null };
  const { valueUnits, index, indexUnits, calendar } = value;
  return { units: valueUnits ?? null, index, indexUnits: indexUnits ?? null, calendar: calendar ?? null };
}

function numbersOf(value: AnyValue): readonly (number | null)[] {
  return "value" in value ? [value.value] : value.values;
}

function areClose([a, b]: readonly [number | null, number | null], tolerance: number): boolean {
  if (a === null || b === null) return a === b;
  return Math.abs(a - b) <= tolerance * Math.max(Math.abs(a), Math.abs(b));
}
