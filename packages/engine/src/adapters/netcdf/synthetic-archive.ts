import { statSync, truncateSync } from "node:fs";
import {
  abruptYears,
  controlDrift,
  controlYears,
  exactSensitivity,
  exactTransientResponse,
  rampYears,
  type SyntheticClimate,
  seededRandom,
} from "./synthetic-climate.ts";
import {
  type SyntheticRun,
  type SyntheticSpan,
  writeSyntheticAreas,
  writeSyntheticMonths,
} from "./synthetic-file.ts";

/** One model of the synthetic archive with what its diagnostics must give. */
export interface SyntheticModel {
  readonly source: string;
  /** @units K */
  readonly ecs: number;
  /** @units K */
  readonly tcr: number;
  readonly climate: SyntheticClimate;
  /** False: its abrupt-4xCO2 run lacks `rlut`, so its sensitivity cannot be computed. */
  readonly hasLongwave: boolean;
  /** False: its cells are weighted by latitude. */
  readonly hasAreas: boolean;
}

/** A written archive. */
export interface SyntheticArchive {
  /** Folder that holds `CMIP6/`. */
  readonly root: string;
  readonly models: readonly SyntheticModel[];
  /** Every file in the order of writing, the truncated one included. */
  readonly files: readonly string[];
  /** Two files with common months of equal values. */
  readonly overlapping: readonly [string, string];
  /** A file cut in half. */
  readonly truncated: string;
}

/** How much to write. */
export interface SyntheticOptions {
  /** Models, 1 to 3; default 3. */
  readonly models?: number;
}

const spans = { control: 80, branch: 30, ramp: 80, historical: 25 } as const;
const controlStart = 101;

interface Blueprint extends Omit<SyntheticModel, "ecs" | "tcr"> {
  readonly calendar: string;
}

const blueprints: readonly Blueprint[] = [
  {
    source: "SYNTH-A",
    climate: { forcing: 7.4, feedback: -1.2, responseYears: 25 },
    calendar: "noleap",
    hasLongwave: true,
    hasAreas: true,
  },
  {
    source: "SYNTH-B",
    climate: { forcing: 7, feedback: -0.8, responseYears: 35 },
    calendar: "360_day",
    hasLongwave: true,
    hasAreas: false,
  },
  {
    source: "SYNTH-C",
    climate: { forcing: 8, feedback: -1.5, responseYears: 20 },
    calendar: "proleptic_gregorian",
    hasLongwave: false,
    hasAreas: true,
  },
];

/**
 * Writes a small CMIP6 archive of made-up models: the same bytes every time, about 4 MB in some 40 files. Each model has
 * historical, piControl, abrupt-4xCO2 and 1pctCO2; climate sensitivity and transient response are known. The last model lacks
 * a variable, one control comes in two overlapping files, and one file is truncated.
 * @param root folder to write into; created
 */
export async function writeSyntheticArchive(
  root: string,
  options: SyntheticOptions = {},
): Promise<SyntheticArchive> {
  const files: string[] = [];
  const chosen = blueprints.slice(0, options.models ?? blueprints.length);
  for (const [at, blueprint] of chosen.entries())
    files.push(...(await writeModel(root, { blueprint, random: seededRandom(20260101 + at) })));
  const [first] = chosen;
  const isControl = (file: string): boolean =>
    file.includes("tas_Amon") && file.includes("piControl") && file.includes(first?.source ?? "");
  const [one = "", other = ""] = files.filter(isControl);
  const truncated = await writeTruncated(root);
  return {
    root,
    models: chosen.map(({ calendar: _, ...model }) => ({
      ...model,
      ecs: exactSensitivity(model.climate),
      tcr: exactTransientResponse(model.climate),
    })),
    files: [...files, truncated],
    overlapping: [one, other],
    truncated,
  };
}

interface ModelToWrite {
  readonly blueprint: Blueprint;
  readonly random: () => number;
}

async function writeModel(root: string, { blueprint, random }: ModelToWrite): Promise<readonly string[]> {
  const { source, calendar, climate, hasLongwave, hasAreas } = blueprint;
  const files: string[] = [];
  const write = async (run: SyntheticRun, months: readonly SyntheticSpan[]): Promise<void> => {
    for (const span of months) files.push(await writeSyntheticMonths(root, { ...run, ...span }));
  };
  const branched = {
    source,
    calendar,
    firstYear: 1,
    parent: { experiment: "piControl", firstYear: controlStart },
  };
  const historical: SyntheticRun = { ...branched, experiment: "historical", firstYear: 1990 };
  const control: SyntheticRun = { source, calendar, experiment: "piControl", firstYear: controlStart };
  await write(historical, historicalSpans(random));
  await write(control, controlSpans(random));
  await write({ ...branched, experiment: "abrupt-4xCO2" }, abruptSpans(climate, { random, hasLongwave }));
  const ramp = rampYears(climate, { years: spans.ramp, random });
  await write({ ...branched, experiment: "1pctCO2" }, [{ variable: "tas", changes: drifting(ramp) }]);
  if (hasAreas) files.push(await writeSyntheticAreas(root, historical));
  return files;
}

/** A branched run goes on drifting as its control does. */
function drifting(changes: Float64Array): Float64Array {
  return changes.map((value, year) => value + controlDrift(year));
}

function historicalSpans(random: () => number): readonly SyntheticSpan[] {
  const warming = Float64Array.from(
    { length: spans.historical },
    (_, year) => 0.6 + 0.022 * year + 0.2 * (random() - 0.5),
  );
  return [
    { variable: "tas", changes: warming },
    { variable: "pr", changes: warming.map((value) => value * 6e-7) },
  ];
}

function controlSpans(random: () => number): readonly SyntheticSpan[] {
  const { temperature, radiation } = controlYears(
    { years: spans.control, branchYears: spans.branch },
    random,
  );
  const branch = radiation.subarray(0, spans.branch);
  return [
    { variable: "tas", changes: temperature, to: 50 },
    { variable: "tas", changes: temperature, from: 40 },
    { variable: "rsdt", changes: new Float64Array(spans.branch) },
    { variable: "rsut", changes: branch.map((value) => -0.4 * value) },
    { variable: "rlut", changes: branch.map((value) => -0.6 * value) },
  ];
}

function abruptSpans(
  climate: SyntheticClimate,
  { random, hasLongwave }: { readonly random: () => number; readonly hasLongwave: boolean },
): readonly SyntheticSpan[] {
  const { temperature, radiation } = abruptYears(climate, { years: spans.branch, random });
  // Two fifths of the imbalance by reflected sunlight, the rest by heat radiation: N = rsdt − rsut − rlut.
  const longwave: SyntheticSpan = { variable: "rlut", changes: radiation.map((value) => -0.6 * value) };
  return [
    { variable: "tas", changes: drifting(temperature) },
    { variable: "rsdt", changes: new Float64Array(spans.branch) },
    { variable: "rsut", changes: radiation.map((value) => -0.4 * value) },
    ...(hasLongwave ? [longwave] : []),
  ];
}

async function writeTruncated(root: string): Promise<string> {
  const file = await writeSyntheticMonths(root, {
    source: "SYNTH-A",
    calendar: "noleap",
    experiment: "historical",
    firstYear: 1990,
    variable: "ts",
    changes: new Float64Array(5),
  });
  truncateSync(file, Math.floor(statSync(file).size / 2));
  return file;
}
