import { AlmanacError } from "../errors.ts";
import { nearestNames } from "../identity/nearest-names.ts";
import { cmip6 } from "./cmip6.ts";
import { cmip7 } from "./cmip7.ts";
import { esmvaltoolReference } from "./esmvaltool-reference.ts";
import { obs4mips, obs4ref, pmpClimatology } from "./obs4mips.ts";
import type { SourceType } from "./source-type.ts";

/** The source types that come with Almanac. */
export const builtInSourceTypes = {
  cmip6,
  cmip7,
  obs4mips,
  obs4ref,
  "pmp-climatology": pmpClimatology,
  "esmvaltool-reference": esmvaltoolReference,
} as const satisfies Record<string, SourceType>;

/** The source type of a name, or undefined. */
export function getSourceType(name: string): SourceType | undefined {
  return Object.entries(builtInSourceTypes).find(([known]) => known === name)?.[1];
}

/**
 * The source type of a name.
 * @throws UNKNOWN_NAME when there is none; the hint names the nearest, or all
 */
export function requireSourceType(name: string): SourceType {
  const sourceType = getSourceType(name);
  if (sourceType !== undefined) return sourceType;
  const known = Object.keys(builtInSourceTypes);
  const nearest = nearestNames(name, known);
  throw new AlmanacError("UNKNOWN_NAME", `there is no source type "${name}"`, {
    hint: nearest.length > 0 ? `did you mean ${nearest.join(", ")}?` : `source types are ${known.join(", ")}`,
    facts: { name, nearest, known },
  });
}
