import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { isAlmanacError } from "../errors.ts";
import { cosLatitudeWeights, fractionWeights, weightedMean, weightedMeans } from "./area-mean.ts";

const field = fc
  .array(
    fc.tuple(
      fc.double({ min: -1e6, max: 1e6, noNaN: true }),
      fc.double({ min: 1e-3, max: 1e3, noNaN: true }),
    ),
    {
      minLength: 1,
      maxLength: 40,
    },
  )
  .map((cells) => ({ values: cells.map(([value]) => value), weights: cells.map(([, weight]) => weight) }));

test("the mean lies between the smallest and the largest value", () => {
  fc.assert(
    fc.property(field, ({ values, weights }) => {
      const mean = weightedMean(values, weights);
      assert.ok(mean >= Math.min(...values) - 1e-6 && mean <= Math.max(...values) + 1e-6);
    }),
  );
});

test("weights count by their proportions only", () => {
  fc.assert(
    fc.property(field, fc.integer({ min: 1, max: 1000 }), ({ values, weights }, factor) => {
      const scaled = weightedMean(
        values,
        weights.map((weight) => weight * factor),
      );
      assert.ok(Math.abs(scaled - weightedMean(values, weights)) <= 1e-6);
    }),
  );
});

test("a cell with a missing value or weight is left out of both sums", () => {
  assert.equal(weightedMean([1, Number.NaN, 3], [1, 5, 1]), 2);
  assert.equal(weightedMean([1, 2, 3], [1, Number.NaN, 1]), 2);
  assert.ok(Number.isNaN(weightedMean([Number.NaN], [1])));
  assert.ok(Number.isNaN(weightedMean([1, 2], [0, 0])));
});

test("each field of a stack is averaged by itself", () => {
  assert.deepEqual([...weightedMeans(Float64Array.of(1, 3, 10, Number.NaN), Float64Array.of(1, 1))], [2, 10]);
});

test("cosine weights follow the latitude and vanish at the poles", () => {
  const weights = cosLatitudeWeights([-90, 0, 60], 2);
  assert.equal(weights.length, 6);
  assert.ok(Math.abs(weights[0] ?? 1) < 1e-15);
  assert.equal(weights[2], 1);
  assert.ok(Math.abs((weights[5] ?? 0) - 0.5) < 1e-12);
});

test("a latitude beyond the poles is an error", () => {
  assert.throws(
    () => cosLatitudeWeights([1000], 1),
    (error) => isAlmanacError(error, "UNITS_INVALID"),
  );
});

test("a missing land fraction counts as none", () => {
  assert.deepEqual([...fractionWeights(Float64Array.of(4, 4), Float64Array.of(0.25, Number.NaN))], [1, 0]);
});
