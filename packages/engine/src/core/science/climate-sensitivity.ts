import { AlmanacError } from "../errors.ts";
import type { AnnualSeries } from "./monthly.ts";
import { fitLine, type Line, lineAt } from "./regression.ts";

/** What the regression of an abrupt-4xCO2 experiment gives. */
export interface Sensitivity {
  /** Effective climate sensitivity to a doubling of CO2, −F/(2λ). @units K */
  readonly ecs: number;
  /** Feedback parameter λ, the slope; negative in a stable climate. @units W m-2 K-1 */
  readonly feedback: number;
  /** Effective radiative forcing F of four times CO2, the intercept. @units W m-2 */
  readonly forcing: number;
  readonly line: Line;
}

/**
 * Effective climate sensitivity by linear regression of the anomaly of net downward radiation at the top of the
 * atmosphere on the anomaly of surface air temperature, N = F + λ T; half of the equilibrium warming −F/λ, because the
 * forcing of four times CO2 is taken as twice that of two times.
 * @param temperature annual anomalies. @units K @shape [nYear]
 * @param netRadiation annual anomalies, downward positive. @units W m-2 @shape [nYear]
 * @throws DIAGNOSTIC_FAILED when the regression is not determined or its slope is zero
 * @source Gregory et al., A new method for diagnosing radiative forcing and climate sensitivity, Geophys. Res. Lett. 31,
 *   L03205, 2004, https://doi.org/10.1029/2003GL018747
 */
export function gregoryRegression(temperature: Float64Array, netRadiation: Float64Array): Sensitivity {
  const line = fitLine(temperature, netRadiation);
  if (line.slope === 0)
    throw new AlmanacError(
      "DIAGNOSTIC_FAILED",
      `the net radiation of ${temperature.length} years does not depend on temperature: the slope is 0`,
      {
        hint: "look whether the fluxes of all files are there and vary",
      },
    );
  return {
    ecs: -line.intercept / (2 * line.slope),
    feedback: line.slope,
    forcing: line.intercept,
    line,
  };
}

/** How the years of an experiment lie in its control. */
export interface Branching {
  /** Year of the control minus year of the experiment at the same moment. */
  readonly yearOffset: number;
  /** Most years to use, from the first on. */
  readonly maximumYears: number;
}

/** Anomalies from a control. */
export interface Anomalies extends AnnualSeries {
  /** The control's line over the same years; x is the control's year. */
  readonly control: Line;
}

/**
 * Annual means of an experiment minus the straight line fitted to its control over the same years, so that a drift of the
 * control is taken out and its year-to-year noise is not brought in.
 * @throws DIAGNOSTIC_FAILED when the control lacks a year of the experiment
 * @source Gregory et al. 2004; Caldwell et al., J. Climate 29, 2016, 513–522 (linear fit of the control)
 */
export function anomaliesFromControl(
  experiment: AnnualSeries,
  options: Branching & { readonly control: AnnualSeries },
): Anomalies {
  const years = experiment.years.slice(0, options.maximumYears);
  const inControl = years.map((year) => options.control.years.indexOf(year + options.yearOffset));
  const lacking = years.filter((_, at) => inControl[at] === -1);
  if (years.length === 0 || lacking.length > 0) throw controlTooShort(years, lacking, options);
  const controlYears = years.map((year) => year + options.yearOffset);
  const line = fitLine(
    controlYears,
    inControl.map((at) => options.control.values[at] ?? Number.NaN),
  );
  const values = Float64Array.from(
    years,
    (year, at) => (experiment.values[at] ?? Number.NaN) - lineAt(line, year + options.yearOffset),
  );
  return { years, values, control: line };
}

function controlTooShort(
  years: readonly number[],
  lacking: readonly number[],
  { control, yearOffset }: Branching & { readonly control: AnnualSeries },
): AlmanacError {
  const has = `${control.years[0]} to ${control.years.at(-1)}`;
  const needs = `${(years[0] ?? Number.NaN) + yearOffset} to ${(years.at(-1) ?? Number.NaN) + yearOffset}`;
  return new AlmanacError(
    "DIAGNOSTIC_FAILED",
    `the control has complete years ${has}, the experiment branched off into its years ${needs}: ${lacking.length} lack`,
    { hint: "ingest the rest of the control", facts: { has, needs, lacking: lacking.length } },
  );
}

/** First and last year, counted from 1, whose mean is the transient response: the doubling of CO2 is in year 70. */
export const transientYears = { first: 61, last: 80 } as const;

/**
 * Transient climate response: mean anomaly of years 61 to 80 of an experiment with CO2 rising by 1 % a year.
 * @param anomalies annual, from the first year of the experiment on. @units K
 * @returns warming. @units K
 * @throws DIAGNOSTIC_FAILED when there are fewer than 80 years or the years have a hole
 * @source IPCC, Climate Change 2013, Working Group I, section 9.7.1; Meehl et al., Sci. Adv. 6, eaba1981, 2020,
 *   https://doi.org/10.1126/sciadv.aba1981
 */
export function transientResponse(anomalies: AnnualSeries): number {
  const first = anomalies.years[0] ?? Number.NaN;
  const last = anomalies.years[transientYears.last - 1];
  if (last !== first + transientYears.last - 1)
    throw new AlmanacError(
      "DIAGNOSTIC_FAILED",
      `years ${transientYears.first} to ${transientYears.last} are needed, the experiment has ${anomalies.years.length} complete years`,
      { facts: { years: anomalies.years.length } },
    );
  const window = anomalies.values.subarray(transientYears.first - 1, transientYears.last);
  return window.reduce((total, value) => total + value, 0) / window.length;
}
