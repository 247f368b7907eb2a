import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { metricBundleOf } from "./metric-build.ts";
import { type MetricBundle, metricBundleDocument, readMetricBundle } from "./metric-bundle.ts";
import { mergeBundles, prependDimensions, removeDimension, templateBundle } from "./metric-combine.ts";
import { scalarsOf } from "./metric-scalars.ts";
import type { Scalar } from "./value.ts";

function read(document: unknown): MetricBundle {
  const { value, problems } = readMetricBundle(document);
  assert.deepEqual(problems, []);
  assert.ok(value !== undefined);
  return value;
}

function reread(scalars: readonly Scalar[]): readonly Scalar[] {
  const text = JSON.stringify(metricBundleDocument(metricBundleOf(scalars)));
  return scalarsOf(read(JSON.parse(text))).map(({ value }) => value);
}

const two = {
  DIMENSIONS: {
    json_structure: ["model", "metric"],
    model: { A: {}, B: {} },
    metric: { rmse: { units: "K" }, score: {} },
  },
  RESULTS: {
    A: { rmse: 1.5, score: null, attributes: { resolution: "low" } },
    B: { rmse: -999, attributes: { units: "degC", resolution: "high" } },
  },
};

test("scalars come with their dimensions, their place, what stands beside them, and units", () => {
  assert.deepEqual(scalarsOf(read(two)), [
    {
      path: "$.RESULTS.A.rmse",
      value: {
        dimensions: { model: "A", metric: "rmse" },
        kind: "model",
        value: 1.5,
        units: "K",
        attributes: { resolution: "low" },
      },
    },
    {
      path: "$.RESULTS.A.score",
      value: {
        dimensions: { model: "A", metric: "score" },
        kind: "model",
        value: null,
        attributes: { resolution: "low" },
      },
    },
    {
      path: "$.RESULTS.B.rmse",
      value: {
        dimensions: { model: "B", metric: "rmse" },
        kind: "model",
        value: -999,
        units: "degC",
        attributes: { resolution: "high" },
      },
    },
  ]);
});

test("the dimension kind is lifted out", () => {
  const bundle = prependDimensions(read(two), { kind: "reference" });
  assert.deepEqual(
    new Set(scalarsOf(bundle).map(({ value }) => `${value.kind} ${Object.keys(value.dimensions)}`)),
    new Set(["reference model,metric"]),
  );
});

test("undeclared keys of the last level are dropped with a warning, of inner levels they are an error", () => {
  const last = readMetricBundle({ ...two, RESULTS: { A: { monthly: ["1"] }, B: {} } });
  assert.deepEqual(
    last.warnings.map(({ path }) => path),
    ["$.RESULTS.A.monthly"],
  );
  assert.deepEqual(last.value?.results, { A: {}, B: {} });
  const inner = readMetricBundle({ ...two, RESULTS: { A: {}, C: {} } });
  assert.deepEqual(
    inner.problems.map(({ path, message }) => `${path} ${message}`),
    ['$.RESULTS the declared value "B" is missing', '$.RESULTS.C "C" is not a declared value'],
  );
});

test("all problems are reported at once, each with its place", () => {
  const { problems, value } = readMetricBundle({
    ...two,
    RESULTS: {
      A: { rmse: "1.5", score: Number.POSITIVE_INFINITY, attributes: 3 },
      B: 7,
    },
  });
  assert.equal(value, undefined);
  assert.deepEqual(
    problems.map(({ path }) => path),
    ["$.RESULTS.A.attributes", "$.RESULTS.A.rmse", "$.RESULTS.A.score", "$.RESULTS.B"],
  );
});

test("json_structure names exactly the other keys of DIMENSIONS", () => {
  const wrong = (structure: unknown) =>
    readMetricBundle({ ...two, DIMENSIONS: { ...two.DIMENSIONS, json_structure: structure } }).problems.map(
      ({ message }) => message,
    );
  assert.deepEqual(wrong(["model"]), ['"metric" is not in json_structure']);
  assert.deepEqual(wrong(["model", "metric", "season"]), ['"season" has no declared values']);
  assert.deepEqual(wrong(["model", "metric", "model"]), ['json_structure names "model" twice']);
  assert.equal(wrong("model").length > 0, true);
  assert.equal(readMetricBundle([]).problems.length, 1);
  assert.equal(readMetricBundle({}).problems.length, 2);
});

const dimensionValue = fc
  .oneof(fc.string({ minLength: 1 }), fc.constantFrom("2", "-1", "__proto__", "constructor", "a b"))
  .filter((value) => value !== "attributes" && value !== "");
const number = fc.oneof(
  fc.constant(null),
  fc.double({ noNaN: true, noDefaultInfinity: true }).map((value) => value + 0),
);
const attributes = fc.dictionary(
  fc.constantFrom("note", "source", "n"),
  fc.oneof(fc.string(), fc.integer(), fc.constant(null), fc.constant({ deep: [1] })),
  { noNullPrototype: true },
);
const scalars = fc.uniqueArray(
  fc.record({
    dimensions: fc.record({ source_id: dimensionValue, region: dimensionValue, metric: dimensionValue }),
    kind: fc.constantFrom("model" as const, "reference" as const),
    value: number,
    units: fc.option(fc.constantFrom("K", "1", "W m-2"), { nil: undefined }),
    attributes,
  }),
  { selector: ({ dimensions, kind }) => JSON.stringify([dimensions, kind]), maxLength: 12 },
);

test("scalars survive a bundle exactly, units and attributes too", () => {
  const order = (all: readonly Scalar[]) =>
    all
      .map((each) => ({ ...each, dimensions: Object.entries(each.dimensions) }))
      .sort((a, b) =>
        JSON.stringify([a.dimensions, a.kind]) < JSON.stringify([b.dimensions, b.kind]) ? -1 : 1,
      );
  fc.assert(
    fc.property(scalars, (given) => {
      const expected = given.map(
        ({ units, ...rest }): Scalar => (units === undefined ? rest : { ...rest, units }),
      );
      assert.deepEqual(order(reread(expected)), order(expected));
    }),
  );
});

function scalar(dimensions: Readonly<Record<string, string>>, value: number | null = 1): Scalar {
  return { dimensions, kind: "model", value, attributes: {} };
}

test("what would make no valid bundle is refused", () => {
  const refused = (...given: readonly Scalar[]) =>
    assert.throws(() => metricBundleOf(given), { code: "BUNDLE_INVALID" });
  refused(scalar({ a: "1" }), scalar({ b: "1" }));
  refused(scalar({ a: "1" }), scalar({ a: "1", b: "1" }));
  refused(scalar({ a: "1" }), scalar({ a: "1" }));
  refused(scalar({}));
  refused(scalar({ a: "attributes" }));
  refused(scalar({ a: "" }));
  refused(scalar({ a: "1" }, Number.NaN));
});

test("a dimension prepended can be removed again, from any level", () => {
  const bundle = read(two);
  const framed = prependDimensions(bundle, { mip_id: "CMIP6" });
  assert.deepEqual(removeDimension(framed, "mip_id"), bundle);
  const flat = metricBundleOf([
    { ...scalar({ a: "x", metric: "ecs" }, 3), units: "K", attributes: { note: "n" } },
    { ...scalar({ a: "y", metric: "ecs" }, 4), units: "K" },
  ]);
  const removed = removeDimension(flat, "metric");
  assert.deepEqual(
    scalarsOf(read(metricBundleDocument(removed))).map(({ value }) => value),
    [
      { ...scalar({ a: "x" }, 3), units: "K", attributes: { note: "n" } },
      { ...scalar({ a: "y" }, 4), units: "K" },
    ],
  );
  assert.throws(() => removeDimension(flat, "a"), { code: "BUNDLE_INVALID" });
  assert.throws(() => removeDimension(removed, "a"), { code: "BUNDLE_INVALID" });
});

test("two bundles merge into one valid bundle; contradictions are refused", () => {
  const one = metricBundleOf([scalar({ a: "x", b: "1" }, 1)]);
  const other = metricBundleOf([scalar({ a: "y", b: "2" }, 2)]);
  const merged = read(metricBundleDocument(mergeBundles(one, other)));
  assert.deepEqual(
    scalarsOf(merged).map(({ value }) => value),
    [scalar({ a: "x", b: "1" }, 1), scalar({ a: "y", b: "2" }, 2)],
  );
  assert.deepEqual(mergeBundles(one, one), one);
  const contrary = metricBundleOf([scalar({ a: "x", b: "1" }, 9)]);
  assert.throws(() => mergeBundles(one, contrary), { code: "BUNDLE_INVALID", message: /x \/ 1/ });
  assert.throws(() => mergeBundles(one, metricBundleOf([scalar({ a: "x" })])), { code: "BUNDLE_INVALID" });
});

test("a template is a valid bundle without results", () => {
  const template = templateBundle({ model: ["A", "B"], region: ["global"], metric: ["ecs"] });
  assert.deepEqual(scalarsOf(read(metricBundleDocument(template))), []);
  assert.deepEqual(template.results, { A: { global: {} }, B: { global: {} } });
});
