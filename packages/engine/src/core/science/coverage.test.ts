import assert from "node:assert/strict";
import { test } from "node:test";
import { coversGlobe, regularExtent, shareOfSphere } from "./coverage.ts";

const steps = (from: number, to: number, step: number) =>
  Array.from({ length: Math.round((to - from) / step) + 1 }, (_, at) => from + at * step);

test("a grid from pole to pole and once around covers the globe, also with rows on the poles", () => {
  const longitudes = steps(0, 350, 10);
  assert.deepEqual(regularExtent(steps(-85, 85, 10), longitudes), {
    south: -90,
    north: 90,
    west: -5,
    east: 355,
  });
  assert.equal(shareOfSphere(regularExtent(steps(-90, 90, 10), longitudes)), 1);
});

test("latitudes may run from north to south", () => {
  assert.ok(coversGlobe(regularExtent(steps(-85, 85, 10).reverse(), steps(0, 350, 10))));
});

test("a hemisphere or a few cells do not cover it", () => {
  assert.ok(!coversGlobe(regularExtent(steps(5, 85, 10), steps(0, 350, 10))));
  assert.ok(!coversGlobe(regularExtent([88.4, 89.3], [0, 0.9, 1.9])));
});
