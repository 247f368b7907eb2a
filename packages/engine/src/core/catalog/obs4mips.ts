import { defineSourceType } from "./define-source-type.ts";
import type { SourceType } from "./source-type.ts";

const identityFacets = [
  "activity_id",
  "institution_id",
  "source_id",
  "frequency",
  "variable_id",
  "nominal_resolution",
  "grid_label",
] as const;

const requiredAttributes = [
  "activity_id",
  "frequency",
  "grid",
  "grid_label",
  "institution_id",
  "nominal_resolution",
  "product",
  "realm",
  "source_id",
  "source_type",
  "source_version_number",
  "variable_id",
  "variant_label",
] as const;

/**
 * A source type of observations with the global attributes of obs4MIPs. Their folders do not tell all of the identity, so that
 * files are always opened; of the path only the version counts.
 * @source obs4MIPs ODS v2.1, data specifications
 */
function observations(name: string, idPrefix: string): SourceType {
  return defineSourceType({
    name,
    idPrefix,
    identityFacets,
    attributes: requiredAttributes,
    variableAttributes: ["long_name", "standard_name", "units"],
    structure: ["calendar", "time_units", "vertical_levels"],
    requiredAttributes,
  });
}

/** Observations published as obs4MIPs. */
export const obs4mips: SourceType = observations("obs4mips", "obs4MIPs");

/** Observations prepared for the rapid evaluation framework that are not, or not yet, in obs4MIPs. */
export const obs4ref: SourceType = observations("obs4ref", "obs4REF");

/** Climatologies that the PCMDI Metrics Package makes of obs4MIPs data. */
export const pmpClimatology: SourceType = observations("pmp-climatology", "obs4MIPs");
