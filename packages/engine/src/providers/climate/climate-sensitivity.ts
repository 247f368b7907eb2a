import type { ExecutionContext } from "../../entry/library/define.ts";
import {
  type AnnualSeries,
  gregoryRegression,
  type Sensitivity,
  scatterFigure,
} from "../../entry/library/science.ts";
import { anomaliesOf, type ControlledSeries, readControlled } from "./control-anomalies.ts";
import { runDimensions } from "./labels.ts";
import { writeData, writeFigure, yearCoordinate } from "./output.ts";

const experiment = "abrupt-4xCO2";
const minimumYears = 20;
const customaryYears = 150;

interface Regression {
  readonly tas: ControlledSeries;
  readonly temperature: AnnualSeries;
  /** Net downward radiation at the top of the atmosphere. */
  readonly radiation: AnnualSeries;
  readonly result: Sensitivity;
}

/** Computes the effective climate sensitivity, the feedback parameter and the forcing. */
export async function runClimateSensitivity(context: ExecutionContext): Promise<void> {
  const tas = await readControlled(context, { variable: "tas", experiment, units: "K" });
  const radiation = await netRadiation(context);
  const regression = regress(context, { tas, radiation });
  addValues(context, regression);
  context.progress(0.8, "regression computed");
  await writeRegression(context, regression);
  await drawRegression(context, regression);
}

async function netRadiation(context: ExecutionContext): Promise<ControlledSeries> {
  const read = (variable: string) => readControlled(context, { variable, experiment, units: "W m-2" });
  const down = await read("rsdt");
  const reflected = await read("rsut");
  const emitted = await read("rlut");
  const net = (part: "annual" | "controlAnnual"): AnnualSeries =>
    minus(minus(down[part], reflected[part]), emitted[part]);
  return { ...down, annual: net("annual"), controlAnnual: net("controlAnnual") };
}

/** Difference over the years that both have. */
function minus(a: AnnualSeries, b: AnnualSeries): AnnualSeries {
  const years = a.years.filter((year) => b.years.includes(year));
  const at = (series: AnnualSeries, year: number): number =>
    series.values[series.years.indexOf(year)] ?? Number.NaN;
  return { years, values: Float64Array.from(years, (year) => at(a, year) - at(b, year)) };
}

function regress(
  context: ExecutionContext,
  { tas, radiation }: { readonly tas: ControlledSeries; readonly radiation: ControlledSeries },
): Regression {
  const common = radiation.annual.years.filter((year) => tas.annual.years.includes(year));
  const keep = (series: ControlledSeries): ControlledSeries => ({
    ...series,
    annual: minus(series.annual, { years: common, values: new Float64Array(common.length) }),
  });
  if (common.length < minimumYears)
    return context.fail(`${common.length} complete years; the regression needs ${minimumYears}`);
  const temperature = anomaliesOf(keep(tas), customaryYears);
  const net = anomaliesOf(keep(radiation), customaryYears);
  if (temperature.years.length < customaryYears)
    context.log.warn(
      `${temperature.years.length} years used; ${customaryYears} are customary, fewer give lower values`,
    );
  return { tas, temperature, radiation: net, result: gregoryRegression(temperature.values, net.values) };
}

const dimensionsOf = ({ tas }: Regression, metric: string, statistic: string) => ({
  ...runDimensions(tas.experiment.dataset, ["source_id", "experiment_id", "member_id", "grid_label"]),
  region: "global",
  season: "ann",
  metric,
  statistic,
});

function attributesOf({ tas, temperature }: Regression): Readonly<Record<string, string | number>> {
  const years = temperature.years.length;
  return {
    years,
    period: `${temperature.years[0]} to ${temperature.years.at(-1)}`,
    control: tas.control.dataset.id,
    control_year_offset: tas.yearOffset,
    weights: tas.experiment.weights,
    method: "Gregory et al. (2004), doi:10.1029/2003GL018747",
    ...(years < customaryYears ? { note: `${years} years used; ${customaryYears} are customary` } : {}),
  };
}

function addValues(context: ExecutionContext, regression: Regression): void {
  const { result, temperature, radiation } = regression;
  const attributes = attributesOf(regression);
  const scalars = [
    { metric: "ecs", value: result.ecs, units: "K" },
    { metric: "feedback-parameter", value: result.feedback, units: "W m-2 K-1" },
    { metric: "effective-radiative-forcing-4xCO2", value: result.forcing, units: "W m-2" },
  ];
  for (const { metric, value, units } of scalars)
    context.scalar({ dimensions: dimensionsOf(regression, metric, "regression"), value, units, attributes });
  const lines = [
    { metric: "temperature-anomaly", series: temperature, units: "K", name: "Near-surface air temperature" },
    {
      metric: "net-radiation-anomaly",
      series: radiation,
      units: "W m-2",
      name: "Net downward radiation, top of atmosphere",
    },
  ];
  for (const { metric, series, units, name } of lines)
    context.series({
      dimensions: dimensionsOf(regression, metric, "annual mean"),
      values: [...series.values],
      index: series.years,
      indexName: "year",
      indexUnits: "1",
      calendar: regression.tas.experiment.calendarSpelling,
      valueUnits: units,
      valueLongName: `${name}, ${experiment} minus linear fit of the control`,
      attributes,
    });
}

async function writeRegression(context: ExecutionContext, regression: Regression): Promise<void> {
  const { temperature, radiation, result } = regression;
  const scalar = (name: string, value: number, units: string, longName: string) => ({
    name,
    dimensions: [],
    data: Float64Array.of(value),
    attributes: { units, long_name: longName },
  });
  await writeData(context, {
    content: {
      dimensions: { year: temperature.years.length },
      variables: [
        yearCoordinate(temperature.years),
        anomalyVariable("tas_anomaly", temperature, { units: "K", longName: "near-surface air temperature" }),
        anomalyVariable("net_radiation_anomaly", radiation, {
          units: "W m-2",
          longName: "net downward radiation at the top of the atmosphere",
        }),
        scalar("ecs", result.ecs, "K", "effective climate sensitivity"),
        scalar("feedback", result.feedback, "W m-2 K-1", "climate feedback parameter"),
        scalar("forcing", result.forcing, "W m-2", "effective radiative forcing of 4xCO2"),
      ],
      attributes: attributesOf(regression),
    },
    name: "climate-sensitivity",
    longName: "Regression of net radiation on temperature",
    description:
      "Annual anomalies of abrupt-4xCO2 from the linear fit of its control, and the regression's results.",
  });
}

/** A NetCDF variable of annual anomalies. */
export function anomalyVariable(
  name: string,
  series: AnnualSeries,
  { units, longName }: { readonly units: string; readonly longName: string },
) {
  return {
    name,
    dimensions: ["year"],
    data: series.values,
    attributes: { units, long_name: `anomaly of ${longName} from the linear fit of the control` },
  };
}

async function drawRegression(context: ExecutionContext, regression: Regression): Promise<void> {
  const { temperature, radiation, result, tas } = regression;
  const { source_id, member_id } = tas.experiment.dataset.facets as Record<string, string>;
  const title = `Effective climate sensitivity ${result.ecs.toFixed(2)} K`;
  const equation = `N = ${result.forcing.toFixed(2)} W m⁻² − ${(-result.feedback).toFixed(2)} W m⁻² K⁻¹ · T`;
  const svg = scatterFigure({
    title,
    subtitle: `${source_id} ${member_id}, ${experiment} minus linear fit of its control, ${temperature.years.length} years`,
    x: { name: "Change of near-surface air temperature T", units: "K" },
    y: { name: "Change of net TOA radiation N", units: "W m-2" },
    points: { label: "annual means", x: temperature.values, y: radiation.values },
    line: { label: equation, slope: result.line.slope, intercept: result.line.intercept },
    toAxes: result.feedback < 0 && result.forcing > 0,
  });
  await writeFigure(context, {
    svg,
    name: "climate-sensitivity",
    longName: title,
    description:
      "Gregory regression: change of net radiation against change of temperature, annual global means.",
  });
}
