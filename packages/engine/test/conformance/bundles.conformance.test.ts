import assert from "node:assert/strict";
import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { compareCodeUnits } from "../../src/core/identity/compare.ts";
import { checkVocabulary } from "../../src/core/results/check-vocabulary.ts";
import { defaultVocabulary } from "../../src/core/results/default-vocabulary.ts";
import { metricBundleOf } from "../../src/core/results/metric-build.ts";
import { scalarsOf } from "../../src/core/results/metric-scalars.ts";
import type { Reading } from "../../src/core/results/problem.ts";
import {
  parseMetricBundle,
  parseOutputBundle,
  parseSeriesFile,
  writeMetricBundle,
  writeOutputBundle,
  writeSeriesFile,
} from "../../src/documents/bundles.ts";
import { parseVocabulary } from "../../src/documents/vocabulary.ts";
import { conformanceFolder, skipWithoutCases } from "./shared-folder.ts";

const bundles = join(conformanceFolder, "bundles");

function files(name: string): readonly string[] {
  return globSync(`*/*/*/${name}`, { cwd: bundles }).sort();
}

function text(file: string): string {
  return readFileSync(join(bundles, file), "utf8");
}

function valueOf<T>({ value, problems }: Reading<T>, file: string): T {
  assert.deepEqual(problems, [], file);
  assert.ok(value !== undefined);
  return value;
}

/** JSON.stringify writes −0 as 0; one real file has it. */
function withoutMinusZero(_name: string, value: unknown): unknown {
  return value === 0 ? 0 : value;
}

test("46 real metric bundles are read, flattened and written back with every number", {
  skip: skipWithoutCases,
}, () => {
  const found = files("diagnostic.json");
  assert.equal(found.length, 46);
  let count = 0;
  for (const file of found) {
    const bundle = valueOf(parseMetricBundle(text(file)), file);
    assert.deepEqual(JSON.parse(writeMetricBundle(bundle)), JSON.parse(text(file), withoutMinusZero), file);
    const scalars = scalarsOf(bundle).map(({ value }) => value);
    count += scalars.length;
    const own = writeMetricBundle(metricBundleOf(scalars));
    const again = scalarsOf(valueOf(parseMetricBundle(own), file)).map(({ value }) => value);
    const order = (all: typeof scalars) =>
      new Set(
        all.map((each) =>
          JSON.stringify([Object.entries(each.dimensions).sort(([a], [b]) => compareCodeUnits(a, b)), each]),
        ),
      );
    assert.equal(again.length, scalars.length, file);
    if (!scalars.some(({ kind }) => kind === "reference"))
      assert.deepEqual(order(again), order(scalars), file);
  }
  assert.ok(count > 1000, `${count} scalars`);
});

test("46 real output bundles and series files are read and written back", { skip: skipWithoutCases }, () => {
  for (const file of files("output.json")) {
    const bundle = valueOf(parseOutputBundle(text(file)), file);
    assert.deepEqual(valueOf(parseOutputBundle(writeOutputBundle(bundle)), file), bundle, file);
  }
  for (const file of files("series.json")) {
    const series = valueOf(parseSeriesFile(text(file)), file).map(({ value }) => value);
    const again = valueOf(parseSeriesFile(writeSeriesFile(series)), file).map(({ value }) => value);
    assert.deepEqual(again, series, file);
  }
});

test("the real results pass the vocabulary they were made with", { skip: skipWithoutCases }, () => {
  const theirs = parseVocabulary(text("cmip7-aft-vocabulary.yaml"), "cmip7-aft-vocabulary.yaml");
  const notRequired = { dimensions: theirs.dimensions.map((each) => ({ ...each, required: false })) };
  assert.deepEqual(
    theirs.dimensions.map(({ name }) => name),
    defaultVocabulary.dimensions.map(({ name }) => name),
  );
  const refused: Record<string, readonly string[]> = {};
  for (const vocabulary of [notRequired, defaultVocabulary])
    for (const file of files("diagnostic.json")) {
      const scalars = scalarsOf(valueOf(parseMetricBundle(text(file)), file));
      const series = valueOf(parseSeriesFile(text(file.replace("diagnostic.json", "series.json"))), file);
      const problems = checkVocabulary(vocabulary, { scalars, series });
      if (problems.length > 0) refused[file] = problems.map(({ message }) => message);
    }
  assert.deepEqual(refused, {});
});

test("CMEC files of other tools are read", { skip: skipWithoutCases }, () => {
  const sample = valueOf(parseMetricBundle(text("cmec/cmec_metric_sample.json")), "sample");
  assert.ok(scalarsOf(sample).some(({ value }) => value.value === -999));
  const pmp = parseMetricBundle(text("cmec/pr_v3-LR_0101_1x1_esmf_metrics_default_v20241023_cmec.json"));
  assert.ok(scalarsOf(valueOf(pmp, "pmp")).length > 100);
  assert.ok(pmp.warnings.every(({ message }) => message.includes("CalendarMonths")));
  const output = valueOf(parseOutputBundle(text("cmec/cmec_output_sample.json")), "output sample");
  assert.equal(output.files.length, 6);
  parseVocabulary(text("cmec/cv_sample.yaml"), "cv_sample.yaml");
});
