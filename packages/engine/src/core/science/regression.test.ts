import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { isAlmanacError } from "../errors.ts";
import { fitLine, fitLineOrNothing, lineAt } from "./regression.ts";

const number = fc.double({ min: -1000, max: 1000, noNaN: true });

test("points on a line give the line back", () => {
  fc.assert(
    fc.property(number, number, fc.integer({ min: 3, max: 50 }), (slope, intercept, n) => {
      const x = Array.from({ length: n }, (_, at) => at - 7);
      const line = fitLine(
        x,
        x.map((value) => intercept + slope * value),
      );
      assert.ok(Math.abs(line.slope - slope) < 1e-8 && Math.abs(line.intercept - intercept) < 1e-8);
    }),
  );
});

test("residuals have no mean and no correlation with x", () => {
  fc.assert(
    fc.property(
      fc.array(fc.tuple(fc.integer({ min: -50, max: 50 }), number), { minLength: 3, maxLength: 30 }),
      (points) => {
        const x = points.map(([value]) => value);
        const y = points.map(([, value]) => value);
        const line = fitLineOrNothing(x, y);
        if (line === undefined) return;
        const residuals = y.map((value, at) => value - lineAt(line, x[at] ?? 0));
        const sum = residuals.reduce((total, value) => total + value, 0);
        const product = residuals.reduce((total, value, at) => total + value * (x[at] ?? 0), 0);
        assert.ok(Math.abs(sum) < 1e-6 && Math.abs(product) < 1e-4);
      },
    ),
  );
});

test("known example: slope, standard error and explained share", () => {
  // Worked by hand: x̄ = 2.5, ȳ = 2.75, Sxx = 5, Sxy = 4.5, Syy = 4.75.
  const line = fitLine([1, 2, 3, 4], [1, 3, 3, 4]);
  assert.ok(Math.abs(line.slope - 0.9) < 1e-12);
  assert.ok(Math.abs(line.intercept - 0.5) < 1e-12);
  assert.ok(Math.abs(line.slopeError - Math.sqrt(0.7 / 2 / 5)) < 1e-12);
  assert.ok(Math.abs(line.rSquared - (1 - 0.7 / 4.75)) < 1e-12);
});

test("missing points are left out", () => {
  assert.equal(fitLine([0, 1, 2, 3], [0, Number.NaN, 2, 3]).n, 3);
});

test("no line through fewer than two different x", () => {
  assert.equal(fitLineOrNothing([1, 1], [0, 5]), undefined);
  assert.throws(
    () => fitLine([1], [1]),
    (error) => isAlmanacError(error, "DIAGNOSTIC_FAILED"),
  );
});
