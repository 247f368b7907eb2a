import { type NetcdfVariable, numberAttribute } from "./raw-file.ts";

// What the C library fills unwritten floating-point values with when a variable names no other value.
const defaultFill = 9.969209968386869e36;

/**
 * Turns stored numbers into values: `_FillValue` and `missing_value` become NaN, then `scale_factor` and `add_offset` are
 * applied. Floating-point variables without `_FillValue` have the format's default one. Changes the array in place.
 * @param stored numbers as they are in the file
 * @source CF conventions 1.11, sections 2.5.1 and 8.1; NetCDF Users Guide, appendix A
 */
export function decodeStored(stored: Float64Array, variable: NetcdfVariable): Float64Array {
  const missing = missingNumbers(variable);
  const scale = numberAttribute(variable.attributes, "scale_factor") ?? 1;
  const offset = numberAttribute(variable.attributes, "add_offset") ?? 0;
  const packed = scale !== 1 || offset !== 0;
  if (missing.size === 0 && !packed) return stored;
  for (let at = 0; at < stored.length; at++) {
    const value = stored[at] ?? Number.NaN;
    if (missing.has(value)) stored[at] = Number.NaN;
    else if (packed) stored[at] = value * scale + offset;
  }
  return stored;
}

function missingNumbers({ type, attributes }: NetcdfVariable): ReadonlySet<number> {
  const missing = new Set<number>();
  const fill = attributes["_FillValue"] ?? (type.startsWith("float") ? defaultFill : []);
  for (const given of [fill, attributes["missing_value"] ?? []].flat()) {
    if (typeof given !== "number") continue;
    // 1e20 written as a double next to 32-bit data must still match.
    missing.add(type === "float32" ? Math.fround(given) : given);
  }
  return missing;
}
