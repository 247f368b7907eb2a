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

/** The source types of a project. */
export interface SourceTypes {
  /** Those that come with Almanac first. */
  readonly all: readonly SourceType[];
  readonly get: (name: string) => SourceType | undefined;
  /** @throws UNKNOWN_NAME when there is none of this name; the hint names the nearest, or all */
  readonly require: (name: string) => SourceType;
}

/** The source types that come with Almanac, and a user's own. */
export function sourceTypesWith(own: readonly SourceType[]): SourceTypes {
  return sourceTypesOf([...Object.values(builtInSourceTypes), ...own]);
}

/** These source types, and no others. */
export function sourceTypesOf(all: readonly SourceType[]): SourceTypes {
  const get = (name: string): SourceType | undefined => all.find((each) => each.name === name);
  return { all, get, require: (name) => get(name) ?? unknownType(name, all) };
}

/** The built-in source type of a name, or undefined. */
export function getSourceType(name: string): SourceType | undefined {
  return sourceTypesWith([]).get(name);
}

/**
 * The built-in source type of a name.
 * @throws UNKNOWN_NAME when there is none; the hint names the nearest, or all
 */
export function requireSourceType(name: string): SourceType {
  return sourceTypesWith([]).require(name);
}

function unknownType(name: string, all: readonly SourceType[]): never {
  const known = all.map((each) => each.name);
  const nearest = nearestNames(name, known);
  throw new AlmanacError("UNKNOWN_NAME", `there is no source type "${name}"`, {
    hint: nearest.length > 0 ? `did you mean ${nearest.join(", ")}?` : `source types are ${known.join(", ")}`,
    facts: { name, nearest, known },
  });
}
