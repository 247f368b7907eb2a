import { executionFiles, type Outcome } from "../core/execution/outcome.ts";
import { metricBundleOf } from "../core/results/metric-build.ts";
import type { NamedFile, OutputBundle, OutputSection } from "../core/results/output-bundle.ts";
import { writeMetricBundle, writeOutputBundle, writeSeriesFile } from "../documents/bundles.ts";
import type { ExecutionFolder } from "../ports/execution-folder.ts";
import type { Collected, NamedOutput } from "./execution-context.ts";

const sections = { plot: "plots", data: "data", html: "html" } as const satisfies Record<
  NamedOutput["kind"],
  OutputSection
>;

function namedFile(output: NamedOutput): NamedFile {
  const { kind, path, longName, description, dimensions } = output;
  return {
    section: sections[kind],
    shortName: path,
    filename: path,
    longName,
    description,
    dimensions,
    path: "",
  };
}

function outputBundleOf(outputs: readonly NamedOutput[]): OutputBundle {
  return {
    index: outputs.find(({ kind }) => kind === "html")?.path,
    provenance: { environment: {}, modeldata: [], obsdata: {}, log: executionFiles.log },
    files: outputs.map(namedFile),
    others: {},
  };
}

/**
 * Writes the bundles that a function's results make: those it has something for.
 * @throws BUNDLE_INVALID when the scalars do not make a metric bundle
 */
export function writeBundles(folder: ExecutionFolder, collected: Collected): Outcome["bundles"] {
  const { scalars, series, outputs } = collected;
  const texts = {
    ...(scalars.length === 0 ? {} : { metric: writeMetricBundle(metricBundleOf(scalars)) }),
    ...(outputs.length === 0 ? {} : { output: writeOutputBundle(outputBundleOf(outputs)) }),
    ...(series.length === 0 ? {} : { series: writeSeriesFile(series) }),
  };
  const kinds = Object.keys(texts) as (keyof typeof texts)[];
  for (const kind of kinds) folder.writeBundle(executionFiles[kind], texts[kind] ?? "");
  return Object.fromEntries(kinds.map((kind) => [kind, executionFiles[kind]]));
}

/** The bundles that a command line left, by their fixed names. */
export function bundlesLeft(folder: ExecutionFolder): Outcome["bundles"] {
  const { metric, output, series } = executionFiles;
  return {
    ...(folder.has(metric) ? { metric } : {}),
    ...(folder.has(output) ? { output } : {}),
    ...(folder.has(series) ? { series } : {}),
  };
}
