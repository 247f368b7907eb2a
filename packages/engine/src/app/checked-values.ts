import { AlmanacError } from "../core/errors.ts";
import type { ExecutionContext } from "../core/execution/context.ts";
import type { Scalar, Series } from "../core/results/value.ts";

/** What a diagnostic gives for a scalar; the rest has defaults. */
export type GivenScalar = Parameters<ExecutionContext["scalar"]>[0];

/** What a diagnostic gives for a series; the rest has defaults. */
export type GivenSeries = Parameters<ExecutionContext["series"]>[0];

function refuse(message: string, facts: Readonly<Record<string, unknown>>): never {
  throw new AlmanacError("BUNDLE_INVALID", message, { hint: "null stands for a missing value", facts });
}

function named(dimensions: Readonly<Record<string, string>>): string {
  return Object.entries(dimensions)
    .map(([name, value]) => `${name}=${value}`)
    .join(", ");
}

function isNumber(value: unknown): boolean {
  return value === null || (typeof value === "number" && Number.isFinite(value));
}

/**
 * Completes a scalar.
 * @throws BUNDLE_INVALID when its value is neither a finite number nor null
 */
export function requireScalar(given: GivenScalar): Scalar {
  if (!isNumber(given.value))
    refuse(`the scalar (${named(given.dimensions)}) is ${given.value}; it must be a finite number or null`, {
      dimensions: given.dimensions,
      value: String(given.value),
    });
  return { kind: "model", attributes: {}, ...given };
}

/**
 * Completes a series.
 * @throws BUNDLE_INVALID when values and index differ in length, a value is not finite, or an index value is not
 * finite or not unique
 */
export function requireSeries(given: GivenSeries): Series {
  const { values, index, dimensions } = given;
  const name = `the series (${named(dimensions)})`;
  if (values.length !== index.length)
    refuse(`${name} has ${values.length} values and ${index.length} index values`, { dimensions });
  const wrong = values.findIndex((value) => !isNumber(value));
  if (wrong >= 0)
    refuse(`${name} has the value ${values[wrong]} at position ${wrong}`, { dimensions, position: wrong });
  const wrongIndex = index.findIndex((value) => typeof value !== "string" && !Number.isFinite(value));
  if (wrongIndex >= 0)
    refuse(`${name} has the index value ${index[wrongIndex]} at position ${wrongIndex}`, { dimensions });
  if (new Set(index).size !== index.length) refuse(`${name} has an index value twice`, { dimensions });
  return { kind: "model", attributes: {}, ...given };
}
