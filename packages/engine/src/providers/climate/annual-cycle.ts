import type { ExecutionContext } from "../../entry/library/define.ts";
import { type Climatology, lineFigure, monthlyClimatology } from "../../entry/library/science.ts";
import { type AreaSeries, areaSeries } from "./area-series.ts";
import { seriesAttributes } from "./global-mean.ts";
import { valueDatasets } from "./input-datasets.ts";
import { areaWord, levelText, runSubtitle, seriesDimensions } from "./labels.ts";
import { orMissing, writeData, writeFigure } from "./output.ts";
import type { Level } from "./pressure-levels.ts";

const monthNames = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

interface LevelCycle {
  readonly level: Level;
  readonly cycle: Climatology;
}

/** Computes the mean year of a variable's area mean. */
export async function runAnnualCycle(context: ExecutionContext): Promise<void> {
  const dataset = valueDatasets(context)[0] ?? context.fail("no dataset with values");
  const series = await areaSeries(context, dataset);
  const cycles = series.levels.map(({ level, values }) => ({
    level,
    cycle: monthlyClimatology(values, series),
  }));
  for (const each of cycles) addValues(context, series, each);
  await writeCycles(context, series, cycles);
  await drawCycles(context, series, cycles);
}

function addValues(context: ExecutionContext, series: AreaSeries, { level, cycle }: LevelCycle): void {
  const attributes = { ...seriesAttributes(series), years_in_mean: Math.min(...cycle.counts) };
  const dimensions = (statistic: string) =>
    seriesDimensions(series, { level, metric: "annual-cycle", statistic });
  const range = Math.max(...cycle.means) - Math.min(...cycle.means);
  context.scalar({
    dimensions: dimensions("range"),
    value: Number.isFinite(range) ? range : null,
    // The difference of two temperatures in °C is in kelvin.
    units: series.units === "degC" ? "K" : series.units,
    attributes,
  });
  context.series({
    dimensions: dimensions("mean"),
    values: orMissing(cycle.means),
    index: monthNames.map((_, at) => at + 1),
    indexName: "month",
    indexUnits: "1",
    calendar: series.calendarSpelling,
    valueUnits: series.units,
    valueLongName: `${series.longName}${levelText(level)}, mean annual cycle of the ${areaWord(series)} mean`,
    attributes,
  });
}

async function writeCycles(
  context: ExecutionContext,
  series: AreaSeries,
  cycles: readonly LevelCycle[],
): Promise<void> {
  await writeData(context, {
    content: {
      dimensions: { month: 12 },
      variables: [
        {
          name: "month",
          dimensions: ["month"],
          data: Int32Array.from(monthNames, (_, at) => at + 1),
          attributes: { long_name: "month of the year", units: "1" },
        },
        ...cycles.map(({ level, cycle }) => ({
          name: `${series.variable}${level.pressure === undefined ? "" : `_${level.pressure}hPa`}`,
          dimensions: ["month"],
          data: cycle.means,
          attributes: {
            units: series.units,
            long_name: `${series.longName}${levelText(level)}, mean annual cycle`,
            weights: series.weights,
          },
        })),
      ],
      attributes: { ...seriesAttributes(series), source_id: series.dataset.facets["source_id"] ?? "" },
    },
    name: `${series.variable}_annual-cycle`,
    longName: `${series.longName}, mean annual cycle`,
    description: "Mean of all Januaries to mean of all Decembers of the area mean.",
  });
}

async function drawCycles(
  context: ExecutionContext,
  series: AreaSeries,
  cycles: readonly LevelCycle[],
): Promise<void> {
  const months = monthNames.map((_, at) => at + 1);
  const svg = lineFigure({
    title: `${series.longName}, annual cycle of the ${areaWord(series)} mean`,
    subtitle: runSubtitle(series.dataset, series.weights),
    x: { name: "Month", units: "" },
    y: { name: series.variable, units: series.units },
    xTicks: monthNames.map((text, at) => ({ at: at + 1, text })),
    lines: cycles.map(({ level, cycle }) => ({
      label: level.pressure === undefined ? series.variable : `${level.pressure} hPa`,
      x: months,
      y: cycle.means,
      dots: true,
    })),
  });
  await writeFigure(context, {
    svg,
    name: `${series.variable}_annual-cycle`,
    longName: `${series.longName}, mean annual cycle`,
    description: `${areaWord(series)} mean, cells weighted by ${series.weights}.`,
  });
}
