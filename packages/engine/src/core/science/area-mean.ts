import { AlmanacError } from "../errors.ts";

/**
 * Weights of the cells of a regular grid by the cosine of their latitude, latitude varying slowest. They are proportional
 * to the cell areas when the rows are equally spaced; centres at the poles get weight 0.
 * @param latitudes centres of the rows. @units degrees_north @shape [nLat]
 * @param nLongitude cells in a row
 * @returns dimensionless weights. @shape [nLat * nLongitude]
 * @throws UNITS_INVALID when a latitude lies outside ±90 degrees
 * @source area element of the sphere, R² cos φ dφ dλ
 */
export function cosLatitudeWeights(latitudes: ArrayLike<number>, nLongitude: number): Float64Array {
  const weights = new Float64Array(latitudes.length * nLongitude);
  for (let row = 0; row < latitudes.length; row++) {
    const latitude = latitudes[row] ?? Number.NaN;
    if (!(Math.abs(latitude) <= 90.001))
      throw new AlmanacError(
        "UNITS_INVALID",
        `latitude ${latitude} is not within 90 degrees of the equator`,
        {
          facts: { row, latitude },
        },
      );
    // Rounding may leave a pole slightly negative.
    const weight = Math.max(0, Math.cos((latitude * Math.PI) / 180));
    weights.fill(weight, row * nLongitude, (row + 1) * nLongitude);
  }
  return weights;
}

/**
 * Products of cell areas and the part of each cell that counts, such as its land fraction. Missing fractions count 0.
 * @param areas any unit. @shape [nCell]
 * @param fractions from 0 to 1. @shape [nCell]
 * @returns weights in the unit of the areas. @shape [nCell]
 */
export function fractionWeights(areas: Float64Array, fractions: Float64Array): Float64Array {
  return areas.map((area, cell) => {
    const fraction = fractions[cell] ?? Number.NaN;
    return Number.isNaN(fraction) ? 0 : area * fraction;
  });
}

/**
 * Weighted mean over the cells that have a value, Σ w x / Σ w. NaN is a missing value or weight; where nothing with a
 * positive weight is left, the mean is NaN.
 * @param values @shape [nCell]
 * @param weights not negative. @shape [nCell]
 */
export function weightedMean(values: ArrayLike<number>, weights: ArrayLike<number>): number {
  let total = 0;
  let totalWeight = 0;
  for (let cell = 0; cell < values.length; cell++) {
    const value = values[cell] ?? Number.NaN;
    const weight = weights[cell] ?? Number.NaN;
    if (Number.isNaN(value) || Number.isNaN(weight)) continue;
    total += weight * value;
    totalWeight += weight;
  }
  return totalWeight > 0 ? total / totalWeight : Number.NaN;
}

/**
 * Weighted mean of every field of a stack, each over its own cells with a value.
 * @param fields one field after the other. @shape [nField, nCell]
 * @param weights @shape [nCell]
 * @returns @shape [nField]
 */
export function weightedMeans(fields: Float64Array, weights: Float64Array): Float64Array {
  const nCell = weights.length;
  return Float64Array.from({ length: fields.length / nCell }, (_, field) =>
    weightedMean(fields.subarray(field * nCell, (field + 1) * nCell), weights),
  );
}
