/** Exponents of the base units m, kg, s, K, mol, A, cd, in this order. @shape [7] */
export type Dimensions = readonly number[];

/** A unit by what it is in base units: `base = value × scale + offset`. */
export interface Unit {
  readonly scale: number;
  /** In base units; other than 0 only for temperatures that do not start at absolute zero. */
  readonly offset: number;
  readonly dimensions: Dimensions;
}

/** The unit of pure numbers. */
export const one: Unit = { scale: 1, offset: 0, dimensions: [0, 0, 0, 0, 0, 0, 0] };

/** Product of two units. An offset has no meaning in a product and is dropped: `degC day-1` is `K day-1`. */
export function multiply(a: Unit, b: Unit): Unit {
  return {
    scale: a.scale * b.scale,
    offset: 0,
    dimensions: a.dimensions.map((exponent, index) => exponent + (b.dimensions[index] ?? 0)),
  };
}

/** Whole power of a unit; the first power keeps its offset, any other drops it. */
export function power(unit: Unit, exponent: number): Unit {
  if (exponent === 1) return unit;
  return {
    // Dividing by the positive power keeps 1/1000 exact where multiplying 0.001s would not.
    scale: exponent < 0 ? 1 / unit.scale ** -exponent : unit.scale ** exponent,
    offset: 0,
    dimensions: unit.dimensions.map((own) => (own === 0 ? 0 : own * exponent)),
  };
}

/** True if the two measure the same kind of quantity. */
export function sameDimensions(a: Dimensions, b: Dimensions): boolean {
  return a.every((exponent, index) => exponent === b[index]);
}
