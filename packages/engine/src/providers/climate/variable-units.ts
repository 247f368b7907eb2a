import type { ExecutionContext } from "../../entry/library/define.ts";
import { type NetcdfVariable, sameUnits, textAttribute } from "../../entry/library/science.ts";

/**
 * Units of a variable as its file spells them. Numbers are never given with units that nobody can read: a file without any ends
 * the execution.
 * @throws UNITS_INVALID when they are unknown
 */
export function variableUnits(
  context: ExecutionContext,
  { name, attributes }: Pick<NetcdfVariable, "name" | "attributes">,
): string {
  const units = textAttribute(attributes, "units") ?? context.fail(`${name} has no units`);
  sameUnits(units, units);
  return units;
}

/** Units of a change per decade: those of a difference, which for degrees Celsius are kelvin. */
export function trendUnits(units: string): string {
  return `${sameUnits(units, "degC") ? "K" : units} decade-1`;
}
