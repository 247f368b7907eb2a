import { fitLine, type Line, lineAt } from "../../core/science/regression.ts";

/** A model climate of one heat reservoir: C dT/dt = F(t) + λ T. Its sensitivity is known exactly. */
export interface SyntheticClimate {
  /** Effective radiative forcing of four times CO2. @units W m-2 */
  readonly forcing: number;
  /** Feedback parameter λ, negative. @units W m-2 K-1 */
  readonly feedback: number;
  /** Time in which the warming comes to 1 − 1/e of its end. @units years */
  readonly responseYears: number;
}

/** Annual anomalies of temperature and net radiation. */
export interface SyntheticYears {
  /** @units K */
  readonly temperature: Float64Array;
  /** @units W m-2 */
  readonly radiation: Float64Array;
}

/** Effective climate sensitivity of a synthetic climate. @units K */
export function exactSensitivity({ forcing, feedback }: SyntheticClimate): number {
  return -forcing / (2 * feedback);
}

/** Transient climate response of a synthetic climate: mean warming of years 61 to 80. @units K */
export function exactTransientResponse(climate: SyntheticClimate): number {
  const warming = rampWarming(climate, 80).subarray(60);
  return warming.reduce((total, value) => total + value, 0) / warming.length;
}

/** Warming in the middle of each year after a sudden forcing. @units K @source solution of C dT/dt = F + λ T with T(0) = 0 */
export function abruptWarming(
  { forcing, feedback, responseYears }: SyntheticClimate,
  years: number,
): Float64Array {
  return Float64Array.from(
    { length: years },
    (_, year) => (-forcing / feedback) * (1 - Math.exp(-(year + 0.5) / responseYears)),
  );
}

/** Warming in the middle of each year under a forcing that grows evenly to that of four times CO2 in 140 years. @units K */
export function rampWarming(
  { forcing, feedback, responseYears }: SyntheticClimate,
  years: number,
): Float64Array {
  const perYear = forcing / 140;
  return Float64Array.from({ length: years }, (_, at) => {
    const time = at + 0.5;
    return (-perYear / feedback) * (time - responseYears * (1 - Math.exp(-time / responseYears)));
  });
}

/**
 * The years after a sudden forcing, with weather. The weather in the radiation is made uncorrelated with temperature, so
 * that a regression of one on the other gives forcing and feedback back exactly.
 */
export function abruptYears(
  climate: SyntheticClimate,
  { years, random }: { readonly years: number; readonly random: () => number },
): SyntheticYears {
  const weather = noise(years, random);
  const temperature = abruptWarming(climate, years).map((value, at) => value + 0.12 * (weather[at] ?? 0));
  const residual = withoutLine(temperature, noise(years, random));
  const radiation = temperature.map(
    (value, at) => climate.forcing + climate.feedback * value + 0.3 * (residual[at] ?? 0),
  );
  return { temperature, radiation };
}

/** The years of an even growth of CO2, with weather whose mean over the years 61 to 80 is zero. */
export function rampYears(
  climate: SyntheticClimate,
  { years, random }: { readonly years: number; readonly random: () => number },
): Float64Array {
  const weather = noise(years, random);
  const window = weather.subarray(60, 80);
  const mean = window.reduce((total, value) => total + value, 0) / window.length;
  return rampWarming(climate, years).map((value, at) => value + 0.12 * ((weather[at] ?? 0) - mean));
}

/**
 * Years of a control: weather and a slow drift. The weather has no trend over the first `branchYears` nor over the rest, so
 * that a line fitted over either gives the drift.
 */
export function controlYears(
  { years, branchYears }: { readonly years: number; readonly branchYears: number },
  random: () => number,
): SyntheticYears {
  const trendless = (): Float64Array => {
    const all = noise(years, random);
    const parts = [all.subarray(0, branchYears), all.subarray(branchYears)];
    return Float64Array.from(
      parts.flatMap((part) =>
        Array.from(
          withoutLine(
            Float64Array.from(part, (_, at) => at),
            part,
          ),
        ),
      ),
    );
  };
  return {
    temperature: trendless().map((value, year) => 0.1 * value + controlDrift(year)),
    radiation: trendless().map((value) => 0.25 * value),
  };
}

/** Drift of a control since its beginning. @units K */
export function controlDrift(year: number): number {
  return 0.0008 * year;
}

function withoutLine(x: Float64Array, y: Float64Array): Float64Array {
  if (y.length < 2) return y;
  const line: Line = fitLine(x, y);
  return y.map((value, at) => value - lineAt(line, x[at] ?? 0));
}

/** Numbers with mean 0 and standard deviation 1, nearly normal. */
export function noise(length: number, random: () => number): Float64Array {
  return Float64Array.from({ length }, () => (random() + random() + random() + random() - 2) * Math.sqrt(3));
}

/** Even numbers from 0 to 1, the same for the same seed on every machine. @source Marsaglia, Xorshift RNGs, 2003 */
export function seededRandom(seed: number): () => number {
  let state = (seed | 0) === 0 ? 1 : seed | 0;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) / 2 ** 32;
  };
}
