import type { ExecutionContext } from "../../entry/library/define.ts";
import {
  type Anomalies,
  fitLine,
  lineAt,
  lineFigure,
  transientResponse,
  transientYears,
} from "../../entry/library/science.ts";
import { anomalyVariable } from "./climate-sensitivity.ts";
import { anomaliesOf, type ControlledSeries, readControlled } from "./control-anomalies.ts";
import { runDimensions } from "./labels.ts";
import { writeData, writeFigure, yearCoordinate } from "./output.ts";

const experiment = "1pctCO2";
/** CO2 has quadrupled then; longer runs hold it or go on, so later years do not belong to the fit. */
const longestRun = 140;

/** Computes the transient climate response. */
export async function runTransientResponse(context: ExecutionContext): Promise<void> {
  const tas = await readControlled(context, { variable: "tas", experiment, units: "K" });
  const anomalies = anomaliesOf(tas, longestRun);
  const tcr = transientResponse(anomalies);
  addValues(context, tas, { anomalies, tcr });
  await writeResponse(context, tas, { anomalies, tcr });
  await drawResponse(context, tas, { anomalies, tcr });
}

interface Response {
  readonly anomalies: Anomalies;
  readonly tcr: number;
}

function attributesOf(
  tas: ControlledSeries,
  { anomalies }: Response,
): Readonly<Record<string, string | number>> {
  return {
    years: anomalies.years.length,
    averaged_years: `${transientYears.first} to ${transientYears.last}`,
    control: tas.control.dataset.id,
    control_year_offset: tas.yearOffset,
    weights: tas.experiment.weights,
  };
}

function addValues(context: ExecutionContext, tas: ControlledSeries, response: Response): void {
  const run = runDimensions(tas.experiment.dataset, [
    "source_id",
    "experiment_id",
    "member_id",
    "grid_label",
  ]);
  const place = { ...run, region: "global", season: "ann" };
  const attributes = attributesOf(tas, response);
  context.scalar({
    dimensions: { ...place, metric: "tcr", statistic: "mean" },
    value: response.tcr,
    units: "K",
    attributes,
  });
  context.series({
    dimensions: { ...place, metric: "temperature-anomaly", statistic: "annual mean" },
    values: [...response.anomalies.values],
    index: response.anomalies.years,
    indexName: "year",
    indexUnits: "1",
    calendar: tas.experiment.calendarSpelling,
    valueUnits: "K",
    valueLongName: `Near-surface air temperature, ${experiment} minus linear fit of the control`,
    attributes,
  });
}

async function writeResponse(
  context: ExecutionContext,
  tas: ControlledSeries,
  response: Response,
): Promise<void> {
  const { anomalies, tcr } = response;
  await writeData(context, {
    content: {
      dimensions: { year: anomalies.years.length },
      variables: [
        yearCoordinate(anomalies.years),
        anomalyVariable("tas_anomaly", anomalies, { units: "K", longName: "near-surface air temperature" }),
        {
          name: "tcr",
          dimensions: [],
          data: Float64Array.of(tcr),
          attributes: { units: "K", long_name: "transient climate response" },
        },
      ],
      attributes: attributesOf(tas, response),
    },
    name: "transient-response",
    longName: "Warming under CO2 rising by 1 % a year",
    description: "Annual global mean anomalies of 1pctCO2 from the linear fit of its control.",
  });
}

async function drawResponse(
  context: ExecutionContext,
  tas: ControlledSeries,
  { anomalies, tcr }: Response,
): Promise<void> {
  const { source_id, member_id } = tas.experiment.dataset.facets as Record<string, string>;
  const title = `Transient climate response ${tcr.toFixed(2)} K`;
  const trend = fitLine(anomalies.years, anomalies.values);
  const window = anomalies.years.slice(transientYears.first - 1, transientYears.last);
  const svg = lineFigure({
    title,
    subtitle: `${source_id} ${member_id}, ${experiment} minus linear fit of its control`,
    x: { name: "Model year", units: "", isYear: true },
    y: { name: "Change of near-surface air temperature", units: "K" },
    lines: [
      { label: "annual mean", x: anomalies.years, y: anomalies.values },
      {
        label: `mean of years ${transientYears.first} to ${transientYears.last}`,
        x: window,
        y: window.map(() => tcr),
      },
      {
        label: "linear fit",
        x: anomalies.years,
        y: anomalies.years.map((year) => lineAt(trend, year)),
        emphasis: "dashed",
      },
    ],
  });
  await writeFigure(context, {
    svg,
    name: "transient-response",
    longName: title,
    description: "Annual global mean warming; the transient response is the mean of years 61 to 80.",
  });
}
