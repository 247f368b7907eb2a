import type { Facets } from "./dataset.ts";
import { defineSourceType } from "./define-source-type.ts";
import { decimalText, definedFacets } from "./facet-text.ts";
import { cmip6Frequency } from "./frequency.ts";
import type { FileHeader, SourceType } from "./source-type.ts";

const identityFacets = [
  "activity_id",
  "institution_id",
  "source_id",
  "experiment_id",
  "member_id",
  "table_id",
  "variable_id",
  "grid_label",
] as const;

/** Facets that are global attributes of the same name and in no path. */
const attributeFacets = [
  "branch_method",
  "branch_time_in_child",
  "branch_time_in_parent",
  "experiment",
  "grid",
  "nominal_resolution",
  "parent_activity_id",
  "parent_experiment_id",
  "parent_source_id",
  "parent_time_units",
  "parent_variant_label",
  "product",
  "realm",
  "source_type",
  "sub_experiment",
  "sub_experiment_id",
] as const;

/** What follows from table and member. */
function deriveFacets(facets: Facets): Facets {
  const { member_id: member, table_id: table } = facets;
  return definedFacets({
    variant_label: member?.replace(/^[^-]*-/, ""),
    frequency: table === undefined ? undefined : cmip6Frequency(table),
    ...facets,
  });
}

function fixPath({ version = "", ...facets }: Facets): Facets {
  return { ...deriveFacets(facets), version: /^v\d+$/.test(version) ? version : "v0" };
}

function fixHeader(facets: Facets, { attributes }: FileHeader): Facets {
  return definedFacets({
    ...facets,
    member_id: memberId(attributes),
    branch_time_in_child: decimalText(attributes["branch_time_in_child"]),
    branch_time_in_parent: decimalText(attributes["branch_time_in_parent"]),
  });
}

/** The member is the variant, after the sub-experiment where there is one. */
function memberId(attributes: Readonly<Record<string, string>>): string | undefined {
  const variant = attributes["variant_label"]?.trim();
  const subExperiment = attributes["sub_experiment_id"]?.trim() ?? "none";
  return variant === undefined || subExperiment === "none" || subExperiment === ""
    ? variant
    : `${subExperiment}-${variant}`;
}

/**
 * CMIP6 model output in the archive's directory layout.
 * @source CMIP6 global attributes, DRS, filenames, directory structure and CVs, version 6.2.7
 */
export const cmip6: SourceType = defineSourceType({
  name: "cmip6",
  idPrefix: "CMIP6",
  identityFacets,
  paths: [
    {
      folders:
        "{activity_id}/{institution_id}/{source_id}/{experiment_id}/{member_id}/{table_id}/{variable_id}/{grid_label}/[{version}/]",
      file: "{variable_id}_{table_id}_{source_id}_{experiment_id}_{member_id}_{grid_label}[_{time_range}].nc",
    },
  ],
  derivedFacets: ["variant_label", "frequency"],
  attributes: [...identityFacets, "variant_label", "frequency", ...attributeFacets],
  variableAttributes: ["long_name", "standard_name", "units"],
  structure: ["calendar", "time_units", "vertical_levels"],
  requiredAttributes: [
    "activity_id",
    "institution_id",
    "source_id",
    "experiment_id",
    "variant_label",
    "table_id",
    "variable_id",
    "grid_label",
  ],
  fixPath,
  fixHeader,
  deriveFacets,
});
