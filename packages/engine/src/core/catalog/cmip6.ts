import type { Facets } from "./dataset.ts";
import { decimalText, definedFacets, pathVersion } from "./facet-text.ts";
import { cmip6Frequency } from "./frequency.ts";
import { compileTemplate, matchTemplate } from "./path-template.ts";
import type { FacetDeclaration, FileHeader, PathFacts, SourceType } from "./source-type.ts";
import { parseTimeRange } from "./time-range.ts";

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

const pathFacets = [...identityFacets, "variant_label", "frequency", "version", "instance_id"] as const;

/** Facets that are global attributes of the same name. */
const attributeFacets = [
  "branch_method",
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

/** Facets that are attributes of the variable. */
const variableFacets = ["long_name", "standard_name", "units"] as const;

const headerFacets = [
  ...attributeFacets,
  ...variableFacets,
  "branch_time_in_child",
  "branch_time_in_parent",
  "calendar",
  "time_units",
  "vertical_levels",
] as const;

const facets: readonly FacetDeclaration[] = [
  ...pathFacets.map((name) => ({ name, origin: "path" }) as const),
  ...headerFacets.map((name) => ({ name, origin: "header" }) as const),
];

const template = compileTemplate({
  folders:
    "{activity_id}/{institution_id}/{source_id}/{experiment_id}/{member_id}/{table_id}/{variable_id}/{grid_label}/[{version}/]",
  file: "{variable_id}_{table_id}_{source_id}_{experiment_id}_{member_id}_{grid_label}[_{time_range}].nc",
});

function parsePath(path: string): PathFacts | undefined {
  const matched = matchTemplate(template, path);
  if (matched === undefined) return undefined;
  const { time_range: timeRange, version, member_id: member = "", table_id: table = "", ...rest } = matched;
  const times = timeRange === undefined ? {} : parseTimeRange(timeRange);
  if (times === undefined) return undefined;
  return {
    ...times,
    facets: definedFacets({
      ...rest,
      member_id: member,
      table_id: table,
      variant_label: member.replace(/^[^-]*-/, ""),
      frequency: cmip6Frequency(table),
      version: version !== undefined && /^v\d+$/.test(version) ? version : "v0",
    }),
  };
}

function parseHeader(header: FileHeader, path: string): Facets {
  const { attributes } = header;
  const named = parsePath(path)?.facets;
  const variable = named?.["variable_id"] ?? attributes["variable_id"] ?? "";
  const variableAttributes = header.variables[variable] ?? {};
  return definedFacets({
    ...pick(attributes, [...identityFacets, "variant_label", "frequency", ...attributeFacets]),
    ...pick(variableAttributes, variableFacets),
    member_id: memberId(attributes),
    version: pathVersion(path),
    branch_time_in_child: decimalText(attributes["branch_time_in_child"]),
    branch_time_in_parent: decimalText(attributes["branch_time_in_parent"]),
    calendar: header.calendar,
    time_units: header.timeUnits,
    vertical_levels: header.verticalLevels.toString(),
  });
}

function pick(
  attributes: Readonly<Record<string, string>>,
  names: readonly string[],
): Record<string, string | undefined> {
  return Object.fromEntries(names.map((name) => [name, attributes[name]?.trim()]));
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
export const cmip6: SourceType = {
  name: "cmip6",
  facets,
  identityFacets,
  idPrefix: "CMIP6",
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
  parsePath,
  parseHeader,
};
