import { cosLatitudeWeights, weightedMean } from "../../core/science/area-mean.ts";

/** Coarse regular grid of the synthetic archive. */
export const syntheticGrid = {
  /** @units degrees_north */
  latitudes: Float64Array.from({ length: 8 }, (_, row) => -78.75 + 22.5 * row),
  /** @units degrees_east */
  longitudes: Float64Array.from({ length: 12 }, (_, column) => 15 + 30 * column),
} as const;

const nCell = syntheticGrid.latitudes.length * syntheticGrid.longitudes.length;

/** Cell areas, exact for a sphere. @units m2 @shape [96] */
export function syntheticAreas(): Float64Array {
  const radius = 6_371_000;
  // All rows are equally high, so that exact areas and cosines of latitude are proportional.
  const zone = 2 * Math.sin((11.25 * Math.PI) / 180) * radius ** 2 * (Math.PI / 6);
  return cosLatitudeWeights(syntheticGrid.latitudes, syntheticGrid.longitudes.length).map(
    (weight) => weight * zone,
  );
}

/** Per variable: mean state and how a change of its area mean spreads. */
interface Pattern {
  /** State of a cell by sine of latitude s, without change. */
  readonly state: (s: number) => number;
  /** Half range of the seasonal cycle by sine of latitude; positive where July is high. */
  readonly season: (s: number) => number;
  /** Change of a cell relative to the change of the area mean; its own area mean is made 1. */
  readonly change: (s: number) => number;
}

const patterns = {
  tas: { state: (s) => 301 - 45 * s * s, season: (s) => 14 * s, change: (s) => 0.8 + 0.6 * s * s + 0.35 * s },
  ts: { state: (s) => 302 - 46 * s * s, season: (s) => 15 * s, change: (s) => 0.8 + 0.6 * s * s + 0.35 * s },
  pr: {
    state: (s) => 5.5e-5 * Math.exp(-8 * s * s) + 1.6e-5,
    season: (s) => 8e-6 * s,
    change: (s) => 1.2 - 0.6 * s * s,
  },
  rsdt: { state: (s) => 415 - 225 * s * s, season: (s) => 190 * s, change: () => 1 },
  rsut: { state: (s) => 105 + 10 * s * s, season: (s) => 60 * s, change: () => 1 },
  rlut: { state: (s) => 268 - 82 * s * s, season: (s) => 25 * s, change: () => 1 },
} as const satisfies Record<string, Pattern>;

/** A monthly variable of the synthetic archive. */
export type SyntheticVariable = keyof typeof patterns;

/**
 * Monthly fields whose change of the annual area mean is the given one.
 * @param changes of the area mean, one a year. @shape [nYear]
 * @returns @shape [nYear * 12, 96]
 */
export function syntheticFields(variable: SyntheticVariable, changes: Float64Array): Float64Array {
  const { state, season, change }: Pattern = patterns[variable];
  const sines = Float64Array.from({ length: nCell }, (_, cell) => sineOfCell(cell));
  const weights = cosLatitudeWeights(syntheticGrid.latitudes, syntheticGrid.longitudes.length);
  const relative = sines.map(change);
  const mean = weightedMean(relative, weights);
  const fields = new Float64Array(changes.length * 12 * nCell);
  for (let time = 0; time < changes.length * 12; time++) {
    const phase = -Math.cos(((time % 12) * Math.PI) / 6);
    const changed = changes[Math.floor(time / 12)] ?? 0;
    for (let cell = 0; cell < nCell; cell++) {
      const s = sines[cell] ?? 0;
      // Land and sea: a wave along the latitude circle, the same in every run.
      const wave = 1 + 0.01 * Math.sin((cell % 12) * (Math.PI / 3));
      fields[time * nCell + cell] =
        state(s) * wave + season(s) * phase + (changed * (relative[cell] ?? 1)) / mean;
    }
  }
  return fields;
}

function sineOfCell(cell: number): number {
  const latitude = syntheticGrid.latitudes[Math.floor(cell / syntheticGrid.longitudes.length)] ?? 0;
  return Math.sin((latitude * Math.PI) / 180);
}
