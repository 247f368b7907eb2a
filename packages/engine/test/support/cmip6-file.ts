import { netcdf3Bytes } from "./netcdf3-bytes.ts";

/** Folder levels of a CMIP6 archive, outermost first. */
export const cmip6Levels = [
  "mip_era",
  "activity_id",
  "institution_id",
  "source_id",
  "experiment_id",
  "member_id",
  "table_id",
  "variable_id",
  "grid_label",
  "version",
] as const;

/** What tells a test's CMIP6 file from others; what is left out is ACCESS-ESM1-5's `tas` of `historical`. */
export interface Cmip6File {
  readonly institution?: string;
  readonly source?: string;
  readonly variable?: string;
  readonly version?: string;
  /** First and last month, such as `185001-185912`. */
  readonly months?: string;
}

function levelsOf(file: Cmip6File): readonly string[] {
  const { institution = "CSIRO", source = "ACCESS-ESM1-5", variable = "tas", version = "v20191115" } = file;
  const head = ["CMIP6", "CMIP", institution, source, "historical", "r1i1p1f1", "Amon"];
  return [...head, variable, "gn", version];
}

/** Folder of its dataset below an archive's root. */
export function cmip6Folder(file: Cmip6File = {}): string {
  return levelsOf(file).join("/");
}

/** Id of its dataset. */
export function cmip6Id(file: Cmip6File = {}): string {
  return levelsOf(file).join(".");
}

/** Path below an archive's root. */
export function cmip6Path(file: Cmip6File = {}): string {
  const { source = "ACCESS-ESM1-5", variable = "tas", months = "185001-185912" } = file;
  return `${cmip6Folder(file)}/${variable}_Amon_${source}_historical_r1i1p1f1_gn_${months}.nc`;
}

/** Global attributes that a full ingestion needs. */
export function cmip6Attributes({
  institution = "CSIRO",
  source = "ACCESS-ESM1-5",
  variable = "tas",
}: Cmip6File = {}): Readonly<Record<string, string>> {
  return {
    activity_id: "CMIP",
    institution_id: institution,
    source_id: source,
    experiment_id: "historical",
    variant_label: "r1i1p1f1",
    table_id: "Amon",
    variable_id: variable,
    grid_label: "gn",
    frequency: "mon",
    realm: "atmos",
  };
}

/** Bytes of a small NetCDF-3 file of the year 2000. @param attributes beside and instead of the usual ones */
export function cmip6Bytes(file: Cmip6File, attributes: Readonly<Record<string, string>> = {}): Buffer {
  const time = [15, 45, 75];
  return netcdf3Bytes({
    version: 1,
    dimensions: { time: time.length },
    attributes: { mip_era: "CMIP6", ...cmip6Attributes(file), ...attributes },
    variables: [
      {
        name: "time",
        dimensions: ["time"],
        attributes: { units: "days since 2000-01-01", calendar: "360_day", axis: "T" },
        values: time,
      },
      {
        name: file.variable ?? "tas",
        dimensions: ["time"],
        attributes: { units: "K" },
        values: time.map((day) => 280 + day / 100),
      },
    ],
  });
}
