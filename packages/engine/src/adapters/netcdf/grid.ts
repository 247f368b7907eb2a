import { AlmanacError } from "../../core/errors.ts";
import { cosLatitudeWeights } from "../../core/science/area-mean.ts";
import { type Extent, regularExtent } from "../../core/science/coverage.ts";
import { type NetcdfVariable, textAttribute } from "./raw-file.ts";
import type { NetcdfFile } from "./reader.ts";

/** The horizontal grid of a variable. */
export interface HorizontalGrid {
  /** Regular: one latitude per row and one longitude per column. Curvilinear: both per cell. */
  readonly kind: "regular" | "curvilinear";
  /** Names of the two dimensions. */
  readonly dimensions: readonly [string, string];
  /** @shape [nRow, nColumn] */
  readonly shape: readonly [number, number];
  /** @units degrees_north. @shape [nRow], or [nRow * nColumn] when curvilinear */
  readonly latitudes: Float64Array;
  /** @units degrees_east. @shape [nColumn], or [nRow * nColumn] when curvilinear */
  readonly longitudes: Float64Array;
  readonly extent: Extent;
}

/**
 * Reads the grid of a variable's last two dimensions from its coordinates.
 * @throws FILE_INVALID when the coordinates are not there or have another form
 */
export function readGrid(file: NetcdfFile, variable: NetcdfVariable): HorizontalGrid {
  const [row = "", column = ""] = variable.dimensions.slice(-2);
  const shape = [variable.shape.at(-2) ?? 0, variable.shape.at(-1) ?? 0] as const;
  const candidates = coordinateNames(file, variable);
  const latitude = candidates.find((name) => isAxis(file, name, "north"));
  const longitude = candidates.find((name) => isAxis(file, name, "east"));
  if (latitude === undefined || longitude === undefined)
    throw new AlmanacError("FILE_INVALID", `${variable.name} of ${file.path} has no latitude and longitude`, {
      hint: "its last two dimensions, or what its attribute coordinates names, need units degrees_north and degrees_east",
      facts: { path: file.path, dimensions: variable.dimensions },
    });
  const latitudes = file.read(latitude);
  const longitudes = file.read(longitude);
  const regular = file.requireVariable(latitude).shape.length === 1;
  if (latitudes.length !== (regular ? shape[0] : shape[0] * shape[1]))
    throw new AlmanacError(
      "FILE_INVALID",
      `${latitude} of ${file.path} has ${latitudes.length} values, which does not fit the grid ${shape.join(" × ")} of ${variable.name}`,
      { hint: "get the file anew, or leave its dataset out", facts: { path: file.path, shape } },
    );
  return {
    kind: regular ? "regular" : "curvilinear",
    dimensions: [row, column],
    shape,
    latitudes,
    longitudes,
    extent: regular ? regularExtent(latitudes, longitudes) : cellExtent(latitudes, longitudes),
  };
}

function coordinateNames(file: NetcdfFile, variable: NetcdfVariable): readonly string[] {
  const listed = textAttribute(variable.attributes, "coordinates")?.split(/\s+/) ?? [];
  return [...variable.dimensions.slice(-2), ...listed].filter((name) => file.variables.has(name));
}

/** By units, as CF says, else by name. */
function isAxis(file: NetcdfFile, name: string, direction: "north" | "east"): boolean {
  const units = textAttribute(file.requireVariable(name).attributes, "units") ?? "";
  const names = direction === "north" ? ["lat", "latitude", "nav_lat"] : ["lon", "longitude", "nav_lon"];
  const byUnits =
    units.toLowerCase().startsWith("degree") && units.toLowerCase().includes(direction[0] ?? "");
  return (byUnits && new RegExp(`^degrees?_?${direction[0]}`, "i").test(units)) || names.includes(name);
}

function cellExtent(latitudes: Float64Array, longitudes: Float64Array): Extent {
  const range = (values: Float64Array): readonly [number, number] => {
    let lowest = Number.POSITIVE_INFINITY;
    let highest = Number.NEGATIVE_INFINITY;
    for (const value of values) {
      if (value < lowest) lowest = value;
      if (value > highest) highest = value;
    }
    return [lowest, highest];
  };
  const [south, north] = range(latitudes);
  const [west, east] = range(longitudes);
  return { south, north, west, east };
}

/**
 * Weights by cosine of latitude for a grid with one latitude per row.
 * @returns @shape [nRow * nColumn]
 * @throws FILE_INVALID when the grid is curvilinear: its cells have no common width
 */
export function latitudeWeights(grid: HorizontalGrid): Float64Array {
  if (grid.kind === "curvilinear")
    throw new AlmanacError("FILE_INVALID", "a curvilinear grid needs cell areas; latitudes give no weights", {
      hint: "ask for the areas with addSupplementary, and weigh by what the file of areacella or areacello holds",
    });
  return cosLatitudeWeights(grid.latitudes, grid.shape[1]);
}
