import type { CustomConstraint } from "../constraint.ts";
import { type FacetValues, facetFilter } from "./values.ts";

/**
 * A constraint of one's own: a pure, deterministic function.
 * @param settings `footprint`: which datasets beyond the group it may look at (default none); `needsHeader`: whether it
 *   reads facets or times that are known only after opening (default true); `version`: change it with what it answers; without
 *   one every solve asks it again about every group
 */
export function customConstraint(settings: {
  readonly name: string;
  readonly apply: CustomConstraint["apply"];
  readonly footprint?: FacetValues;
  readonly needsHeader?: boolean;
  readonly version?: string;
}): CustomConstraint {
  const { name, apply, footprint = {}, needsHeader = true, version } = settings;
  const known = version === undefined ? {} : { version };
  return { kind: "custom", name, footprint: facetFilter(footprint), needsHeader, ...known, apply };
}
