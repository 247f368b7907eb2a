import type { ExecutionContext, LocalDataset } from "../../entry/library/define.ts";
import {
  convertUnits,
  fractionWeights,
  type HorizontalGrid,
  latitudeWeights,
  textAttribute,
  withNetcdf,
} from "../../entry/library/science.ts";
import { cellDataset } from "./input-datasets.ts";

/** Weights of an area mean and how they came about. */
export interface CellWeights {
  /** @shape [nCell] */
  readonly values: Float64Array;
  /** For attributes and captions, such as `areacella` or `cos(latitude) × sftlf`. */
  readonly method: string;
}

const cellAreas: Readonly<Record<string, string>> = { Omon: "areacello" };

/**
 * Weights for the cells of a dataset: areas where there are areas, else the cosine of latitude on a regular grid, which is
 * said in the log; for land variables times the land fraction. The execution fails on a curvilinear grid without areas.
 */
export async function cellWeights(
  context: ExecutionContext,
  { dataset, grid }: { readonly dataset: LocalDataset; readonly grid: HorizontalGrid },
): Promise<CellWeights> {
  const table = dataset.facets["table_id"] ?? "";
  const areas = await areaWeights(context, { dataset, grid, variable: cellAreas[table] ?? "areacella" });
  if (table !== "Lmon") return areas;
  const land = cellDataset(context, { variable: "sftlf", of: dataset });
  if (land === undefined) return context.fail("a land variable needs the land fraction sftlf");
  const fractions = await readCells(context, { dataset: land, variable: "sftlf", grid, units: "1" });
  return { values: fractionWeights(areas.values, fractions), method: `${areas.method} × sftlf` };
}

async function areaWeights(
  context: ExecutionContext,
  request: { readonly dataset: LocalDataset; readonly grid: HorizontalGrid; readonly variable: string },
): Promise<CellWeights> {
  const { dataset, grid, variable } = request;
  const areas = cellDataset(context, { variable, of: dataset });
  if (areas !== undefined)
    return {
      values: await readCells(context, { dataset: areas, variable, grid, units: "m2" }),
      method: variable,
    };
  if (grid.kind === "curvilinear")
    return context.fail(`a curvilinear grid needs cell areas, and ${variable} is not there`);
  context.log.warn(`no ${variable} for ${dataset.id}: cells are weighted by the cosine of their latitude`);
  return { values: latitudeWeights(grid), method: "cos(latitude)" };
}

interface CellRequest {
  readonly dataset: LocalDataset;
  readonly variable: string;
  readonly grid: HorizontalGrid;
  readonly units: string;
}

async function readCells(
  context: ExecutionContext,
  { dataset, variable, grid, units }: CellRequest,
): Promise<Float64Array> {
  const [path] = dataset.localPaths;
  if (path === undefined) return context.fail(`${dataset.id} has no file`);
  return withNetcdf(path, (file) => {
    const described = file.requireVariable(variable);
    if (described.shape.join() !== grid.shape.join())
      return context.fail(
        `${variable} of ${dataset.id} has the shape ${described.shape.join(" × ")}, the grid ${grid.shape.join(" × ")}`,
      );
    return file
      .read(variable)
      .map(convertUnits(textAttribute(described.attributes, "units") ?? units, units));
  });
}
