import assert from "node:assert/strict";
import { test } from "node:test";
import { isAlmanacError } from "../core/errors.ts";
import { requireScalar, requireSeries } from "./checked-values.ts";

const dimensions = { metric: "ecs" };
const refused = (pattern: RegExp) => (error: unknown) =>
  isAlmanacError(error, "BUNDLE_INVALID") && pattern.test(error.message);

test("a scalar is a finite number or null; kind and attributes have defaults", () => {
  assert.deepEqual(requireScalar({ dimensions, value: 3.5 }), {
    dimensions,
    value: 3.5,
    kind: "model",
    attributes: {},
  });
  assert.equal(requireScalar({ dimensions, value: null, kind: "reference" }).kind, "reference");
  for (const value of [Number.NaN, Number.POSITIVE_INFINITY, "3" as unknown as number])
    assert.throws(() => requireScalar({ dimensions, value }), refused(/metric=ecs/));
});

test("a series has as many values as index values, finite and unique", () => {
  const good = { dimensions, values: [1, null], index: ["1850", "1851"], indexName: "year" };
  assert.equal(requireSeries(good).kind, "model");
  assert.throws(() => requireSeries({ ...good, values: [1] }), refused(/1 values and 2 index/));
  assert.throws(() => requireSeries({ ...good, values: [1, Number.NaN] }), refused(/NaN at position 1/));
  assert.throws(() => requireSeries({ ...good, index: [1, Number.NaN] }), refused(/index value NaN/));
  assert.throws(() => requireSeries({ ...good, index: [1, 1] }), refused(/twice/));
});
