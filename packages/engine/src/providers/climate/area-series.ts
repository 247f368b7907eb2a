import type { ExecutionContext, LocalDataset } from "../../entry/library/define.ts";
import {
  coversGlobe,
  type Extent,
  type HorizontalGrid,
  type MonthAxis,
  openMonthlyChain,
  readGrid,
  textAttribute,
  weightedMean,
} from "../../entry/library/science.ts";
import { type CellWeights, cellWeights } from "./cell-weights.ts";
import { chooseLevels, type Level } from "./pressure-levels.ts";
import { variableUnits } from "./variable-units.ts";

/** Monthly area means of one dataset. */
export interface AreaSeries extends MonthAxis {
  readonly dataset: LocalDataset;
  readonly variable: string;
  readonly longName: string;
  /** As the file spells them. */
  readonly units: string;
  readonly calendarSpelling: string;
  readonly timeUnits: string;
  /** How cells were weighted. */
  readonly weights: string;
  /** `global`, or `domain` when the file holds a part of the globe only. */
  readonly region: "global" | "domain";
  readonly extent: Extent;
  /** Means per level. */
  readonly levels: readonly LevelSeries[];
  /** Global attributes of the first file. */
  readonly attributes: Readonly<Record<string, unknown>>;
}

/** Monthly area means on one level. */
export interface LevelSeries {
  readonly level: Level;
  /** @shape [nTime] */
  readonly values: Float64Array;
}

/** Computes the area mean of every month, level by level, reading run by run. */
export async function areaSeries(context: ExecutionContext, dataset: LocalDataset): Promise<AreaSeries> {
  const variable = dataset.facets["variable_id"] ?? context.fail(`${dataset.id} has no variable_id`);
  const chain = await openMonthlyChain(dataset.localPaths, variable);
  try {
    const grid = readGrid(chain.first, chain.variable);
    const weights = await cellWeights(context, { dataset, grid });
    const levels = chooseLevels(context, chain).map((level) => ({
      level,
      values: new Float64Array(chain.months.length),
    }));
    for (const { first, values } of chain.chunks(context.signal))
      addMeans(levels, { first, values, nStep: values.length / chain.nCell, weights });
    return {
      dataset,
      variable,
      longName: textAttribute(chain.variable.attributes, "long_name") ?? variable,
      units: variableUnits(context, chain.variable),
      calendar: chain.calendar,
      calendarSpelling: chain.calendarSpelling,
      timeUnits: chain.timeUnits,
      months: chain.months,
      weights: weights.method,
      region: regionOf(context, { grid, dataset }),
      extent: grid.extent,
      levels,
      attributes: chain.first.attributes,
    };
  } finally {
    chain.close();
  }
}

function addMeans(
  levels: readonly LevelSeries[],
  run: {
    readonly first: number;
    readonly values: Float64Array;
    readonly nStep: number;
    readonly weights: CellWeights;
  },
): void {
  const nCell = run.weights.values.length;
  const stepSize = run.values.length / run.nStep;
  for (let step = 0; step < run.nStep; step++)
    for (const { level, values } of levels) {
      const start = step * stepSize + level.index * nCell;
      values[run.first + step] = weightedMean(run.values.subarray(start, start + nCell), run.weights.values);
    }
}

/** A mean over a part of the globe must not be called global. */
function regionOf(
  context: ExecutionContext,
  { grid, dataset }: { readonly grid: HorizontalGrid; readonly dataset: LocalDataset },
): "global" | "domain" {
  // Ocean grids leave out land at the South Pole, so they are not asked.
  if (grid.kind === "curvilinear" || coversGlobe(grid.extent)) return "global";
  context.log.warn(`${dataset.id} covers ${extentText(grid.extent)} only: its means are not global`);
  return "domain";
}

/** An extent for people. */
export function extentText({ south, north, west, east }: Extent): string {
  const round = (value: number): string => String(Number(value.toFixed(2)));
  return `latitude ${round(south)} to ${round(north)}, longitude ${round(west)} to ${round(east)}`;
}
