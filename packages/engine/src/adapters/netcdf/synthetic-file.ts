import { mkdirSync } from "node:fs";
import path from "node:path";
import { sha256Hex } from "../../core/identity/digest.ts";
import type { Attributes } from "./raw-file.ts";
import {
  type SyntheticVariable,
  syntheticAreas,
  syntheticFields,
  syntheticGrid,
} from "./synthetic-fields.ts";
import { monthBounds } from "./time-axis.ts";
import { type VariableToWrite, writeNetcdf } from "./writer.ts";

/** A run of the synthetic archive. */
export interface SyntheticRun {
  readonly source: string;
  readonly experiment: "historical" | "piControl" | "abrupt-4xCO2" | "1pctCO2";
  readonly calendar: string;
  readonly firstYear: number;
  /** Member of the model's ensemble; default 1. */
  readonly realization?: number;
  /** Undefined for a run without parent. */
  readonly parent?: { readonly experiment: string; readonly firstYear: number };
}

/** Years of one variable of a run. */
export interface SyntheticSpan {
  readonly variable: SyntheticVariable;
  /** Change of the annual area mean of every year of the run. @shape [nYear] */
  readonly changes: Float64Array;
  /** Part that goes into this file; years of the run counted from 0, the end not included. Default: all. */
  readonly from?: number;
  readonly to?: number;
}

const institution = "ALMANAC";

const described: Readonly<
  Record<SyntheticVariable | "areacella", readonly [standard: string, long: string, units: string]>
> = {
  tas: ["air_temperature", "Near-Surface Air Temperature", "K"],
  ts: ["surface_temperature", "Surface Temperature", "K"],
  pr: ["precipitation_flux", "Precipitation", "kg m-2 s-1"],
  rsdt: ["toa_incoming_shortwave_flux", "TOA Incident Shortwave Radiation", "W m-2"],
  rsut: ["toa_outgoing_shortwave_flux", "TOA Outgoing Shortwave Radiation", "W m-2"],
  rlut: ["toa_outgoing_longwave_flux", "TOA Outgoing Longwave Radiation", "W m-2"],
  areacella: ["cell_area", "Grid-Cell Area for Atmospheric Grid Variables", "m2"],
};

/** Writes one monthly file of a run. @returns its path */
export async function writeSyntheticMonths(root: string, run: SyntheticRun & SyntheticSpan): Promise<string> {
  const { variable, changes, from = 0, to = changes.length } = run;
  const all = syntheticFields(variable, changes);
  const perYear = all.length / changes.length;
  const first = `${String(run.firstYear + from).padStart(4, "0")}01`;
  const last = `${String(run.firstYear + to - 1).padStart(4, "0")}12`;
  const file = filePath(root, { run, table: "Amon", variable, range: `_${first}-${last}` });
  await writeNetcdf(file, {
    dimensions: { time: (to - from) * 12, lat: 8, lon: 12, bnds: 2 },
    unlimited: "time",
    variables: [
      ...timeVariables(run, { from, to }),
      ...gridVariables(),
      dataVariable(variable, {
        dimensions: ["time", "lat", "lon"],
        data: all.subarray(from * perYear, to * perYear),
        methods: "area: time: mean",
      }),
    ],
    attributes: globalAttributes(run, { variable, table: "Amon", name: path.basename(file) }),
  });
  return file;
}

/** Writes the cell areas of a run's grid. @returns the path */
export async function writeSyntheticAreas(root: string, run: SyntheticRun): Promise<string> {
  const file = filePath(root, { run, table: "fx", variable: "areacella", range: "" });
  await writeNetcdf(file, {
    dimensions: { lat: 8, lon: 12, bnds: 2 },
    variables: [
      ...gridVariables(),
      dataVariable("areacella", { dimensions: ["lat", "lon"], data: syntheticAreas(), methods: "area: sum" }),
    ],
    attributes: globalAttributes(run, { variable: "areacella", table: "fx", name: path.basename(file) }),
  });
  return file;
}

function filePath(
  root: string,
  {
    run,
    table,
    variable,
    range,
  }: {
    readonly run: SyntheticRun;
    readonly table: string;
    readonly variable: string;
    readonly range: string;
  },
): string {
  const { source, experiment } = run;
  const variant = variantOf(run);
  const folder = path.join(
    root,
    "CMIP6",
    "CMIP",
    institution,
    source,
    experiment,
    variant,
    table,
    variable,
    "gn",
    "v20260101",
  );
  mkdirSync(folder, { recursive: true });
  return path.join(folder, `${variable}_${table}_${source}_${experiment}_${variant}_gn${range}.nc`);
}

function variantOf({ realization = 1 }: SyntheticRun): string {
  return `r${realization}i1p1f1`;
}

function timeUnits(firstYear: number): string {
  return `days since ${String(firstYear).padStart(4, "0")}-01-01`;
}

function timeVariables(
  run: SyntheticRun,
  { from, to }: { readonly from: number; readonly to: number },
): VariableToWrite[] {
  const units = timeUnits(run.firstYear);
  const { calendar } = run;
  const bounds = Array.from({ length: (to - from) * 12 }, (_, at) => {
    const month = { year: run.firstYear + from + Math.floor(at / 12), month: (at % 12) + 1 };
    return monthBounds(month, { units, calendar });
  });
  return [
    {
      name: "time",
      dimensions: ["time"],
      data: Float64Array.from(bounds, ([start, end]) => (start + end) / 2),
      attributes: { standard_name: "time", axis: "T", units, calendar, bounds: "time_bnds" },
    },
    {
      name: "time_bnds",
      dimensions: ["time", "bnds"],
      data: Float64Array.from(bounds.flat()),
      attributes: {},
    },
  ];
}

function gridVariables(): VariableToWrite[] {
  const axis = (name: "lat" | "lon", centres: Float64Array, half: number): VariableToWrite[] => [
    {
      name,
      dimensions: [name],
      data: centres,
      attributes:
        name === "lat"
          ? { standard_name: "latitude", units: "degrees_north", axis: "Y", bounds: "lat_bnds" }
          : { standard_name: "longitude", units: "degrees_east", axis: "X", bounds: "lon_bnds" },
    },
    {
      name: `${name}_bnds`,
      dimensions: [name, "bnds"],
      data: Float64Array.from(Array.from(centres).flatMap((centre) => [centre - half, centre + half])),
      attributes: {},
    },
  ];
  return [...axis("lat", syntheticGrid.latitudes, 11.25), ...axis("lon", syntheticGrid.longitudes, 15)];
}

function dataVariable(
  name: SyntheticVariable | "areacella",
  {
    dimensions,
    data,
    methods,
  }: { readonly dimensions: readonly string[]; readonly data: Float64Array; readonly methods: string },
): VariableToWrite {
  const [standard_name, long_name, units] = described[name];
  const measures: Attributes = name === "areacella" ? {} : { cell_measures: "area: areacella" };
  return {
    name,
    dimensions,
    data,
    type: "float32",
    attributes: { standard_name, long_name, units, cell_methods: methods, ...measures },
  };
}

function globalAttributes(
  run: SyntheticRun,
  { variable, table, name }: { readonly variable: string; readonly table: string; readonly name: string },
): Attributes {
  const hex = sha256Hex(new TextEncoder().encode(name));
  const uuid = [
    hex.slice(0, 8),
    hex.slice(8, 12),
    hex.slice(12, 16),
    hex.slice(16, 20),
    hex.slice(20, 32),
  ].join("-");
  return {
    Conventions: "CF-1.7 CMIP-6.2",
    activity_id: "CMIP",
    creation_date: "2026-01-01T00:00:00Z",
    data_specs_version: "01.00.33",
    experiment: run.experiment,
    experiment_id: run.experiment,
    ...(table === "fx" ? {} : { external_variables: "areacella" }),
    forcing_index: 1,
    frequency: table === "fx" ? "fx" : "mon",
    further_info_url: `https://furtherinfo.es-doc.org/CMIP6.${institution}.${run.source}.${run.experiment}.none.${variantOf(run)}`,
    grid: "regular grid of 22.5 by 30 degrees",
    grid_label: "gn",
    initialization_index: 1,
    institution: "Almanac (synthetic data, no model output)",
    institution_id: institution,
    license: "CC0-1.0",
    mip_era: "CMIP6",
    nominal_resolution: "2500 km",
    ...parentAttributes(run),
    physics_index: 1,
    product: "model-output",
    realization_index: run.realization ?? 1,
    realm: "atmos",
    source: `${run.source}: one heat reservoir with fixed patterns`,
    source_id: run.source,
    source_type: "AOGCM",
    sub_experiment: "none",
    sub_experiment_id: "none",
    table_id: table,
    title: `${run.source} output prepared for CMIP6`,
    tracking_id: `hdl:21.14100/${uuid}`,
    variable_id: variable,
    variant_label: variantOf(run),
  };
}

function parentAttributes({ source, parent }: SyntheticRun): Attributes {
  if (parent === undefined) return { branch_method: "no parent", parent_experiment_id: "no parent" };
  return {
    branch_method: "standard",
    branch_time_in_child: 0,
    branch_time_in_parent: 0,
    parent_activity_id: "CMIP",
    parent_experiment_id: parent.experiment,
    parent_mip_era: "CMIP6",
    parent_source_id: source,
    parent_time_units: timeUnits(parent.firstYear),
    parent_variant_label: "r1i1p1f1",
  };
}
