import { mkdirSync } from "node:fs";
import path from "node:path";
import type { Attributes } from "../../src/adapters/netcdf/raw-file.ts";
import { writeNetcdf } from "../../src/adapters/netcdf/writer.ts";

/** One small NetCDF file of some source type: where it lies and what its header says. */
export interface SourceTypeFile {
  readonly sourceType: string;
  readonly path: string;
  readonly attributes: Attributes;
  /** The dataset that it is of. */
  readonly id: string;
  /** Facets that opening it must give. */
  readonly facets: Readonly<Record<string, string>>;
}

const observed: Attributes = {
  activity_id: "obs4MIPs",
  frequency: "mon",
  grid: "1x1 degree latitude x longitude",
  grid_label: "gn",
  institution_id: "NASA-LaRC",
  nominal_resolution: "100 km",
  product: "observations",
  realm: "atmos",
  source_id: "CERES-EBAF-4-2",
  source_type: "satellite_blended",
  source_version_number: "4.2",
  variable_id: "rlut",
  variant_label: "RSS",
};

/** Two files of every source type but CMIP6, which has tests of its own: one dataset each. */
export const sourceTypeFiles: readonly SourceTypeFile[] = [
  {
    sourceType: "cmip7",
    path: "MIP-DRS7/CMIP7/CMIP/INST/MODEL-A/historical/r1i1p1f1/glb/mon/tas/tavg-h2m-hxy-u/gn/v20260101/tas_tavg-h2m-hxy-u_mon_glb_gn_MODEL-A_historical_r1i1p1f1_185001-185002.nc",
    attributes: {
      activity_id: "CMIP",
      institution_id: "INST",
      source_id: "MODEL-A",
      experiment_id: "historical",
      variant_label: "r1i1p1f1",
      region: "glb",
      frequency: "mon",
      variable_id: "tas",
      branding_suffix: "tavg-h2m-hxy-u",
      grid_label: "gn",
      mip_era: "CMIP7",
      license_id: "CC-BY-4.0",
      branch_time_in_parent: "36500.0D",
      tracking_id: "hdl:21.14107/1",
    },
    id: "CMIP7.CMIP.INST.MODEL-A.historical.r1i1p1f1.glb.mon.tas.tavg-h2m-hxy-u.gn.v20260101",
    facets: {
      branded_variable: "tas_tavg-h2m-hxy-u",
      mip_era: "CMIP7",
      license_id: "CC-BY-4.0",
      branch_time_in_parent: "36500",
      calendar: "360_day",
    },
  },
  {
    sourceType: "obs4mips",
    path: "obs4MIPs/NASA-LaRC/CERES-EBAF-4-2/mon/rlut/gn/v20250415/rlut_mon_CERES-EBAF-4-2_RSS_gn_185001-185002.nc",
    attributes: observed,
    id: "obs4MIPs.obs4MIPs.NASA-LaRC.CERES-EBAF-4-2.mon.rlut.100km.gn.v20250415",
    facets: { nominal_resolution: "100 km", source_version_number: "4.2", version: "v20250415", units: "1" },
  },
  {
    sourceType: "obs4ref",
    path: "obs4REF/NASA-LaRC/CERES-EBAF-4-2/mon/rlut/gn/v20250901/rlut_mon_CERES-EBAF-4-2_RSS_gn_185001-185002.nc",
    attributes: { ...observed, activity_id: "obs4REF" },
    id: "obs4REF.obs4REF.NASA-LaRC.CERES-EBAF-4-2.mon.rlut.100km.gn.v20250901",
    facets: { activity_id: "obs4REF", version: "v20250901" },
  },
  {
    sourceType: "pmp-climatology",
    path: "PMP_obs4MIPsClims/rlut/gr/v20250213/rlut_mon_CERES-EBAF-4-2_RSS_gr_200101-200412_AC_v20250213_2.5x2.5.nc",
    attributes: observed,
    id: "obs4MIPs.obs4MIPs.NASA-LaRC.CERES-EBAF-4-2.mon.rlut.100km.gn.v20250213",
    facets: { grid_label: "gn", version: "v20250213" },
  },
  {
    sourceType: "esmvaltool-reference",
    path: "ESMValTool/OBS/Tier2/CERES-EBAF/OBS_CERES-EBAF_sat_Ed4.2_Amon_rlut_185001-185002.nc",
    attributes: { title: "whatever" },
    id: "esmvaltool-reference.OBS.CERES-EBAF.mon.rlut.Ed4.2",
    facets: { tier: "2", data_type: "sat", version: "Ed4.2", units: "1", calendar: "360_day" },
  },
];

/** Writes the file below a folder: two months of one number each, in a calendar of 30-day months. */
export async function writeSourceTypeFile(
  root: string,
  { path: place, attributes }: SourceTypeFile,
): Promise<string> {
  const file = path.join(root, place);
  mkdirSync(path.dirname(file), { recursive: true });
  const variable = path.basename(place).split("_").includes("tas") ? "tas" : "rlut";
  await writeNetcdf(file, {
    dimensions: { time: 2 },
    variables: [
      {
        name: "time",
        dimensions: ["time"],
        data: Float64Array.from([15, 45]),
        attributes: { units: "days since 1850-01-01", calendar: "360_day" },
      },
      { name: variable, dimensions: ["time"], data: Float64Array.from([1, 2]), attributes: { units: "1" } },
    ],
    attributes,
  });
  return file;
}
