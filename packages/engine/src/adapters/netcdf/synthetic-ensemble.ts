import {
  abruptWarming,
  noise,
  rampWarming,
  type SyntheticClimate,
  seededRandom,
} from "./synthetic-climate.ts";
import { type SyntheticRun, writeSyntheticMonths } from "./synthetic-file.ts";

/** How large an ensemble is to be. */
export interface EnsembleOptions {
  /** Models, 1 to 99; default 16. */
  readonly models?: number;
  /** Members of each model, which differ in their weather alone; default 3. */
  readonly members?: number;
}

/** A written ensemble. */
export interface SyntheticEnsemble {
  /** Folder that holds `CMIP6/`. */
  readonly root: string;
  readonly models: readonly { readonly source: string; readonly climate: SyntheticClimate }[];
  /** Every file in the order of writing. */
  readonly files: readonly string[];
}

const years = { control: 80, "abrupt-4xCO2": 20, "1pctCO2": 80 } as const;
const calendar = "noleap";
const controlStart = 101;

/**
 * Year-to-year weather of the global mean, and what of it lasts to the next year: with these the mean of twenty years differs
 * between members by some 0.05 K.
 */
const weather = { deviation: 0.12, persistence: 0.5 } as const;

/** Ranges that climates are drawn from; about those of CMIP6 models. */
const ranges = {
  forcing: [6.2, 8.6],
  feedback: [-1.7, -0.7],
  responseYears: [8, 45],
} as const satisfies Record<keyof SyntheticClimate, readonly [low: number, high: number]>;

/**
 * Writes an ensemble of made-up models in the archive's folders: near-surface air temperature of one control, and of several
 * members of abrupt-4xCO2 (20 years) and 1pctCO2 (80 years) of each. The same bytes every time; about 2 MB for a model.
 * Members of a model have its climate and weather of their own.
 * @param root folder to write into; created
 */
export async function writeSyntheticEnsemble(
  root: string,
  { models = 16, members = 3 }: EnsembleOptions = {},
): Promise<SyntheticEnsemble> {
  const random = seededRandom(20260102);
  const written: { readonly source: string; readonly climate: SyntheticClimate }[] = [];
  const files: string[] = [];
  for (let model = 1; model <= models; model += 1) {
    const source = `SYNTH-${String(model).padStart(2, "0")}`;
    const climate = climateFrom(random);
    written.push({ source, climate });
    files.push(...(await writeModel(root, { source, climate, members, random })));
  }
  return { root, models: written, files };
}

function climateFrom(random: () => number): SyntheticClimate {
  const between = ([low, high]: readonly [number, number]): number => low + (high - low) * random();
  return {
    forcing: between(ranges.forcing),
    feedback: between(ranges.feedback),
    responseYears: between(ranges.responseYears),
  };
}

async function writeModel(
  root: string,
  {
    source,
    climate,
    members,
    random,
  }: {
    readonly source: string;
    readonly climate: SyntheticClimate;
    readonly members: number;
    readonly random: () => number;
  },
): Promise<readonly string[]> {
  const write = (run: Omit<SyntheticRun, "source" | "calendar">, warming: Float64Array): Promise<string> =>
    writeSyntheticMonths(root, {
      ...{ source, calendar, variable: "tas" },
      ...run,
      changes: withWeather(warming, random),
    });
  const control = { experiment: "piControl", firstYear: controlStart } as const;
  const files = [await write(control, new Float64Array(years.control))];
  const response = { "abrupt-4xCO2": abruptWarming, "1pctCO2": rampWarming } as const;
  for (let realization = 1; realization <= members; realization += 1)
    for (const experiment of ["abrupt-4xCO2", "1pctCO2"] as const)
      files.push(
        await write(
          { experiment, realization, firstYear: 1, parent: control },
          response[experiment](climate, years[experiment]),
        ),
      );
  return files;
}

/** Adds weather that a part of lasts to the next year. @source autoregressive process of first order */
function withWeather(warming: Float64Array, random: () => number): Float64Array {
  const { deviation, persistence } = weather;
  const fresh = deviation * Math.sqrt(1 - persistence ** 2);
  const shocks = noise(warming.length, random);
  let state = deviation * (shocks[0] ?? 0);
  return warming.map((value, year) => {
    if (year > 0) state = persistence * state + fresh * (shocks[year] ?? 0);
    return value + state;
  });
}
