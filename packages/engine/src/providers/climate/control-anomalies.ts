import type { ExecutionContext } from "../../entry/library/define.ts";
import {
  type AnnualSeries,
  type Anomalies,
  annualMeans,
  anomaliesFromControl,
  convertUnits,
} from "../../entry/library/science.ts";
import { type AreaSeries, areaSeries } from "./area-series.ts";
import { controlYearOffset } from "./branching.ts";
import { requireDataset, valueDatasets } from "./input-datasets.ts";

/** Annual means of an experiment and its control, and what must be said about them. */
export interface ControlledSeries {
  readonly experiment: AreaSeries;
  readonly control: AreaSeries;
  readonly annual: AnnualSeries;
  readonly controlAnnual: AnnualSeries;
  readonly yearOffset: number;
}

/** Reads one variable of the experiment and of its control as annual area means in given units. */
export async function readControlled(
  context: ExecutionContext,
  {
    variable,
    experiment,
    units,
  }: { readonly variable: string; readonly experiment: string; readonly units: string },
): Promise<ControlledSeries> {
  const child = await areaSeries(
    context,
    requireDataset(context, { variable_id: variable, experiment_id: experiment }),
  );
  const parentDataset =
    valueDatasets(context).find(
      ({ facets }) => facets["variable_id"] === variable && facets["experiment_id"] !== experiment,
    ) ?? context.fail(`no control with ${variable}`);
  const parent = await areaSeries(context, parentDataset);
  for (const series of [child, parent])
    if (series.region !== "global") context.fail(`${series.dataset.id} does not cover the globe`);
  return {
    experiment: child,
    control: parent,
    annual: annualIn(child, units),
    controlAnnual: annualIn(parent, units),
    yearOffset: controlYearOffset(context, { experiment: child, control: parent }),
  };
}

function annualIn(series: AreaSeries, units: string): AnnualSeries {
  const convert = convertUnits(series.units, units);
  const { values } = series.levels[0] ?? { values: new Float64Array(0) };
  return annualMeans(values.map(convert), series);
}

/** Anomalies of an experiment from its control's line, over at most so many years. */
export function anomaliesOf(series: ControlledSeries, maximumYears: number): Anomalies {
  return anomaliesFromControl(series.annual, {
    control: series.controlAnnual,
    yearOffset: series.yearOffset,
    maximumYears,
  });
}
