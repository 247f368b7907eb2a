import type { Dimensions, Unit } from "./unit.ts";

const length: Dimensions = [1, 0, 0, 0, 0, 0, 0];
const mass: Dimensions = [0, 1, 0, 0, 0, 0, 0];
const time: Dimensions = [0, 0, 1, 0, 0, 0, 0];
const temperature: Dimensions = [0, 0, 0, 1, 0, 0, 0];
const amount: Dimensions = [0, 0, 0, 0, 1, 0, 0];
const current: Dimensions = [0, 0, 0, 0, 0, 1, 0];
const luminosity: Dimensions = [0, 0, 0, 0, 0, 0, 1];
const none: Dimensions = [0, 0, 0, 0, 0, 0, 0];
const volume: Dimensions = [3, 0, 0, 0, 0, 0, 0];
const area: Dimensions = [2, 0, 0, 0, 0, 0, 0];
const force: Dimensions = [1, 1, -2, 0, 0, 0, 0];
const energy: Dimensions = [2, 1, -2, 0, 0, 0, 0];
const powerDimensions: Dimensions = [2, 1, -3, 0, 0, 0, 0];
const pressure: Dimensions = [-1, 1, -2, 0, 0, 0, 0];
const frequency: Dimensions = [0, 0, -1, 0, 0, 0, 0];
const charge: Dimensions = [0, 0, 1, 0, 0, 1, 0];
const voltage: Dimensions = [2, 1, -3, 0, 0, -1, 0];

// The tropical year of udunits, and its twelfth; calendars have nothing to do with it.
const yearSeconds = 3.15569259747e7;
const degree = Math.PI / 180;

/** One unit with its spellings. */
interface Row {
  /** Take short prefixes unless `plain`; case counts. */
  readonly symbols?: readonly string[];
  /** Take long prefixes unless `plain`, and a plural s; case does not count. */
  readonly names?: readonly string[];
  readonly plain?: true;
  readonly scale?: number;
  readonly offset?: number;
  readonly dimensions: Dimensions;
}

const rows: readonly Row[] = [
  { symbols: ["m"], names: ["meter", "metre"], dimensions: length },
  { symbols: ["g"], names: ["gram", "gramme"], scale: 0.001, dimensions: mass },
  { symbols: ["t"], names: ["tonne"], scale: 1000, dimensions: mass },
  { symbols: ["s", "sec"], names: ["second"], dimensions: time },
  { symbols: ["min"], names: ["minute"], plain: true, scale: 60, dimensions: time },
  { symbols: ["h", "hr"], names: ["hour"], plain: true, scale: 3600, dimensions: time },
  { symbols: ["d"], names: ["day"], plain: true, scale: 86400, dimensions: time },
  { names: ["week"], plain: true, scale: 604800, dimensions: time },
  { names: ["month"], plain: true, scale: yearSeconds / 12, dimensions: time },
  { symbols: ["yr", "a"], names: ["year"], plain: true, scale: yearSeconds, dimensions: time },
  {
    symbols: ["K", "degK", "deg_K", "degree_K", "degrees_K"],
    names: ["kelvin", "degree_kelvin", "degrees_kelvin"],
    dimensions: temperature,
  },
  {
    symbols: ["degC", "deg_C", "degree_C", "degrees_C", "degreeC", "degreesC", "°C"],
    names: ["celsius", "degree_celsius", "degrees_celsius"],
    plain: true,
    offset: 273.15,
    dimensions: temperature,
  },
  {
    symbols: ["degF", "deg_F", "degree_F", "degrees_F", "degreeF", "degreesF", "°F"],
    names: ["fahrenheit", "degree_fahrenheit", "degrees_fahrenheit"],
    plain: true,
    scale: 5 / 9,
    offset: (459.67 * 5) / 9,
    dimensions: temperature,
  },
  { symbols: ["mol"], names: ["mole"], dimensions: amount },
  { symbols: ["A"], names: ["ampere"], dimensions: current },
  { symbols: ["cd"], names: ["candela"], dimensions: luminosity },
  { symbols: ["N"], names: ["newton"], dimensions: force },
  { symbols: ["J"], names: ["joule"], dimensions: energy },
  { symbols: ["W"], names: ["watt"], dimensions: powerDimensions },
  { symbols: ["Pa"], names: ["pascal"], dimensions: pressure },
  { symbols: ["bar"], names: ["bar"], scale: 1e5, dimensions: pressure },
  { symbols: ["mb"], plain: true, scale: 100, dimensions: pressure },
  { symbols: ["atm"], names: ["atmosphere"], plain: true, scale: 101325, dimensions: pressure },
  { symbols: ["Hz"], names: ["hertz"], dimensions: frequency },
  { symbols: ["C"], names: ["coulomb"], dimensions: charge },
  { symbols: ["V"], names: ["volt"], dimensions: voltage },
  { symbols: ["L", "l"], names: ["liter", "litre"], scale: 0.001, dimensions: volume },
  { symbols: ["ha"], names: ["hectare"], plain: true, scale: 1e4, dimensions: area },
  { symbols: ["rad"], names: ["radian"], dimensions: none },
  { symbols: ["sr"], names: ["steradian"], dimensions: none },
  {
    symbols: ["deg", "°", ...["N", "E", "S", "W"].flatMap((side) => [`degree_${side}`, `degrees_${side}`])],
    names: [
      "degree",
      "arc_degree",
      ...["north", "east", "south", "west"].flatMap((side) => [`degree_${side}`, `degrees_${side}`]),
    ],
    plain: true,
    scale: degree,
    dimensions: none,
  },
  { symbols: ["%"], names: ["percent"], plain: true, scale: 0.01, dimensions: none },
  { symbols: ["ppm", "ppmv"], plain: true, scale: 1e-6, dimensions: none },
  { symbols: ["ppb", "ppbv"], plain: true, scale: 1e-9, dimensions: none },
  { symbols: ["ppt", "pptv"], plain: true, scale: 1e-12, dimensions: none },
  { symbols: ["psu", "PSU"], plain: true, scale: 0.001, dimensions: none },
];

const prefixes: readonly (readonly [symbol: string, name: string, factor: number])[] = [
  ["Y", "yotta", 1e24],
  ["Z", "zetta", 1e21],
  ["E", "exa", 1e18],
  ["P", "peta", 1e15],
  ["T", "tera", 1e12],
  ["G", "giga", 1e9],
  ["M", "mega", 1e6],
  ["k", "kilo", 1e3],
  ["h", "hecto", 1e2],
  ["da", "deka", 1e1],
  ["d", "deci", 1e-1],
  ["c", "centi", 1e-2],
  ["m", "milli", 1e-3],
  ["u", "micro", 1e-6],
  ["µ", "micro", 1e-6],
  ["μ", "micro", 1e-6],
  ["n", "nano", 1e-9],
  ["p", "pico", 1e-12],
  ["f", "femto", 1e-15],
  ["a", "atto", 1e-18],
];

const bySymbol: ReadonlyMap<string, Row> = new Map(
  rows.flatMap((row) => (row.symbols ?? []).map((symbol) => [symbol, row] as const)),
);

const byName: ReadonlyMap<string, Row> = new Map(
  rows.flatMap((row) =>
    (row.names ?? []).flatMap((name) => [[name, row] as const, [`${name}s`, row] as const]),
  ),
);

/**
 * The unit of one spelling, prefixes included.
 * @param text a symbol (case counts) or a name (case does not count), without exponent
 * @returns undefined if it is not in the table
 * @source UDUNITS-2 unit database, version 2.2.28: those of its units that climate files use
 */
export function lookUpUnit(text: string): Unit | undefined {
  const plain = bySymbol.get(text) ?? byName.get(text.toLowerCase());
  return plain === undefined ? prefixedUnit(text) : unitOf(plain, 1);
}

function prefixedUnit(text: string): Unit | undefined {
  const lower = text.toLowerCase();
  for (const [symbol, name, factor] of prefixes) {
    const row =
      (text.startsWith(symbol) ? bySymbol.get(text.slice(symbol.length)) : undefined) ??
      (lower.startsWith(name) ? byName.get(lower.slice(name.length)) : undefined);
    if (row !== undefined && row.plain === undefined) return unitOf(row, factor);
  }
  return undefined;
}

function unitOf({ scale = 1, offset = 0, dimensions }: Row, factor: number): Unit {
  // 1000 × 0.001 is exact where k and g meet; other products round once, as a table of their own would.
  return { scale: scale * factor, offset, dimensions };
}
