import type { ExecutionContext, LocalDataset } from "../../entry/library/define.ts";
import {
  annualFieldMeans,
  coversGlobe,
  fitLine,
  fitLineOrNothing,
  type HorizontalGrid,
  type Line,
  type MonthlyChain,
  mapFigure,
  openMonthlyChain,
  readGrid,
  textAttribute,
  weightedMeans,
} from "../../entry/library/science.ts";
import { extentText } from "./area-series.ts";
import { cellWeights } from "./cell-weights.ts";
import { valueDatasets } from "./input-datasets.ts";
import { runDimensions, runSubtitle } from "./labels.ts";
import { writeData, writeFigure } from "./output.ts";
import { trendUnits, variableUnits } from "./variable-units.ts";

const minimumYears = 10;

interface TrendMap {
  readonly dataset: LocalDataset;
  readonly variable: string;
  readonly longName: string;
  /** Of the variable; the trend is in these per decade. */
  readonly units: string;
  readonly grid: HorizontalGrid;
  readonly years: readonly number[];
  /** Per decade; NaN where a cell has no two years. @shape [nCell] */
  readonly trends: Float64Array;
  /** Standard errors of the trends, per decade. @shape [nCell] */
  readonly errors: Float64Array;
  /** Of the area mean, per year. */
  readonly mean: Line;
  readonly weights: string;
}

/** Computes the linear trend of annual means in every cell and of their area mean. */
export async function runTrendMap(context: ExecutionContext): Promise<void> {
  const dataset = valueDatasets(context)[0] ?? context.fail("no dataset with values");
  const chain = await openMonthlyChain(dataset.localPaths, dataset.facets["variable_id"] ?? "");
  try {
    const map = await computeTrends(context, { dataset, chain });
    addValue(context, map);
    await writeTrends(context, map);
    await drawTrends(context, map);
  } finally {
    chain.close();
  }
}

async function computeTrends(
  context: ExecutionContext,
  { dataset, chain }: { readonly dataset: LocalDataset; readonly chain: MonthlyChain },
): Promise<TrendMap> {
  const grid = readGrid(chain.first, chain.variable);
  if (grid.kind === "curvilinear") context.fail("trend maps need a regular grid");
  const weights = await cellWeights(context, { dataset, grid });
  const { years, values } = annualFieldMeans(chain.chunks(context.signal), {
    axis: chain,
    nCell: chain.nCell,
  });
  if (years.length < minimumYears)
    context.fail(`${years.length} complete years; a trend needs ${minimumYears}`);
  const lines = Array.from({ length: chain.nCell }, (_, cell) =>
    fitLineOrNothing(
      years,
      years.map((_, row) => values[row * chain.nCell + cell] ?? Number.NaN),
    ),
  );
  return {
    dataset,
    variable: chain.variable.name,
    longName: textAttribute(chain.variable.attributes, "long_name") ?? chain.variable.name,
    units: variableUnits(context, chain.variable),
    grid,
    years,
    trends: Float64Array.from(lines, (line) => (line?.slope ?? Number.NaN) * 10),
    errors: Float64Array.from(lines, (line) => (line?.slopeError ?? Number.NaN) * 10),
    mean: fitLine(years, weightedMeans(values, weights.values)),
    weights: weights.method,
  };
}

function attributesOf(map: TrendMap): Readonly<Record<string, string | number>> {
  return {
    long_name: `Linear trend of annual mean ${map.longName}`,
    years: map.years.length,
    period: `${map.years[0]} to ${map.years.at(-1)}`,
    weights: map.weights,
    ...(coversGlobe(map.grid.extent) ? {} : { domain: extentText(map.grid.extent) }),
  };
}

function addValue(context: ExecutionContext, map: TrendMap): void {
  const attributes = { ...attributesOf(map), standard_error: map.mean.slopeError * 10 };
  context.scalar({
    dimensions: {
      ...runDimensions(map.dataset),
      region: coversGlobe(map.grid.extent) ? "global" : "domain",
      season: "ann",
      metric: "trend",
      statistic: "linear trend",
    },
    value: map.mean.slope * 10,
    units: trendUnits(map.units),
    attributes,
  });
}

async function writeTrends(context: ExecutionContext, map: TrendMap): Promise<void> {
  const [nLat, nLon] = map.grid.shape;
  const field = (name: string, data: Float64Array, longName: string) => ({
    name,
    dimensions: ["lat", "lon"],
    data,
    attributes: { units: trendUnits(map.units), long_name: longName },
  });
  await writeData(context, {
    content: {
      dimensions: { lat: nLat, lon: nLon },
      variables: [
        {
          name: "lat",
          dimensions: ["lat"],
          data: map.grid.latitudes,
          attributes: { standard_name: "latitude", units: "degrees_north", axis: "Y" },
        },
        {
          name: "lon",
          dimensions: ["lon"],
          data: map.grid.longitudes,
          attributes: { standard_name: "longitude", units: "degrees_east", axis: "X" },
        },
        field(`${map.variable}_trend`, map.trends, `linear trend of annual mean ${map.longName}`),
        field(
          `${map.variable}_trend_error`,
          map.errors,
          "standard error of the trend, residuals taken as independent",
        ),
      ],
      attributes: attributesOf(map),
    },
    name: `${map.variable}_trend`,
    longName: `Trend of ${map.longName}`,
    description: `Ordinary least squares over the annual means of ${map.years.length} years, in every cell.`,
  });
}

async function drawTrends(context: ExecutionContext, map: TrendMap): Promise<void> {
  const svg = mapFigure({
    title: `Trend of ${map.longName}, ${map.years[0]} to ${map.years.at(-1)}`,
    subtitle: runSubtitle(map.dataset, map.weights),
    latitudes: map.grid.latitudes,
    longitudes: map.grid.longitudes,
    values: map.trends,
    quantity: { name: `Trend of annual mean ${map.variable}`, units: trendUnits(map.units) },
  });
  await writeFigure(context, {
    svg,
    name: `${map.variable}_trend`,
    longName: `Trend of ${map.longName}`,
    description: "Linear trend of annual means per decade; grey where there are no values.",
  });
}
