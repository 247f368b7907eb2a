import { executionBundleNames } from "../core/results/bundle-names.ts";
import { type MetricBundle, metricBundleDocument, readMetricBundle } from "../core/results/metric-bundle.ts";
import { type OutputBundle, outputBundleDocument, readOutputBundle } from "../core/results/output-bundle.ts";
import type { Located, Reading } from "../core/results/problem.ts";
import { readSeriesFile, seriesDocument } from "../core/results/series-file.ts";
import type { Series } from "../core/results/value.ts";

/** Reads the text of a metric bundle; what is wrong with it, broken JSON too, are problems and not exceptions. */
export function parseMetricBundle(text: string, file?: string): Reading<MetricBundle> {
  return parseWith(text, { read: readMetricBundle, file: file ?? executionBundleNames.metric });
}

/** Reads the text of an output bundle, as `parseMetricBundle` does. */
export function parseOutputBundle(text: string, file?: string): Reading<OutputBundle> {
  return parseWith(text, { read: readOutputBundle, file: file ?? executionBundleNames.output });
}

/** Reads the text of a series file, as `parseMetricBundle` does. */
export function parseSeriesFile(text: string, file?: string): Reading<readonly Located<Series>[]> {
  return parseWith(text, { read: readSeriesFile, file: file ?? executionBundleNames.series });
}

/** Text of a metric bundle; every number reads back as the same one. */
export function writeMetricBundle(bundle: MetricBundle): string {
  return `${JSON.stringify(metricBundleDocument(bundle))}\n`;
}

/** Text of an output bundle. */
export function writeOutputBundle(bundle: OutputBundle): string {
  return `${JSON.stringify(outputBundleDocument(bundle))}\n`;
}

/** Text of a series file; every number reads back as the same one. */
export function writeSeriesFile(series: readonly Series[]): string {
  return `${JSON.stringify(seriesDocument(series))}\n`;
}

function parseWith<T>(
  text: string,
  { read, file }: { readonly read: (document: unknown, file: string) => Reading<T>; readonly file: string },
): Reading<T> {
  try {
    return read(JSON.parse(text), file);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    const hint = /\b(NaN|-?Infinity)\b/.test(text)
      ? "; NaN and Infinity are no JSON, null means missing"
      : "";
    return { problems: [{ file, path: "$", message: `no JSON: ${error.message}${hint}` }], warnings: [] };
  }
}
