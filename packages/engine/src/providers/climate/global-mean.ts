import type { ExecutionContext } from "../../entry/library/define.ts";
import {
  type AnnualSeries,
  annualMeans,
  type LineFigure,
  lineFigure,
  timeMean,
  type VariableToWrite,
} from "../../entry/library/science.ts";
import { type AreaSeries, areaSeries, extentText, type LevelSeries } from "./area-series.ts";
import { valueDatasets } from "./input-datasets.ts";
import { areaWord, levelText, runSubtitle, seriesDimensions } from "./labels.ts";
import { monthCoordinate, orMissing, writeData, writeFigure, yearCoordinate } from "./output.ts";

/** Attributes that every value of an area mean carries. */
export function seriesAttributes(series: AreaSeries): Readonly<Record<string, string | number>> {
  const first = series.months[0];
  const last = series.months.at(-1);
  return {
    long_name: series.longName,
    weights: series.weights,
    ...(series.region === "global" ? {} : { domain: extentText(series.extent) }),
    calendar: series.calendarSpelling,
    months: series.months.length,
    period: `${monthText(first)} to ${monthText(last)}`,
  };
}

/** `YYYY-MM`. */
export function monthText(month: { readonly year: number; readonly month: number } | undefined): string {
  return month === undefined
    ? ""
    : `${String(month.year).padStart(4, "0")}-${String(month.month).padStart(2, "0")}`;
}

interface LevelMeans extends LevelSeries {
  readonly annual: AnnualSeries;
}

/** Computes monthly and annual area means of one variable and their mean over all months. */
export async function runGlobalMean(context: ExecutionContext): Promise<void> {
  const dataset = valueDatasets(context)[0] ?? context.fail("no dataset with values");
  const series = await areaSeries(context, dataset);
  const means = series.levels.map((each) => ({ ...each, annual: annualMeans(each.values, series) }));
  for (const each of means) addValues(context, series, each);
  context.progress(0.7, "means computed");
  await writeMeans(context, series, means);
  for (const each of means) await drawMeans(context, series, each);
}

function addValues(
  context: ExecutionContext,
  series: AreaSeries,
  { level, values, annual }: LevelMeans,
): void {
  const attributes = seriesAttributes(series);
  const dimensions = (statistic: string) =>
    seriesDimensions(series, { level, metric: `${areaWord(series)}-mean`, statistic });
  const mean = timeMean(values, series);
  context.scalar({
    dimensions: dimensions("time mean"),
    value: Number.isFinite(mean) ? mean : null,
    units: series.units,
    attributes,
  });
  const common = {
    calendar: series.calendarSpelling,
    valueUnits: series.units,
    valueLongName: `${series.longName}${levelText(level)}, ${areaWord(series)} mean weighted by ${series.weights}`,
    attributes,
  };
  context.series({
    ...common,
    dimensions: dimensions("monthly mean"),
    values: orMissing(values),
    index: series.months.map((month) => `${monthText(month)}-15`),
    indexName: "time",
  });
  if (annual.years.length === 0) return;
  context.series({
    ...common,
    dimensions: dimensions("annual mean"),
    values: orMissing(annual.values),
    index: annual.years,
    indexName: "year",
    indexUnits: "1",
  });
}

async function writeMeans(
  context: ExecutionContext,
  series: AreaSeries,
  means: readonly LevelMeans[],
): Promise<void> {
  const years = means[0]?.annual.years ?? [];
  const variables = means.flatMap((each) => meanVariables(series, each, years.length > 0));
  await writeData(context, {
    content: {
      dimensions: {
        time: series.months.length,
        bnds: 2,
        ...(years.length > 0 ? { year: years.length } : {}),
      },
      variables: [
        ...monthCoordinate(series),
        ...(years.length > 0 ? [yearCoordinate(years)] : []),
        ...variables,
      ],
      attributes: { ...seriesAttributes(series), source_id: series.dataset.facets["source_id"] ?? "" },
    },
    name: `${series.variable}_area-mean`,
    longName: `${series.longName}, ${areaWord(series)} mean`,
    description: `Monthly and annual means, cells weighted by ${series.weights}, months by their length.`,
  });
}

function meanVariables(
  series: AreaSeries,
  { level, values, annual }: LevelMeans,
  hasYears: boolean,
): VariableToWrite[] {
  const suffix = level.pressure === undefined ? "" : `_${String(level.pressure).replace(".", "p")}hPa`;
  const attributes = { units: series.units, weights: series.weights };
  const longName = `${series.longName}${levelText(level)}, ${areaWord(series)} mean`;
  const monthly: VariableToWrite = {
    name: `${series.variable}${suffix}`,
    dimensions: ["time"],
    data: values,
    attributes: { ...attributes, long_name: longName, cell_methods: "area: mean time: mean" },
  };
  const yearly: VariableToWrite = {
    name: `${series.variable}${suffix}_annual`,
    dimensions: ["year"],
    data: annual.values,
    attributes: {
      ...attributes,
      long_name: `${longName}, annual mean`,
      cell_methods: "area: mean year: mean",
    },
  };
  return hasYears ? [monthly, yearly] : [monthly];
}

async function drawMeans(
  context: ExecutionContext,
  series: AreaSeries,
  { level, values, annual }: LevelMeans,
): Promise<void> {
  const suffix = level.pressure === undefined ? "" : `_${level.pressure}hPa`;
  const figure: LineFigure = {
    title: `${series.longName}${levelText(level)}, ${areaWord(series)} mean`,
    subtitle: runSubtitle(series.dataset, series.weights),
    x: { name: "Year", units: "", isYear: true },
    y: { name: series.variable, units: series.units },
    lines: [
      {
        label: "monthly mean",
        x: series.months.map(({ year, month }) => year + (month - 0.5) / 12),
        y: values,
        emphasis: annual.years.length > 1 ? "faint" : "main",
      },
      ...(annual.years.length > 1
        ? [{ label: "annual mean", x: annual.years.map((year) => year + 0.5), y: annual.values }]
        : []),
    ],
  };
  await writeFigure(context, {
    svg: lineFigure(figure),
    name: `${series.variable}${suffix}_area-mean`,
    longName: figure.title,
    description: `Monthly and annual means, cells weighted by ${series.weights}.`,
  });
}
