import { globSync } from "node:fs";
import { join } from "node:path";
import {
  annualMeans,
  latitudeWeights,
  lineFigure,
  openMonthlyChain,
  readGrid,
  textAttribute,
  weightedMeans,
} from "almanac/science";
import { pipeline } from "almanac/steps";

interface Config {
  /** Folder with CMIP6 files. */
  readonly archive: string;
  /** Start of the file names of one dataset. */
  readonly dataset: string;
  readonly variable: string;
  /** First and last year of the reference period. */
  readonly baseline: readonly [number, number];
  readonly figure: { readonly title: string };
}

/** The files of the dataset, in order of time. */
function filesOf({ archive, dataset }: Config): readonly string[] {
  return globSync(`**/${dataset}_*.nc`, { cwd: archive })
    .sort()
    .map((name) => join(archive, name));
}

/** Annual global means and their units, weighted by the cosine of latitude; read piece by piece. */
async function annualGlobalMeans(paths: readonly string[], { archive, dataset, variable }: Config) {
  if (paths.length === 0) throw new Error(`there is no file ${dataset}_*.nc below ${archive}`);
  const chain = await openMonthlyChain(paths, variable);
  try {
    const weights = latitudeWeights(readGrid(chain.first, chain.variable));
    const monthly = new Float64Array(chain.months.length);
    for (const { first, values } of chain.chunks()) monthly.set(weightedMeans(values, weights), first);
    return { ...annualMeans(monthly, chain), units: textAttribute(chain.variable.attributes, "units") ?? "" };
  } finally {
    chain.close();
  }
}

/** Of the synthetic archive that `almanac/testing` writes. */
const defaults: Config = {
  archive: "archive",
  dataset: "tas_Amon_SYNTH-A_historical_r1i1p1f1_gn",
  variable: "tas",
  baseline: [1990, 1999],
  figure: { title: "Global mean temperature" },
};

/** Anomalies of a CMIP6 variable from its mean over a reference period. */
export default pipeline("anomalies", { config: defaults })
  .step("global_mean", {
    produces: "global_mean",
    // Their content counts: a file that is only touched changes nothing.
    files: filesOf,
    run: ({ config }) => annualGlobalMeans(filesOf(config), config),
  })
  .step("anomaly", {
    produces: "anomaly",
    requires: ["global_mean"],
    run: ({ config: { baseline }, global_mean: { years, values, units } }) => {
      const [from, to] = baseline;
      const reference = values.filter((_, at) => (years[at] ?? 0) >= from && (years[at] ?? 0) <= to);
      if (reference.length === 0) throw new Error(`no year from ${from} to ${to} is in the files`);
      const mean = reference.reduce((sum, value) => sum + value, 0) / reference.length;
      return { years, values: values.map((value) => value - mean), units };
    },
  })
  .step("plot", {
    produces: "figure",
    requires: ["anomaly"],
    run: ({ config: { figure, baseline }, anomaly: { years, values, units } }) =>
      lineFigure({
        title: figure.title,
        subtitle: `anomaly from the mean of ${baseline.join(" to ")}`,
        x: { name: "year", units: "", isYear: true },
        y: { name: "anomaly", units },
        lines: [{ label: "annual mean", x: years, y: values }],
      }),
  });
