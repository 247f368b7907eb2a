import type { Facets } from "./dataset.ts";
import { defineSourceType } from "./define-source-type.ts";
import { definedFacets } from "./facet-text.ts";
import { cmip5Frequency, cmip6Frequency } from "./frequency.ts";
import type { SourceType } from "./source-type.ts";

const projects: ReadonlySet<string> = new Set(["OBS", "OBS6", "native6", "obs4MIPs"]);

/** Frequency by the number of digits of a time range's start. */
const frequencyOfDigits: Readonly<Record<number, string>> = { 4: "yr", 6: "mon", 8: "day" };

function fixPath(facets: Facets, path: string): Facets | undefined {
  const project = facets["project"] ?? (/(?:^|\/)native6\//.test(path) ? "native6" : "obs4MIPs");
  if (!projects.has(project)) return undefined;
  const { mip } = facets;
  const frequency =
    facets["frequency"] ??
    (mip === undefined ? frequencyOfName(path) : (cmip6Frequency(mip) ?? cmip5Frequency(mip)));
  return definedFacets({ ...facets, project, frequency });
}

function frequencyOfName(path: string): string | undefined {
  return frequencyOfDigits[/_(\d+)-\d+\.nc$/.exec(path)?.[1]?.length ?? 0];
}

/**
 * Observations in the folders that ESMValTool reads: everything is in directories and file name, and opening adds little.
 * @source ESMValTool 2.12, config-developer, input_dir and input_file of OBS, OBS6, native6 and obs4MIPs
 */
export const esmvaltoolReference: SourceType = defineSourceType({
  name: "esmvaltool-reference",
  identityFacets: ["project", "source_id", "frequency", "variable_id"],
  paths: [
    {
      folders: "*/Tier{tier}/{source_id}/",
      file: "{project}_{source_id}_{data_type}_{version}_{mip}_{variable_id}[_{time_range}].nc",
    },
    { folders: "native6/Tier{tier}/{source_id}/{version}/{frequency}/{variable_id}/", file: "*.nc" },
    { folders: "obs4MIPs/{source_id}/{version}/", file: "{variable_id}_*_{time_range}.nc" },
  ],
  derivedFacets: ["project", "frequency"],
  variableAttributes: ["long_name", "units"],
  structure: ["calendar", "time_units"],
  fixPath,
});
