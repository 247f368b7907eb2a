import { AlmanacError } from "../errors.ts";
import { parseUnits } from "./parse-units.ts";
import { multiply, power, sameDimensions, type Unit } from "./unit.ts";

/** Equivalences that are no conversion of units by themselves and must be asked for. */
export interface ConversionOptions {
  /**
   * Water of 1000 kg m-3: a mass per area counts as the depth of liquid water it makes, so that `kg m-2 s-1` is `mm s-1`.
   */
  readonly waterEquivalent?: boolean;
}

// Density of liquid water by convention, exactly. @units kg m-3
const waterDensity: Unit = { scale: 1000, offset: 0, dimensions: [-3, 1, 0, 0, 0, 0, 0] };

/**
 * The function that converts values between units; the same unit gives values back unchanged, NaN stays NaN.
 * @param from units of the values, as in a file
 * @param to units wanted
 * @throws UNITS_INVALID when either is unknown or they measure different things
 * @example convertUnits("K", "degC")(273.15) // 0
 */
export function convertUnits(
  from: string,
  to: string,
  options: ConversionOptions = {},
): (value: number) => number {
  const target = parseUnits(to);
  const source = convertible(parseUnits(from), target, options);
  if (source === undefined)
    throw new AlmanacError("UNITS_INVALID", `"${from}" cannot be converted to "${to}"`, {
      hint: "both must measure the same; with { waterEquivalent: true } kg m-2 of water counts as mm",
      facts: { from, to },
    });
  return conversion(source, target);
}

/**
 * True if two spellings mean one unit, such as `W/m^2` and `W m-2`.
 * @throws UNITS_INVALID when either is unknown
 */
export function sameUnits(a: string, b: string): boolean {
  const first = parseUnits(a);
  const second = parseUnits(b);
  return (
    first.scale === second.scale &&
    first.offset === second.offset &&
    sameDimensions(first.dimensions, second.dimensions)
  );
}

/** The source unit in the target's dimensions, by way of water where that was asked for. */
function convertible(source: Unit, target: Unit, { waterEquivalent }: ConversionOptions): Unit | undefined {
  const candidates =
    waterEquivalent === true
      ? [source, multiply(source, power(waterDensity, -1)), multiply(source, waterDensity)]
      : [source];
  return candidates.find((unit) => sameDimensions(unit.dimensions, target.dimensions));
}

function conversion(source: Unit, target: Unit): (value: number) => number {
  const shift = source.offset - target.offset;
  if (source.scale === target.scale)
    return shift === 0 ? (value) => value : (value) => value + shift / target.scale;
  // Multiplying by 100 is exact where dividing by 0.01 is not: take the ratio that is at least 1.
  const up = source.scale >= target.scale;
  const ratio = up ? source.scale / target.scale : target.scale / source.scale;
  const scaled = up ? (value: number) => value * ratio : (value: number) => value / ratio;
  return shift === 0 ? scaled : (value) => scaled(value) + shift / target.scale;
}
