import type { Facets } from "./dataset.ts";
import { defineSourceType } from "./define-source-type.ts";
import { decimalText, definedFacets } from "./facet-text.ts";
import type { SourceType } from "./source-type.ts";

const identityFacets = [
  "activity_id",
  "institution_id",
  "source_id",
  "experiment_id",
  "variant_label",
  "region",
  "frequency",
  "variable_id",
  "branding_suffix",
  "grid_label",
] as const;

function deriveFacets(facets: Facets): Facets {
  const { variable_id: variable, branding_suffix: branding } = facets;
  if (variable === undefined || branding === undefined) return facets;
  return { branded_variable: `${variable}_${branding}`, ...facets };
}

function fixPath({ version = "", ...facets }: Facets): Facets {
  return { ...deriveFacets(facets), version: /^v\d+$/.test(version) ? version : "v0" };
}

function fixHeader(facets: Facets): Facets {
  const { branded_variable: _written, ...others } = facets;
  return definedFacets({
    ...deriveFacets(others),
    branch_time_in_child: decimalText(facets["branch_time_in_child"]),
    branch_time_in_parent: decimalText(facets["branch_time_in_parent"]),
  });
}

/**
 * CMIP7 model output in the archive's directory layout. `branded_variable` follows from variable and branding suffix.
 * @source CMIP7 global attributes, DRS and filenames, version 1.0 (MIP-DRS7)
 */
export const cmip7: SourceType = defineSourceType({
  name: "cmip7",
  idPrefix: "CMIP7",
  identityFacets,
  paths: [
    {
      folders:
        "{activity_id}/{institution_id}/{source_id}/{experiment_id}/{variant_label}/{region}/{frequency}/{variable_id}/{branding_suffix}/{grid_label}/[{version}/]",
      file: "{variable_id}_{branding_suffix}_{frequency}_{region}_{grid_label}_{source_id}_{experiment_id}_{variant_label}[_{time_range}].nc",
    },
  ],
  derivedFacets: ["branded_variable"],
  attributes: [
    ...identityFacets,
    "branch_time_in_child",
    "branch_time_in_parent",
    "external_variables",
    "license_id",
    "mip_era",
    "nominal_resolution",
    "parent_activity_id",
    "parent_experiment_id",
    "parent_mip_era",
    "parent_source_id",
    "parent_time_units",
    "parent_variant_label",
    "realm",
  ],
  variableAttributes: ["long_name", "standard_name", "units"],
  structure: ["calendar", "time_units", "vertical_levels"],
  requiredAttributes: identityFacets,
  fixPath,
  fixHeader,
  deriveFacets,
});
