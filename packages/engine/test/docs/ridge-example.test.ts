import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { fitRidge, predict, type Sample } from "../../../../docs/examples/step-response/ridge.ts";

const number = fc.double({ min: -10, max: 10, noNaN: true });
const slopes = fc.array(number, { minLength: 1, maxLength: 4 });

/** Samples of a plane, with predictors that differ and do not depend on each other. */
function planeOf(coefficients: readonly number[], intercept: number): readonly Sample[] {
  const axes = [
    coefficients.map(() => 0),
    ...coefficients.map((_, at) => coefficients.map((__, of) => Number(at === of))),
  ];
  return [...axes, ...axes.map((x) => x.map((value, at) => 2 * value + at))].map((x) => ({
    x,
    y: intercept + x.reduce((sum, value, at) => sum + value * (coefficients[at] ?? 0), 0),
  }));
}

function cost(
  samples: readonly Sample[],
  { model, penalty }: { readonly model: ReturnType<typeof fitRidge>; readonly penalty: number },
): number {
  const errors = samples.reduce((sum, { x, y }) => sum + (predict(model, x) - y) ** 2, 0);
  return errors + penalty * samples.length * model.slopes.reduce((sum, slope) => sum + slope ** 2, 0);
}

test("without a penalty a plane is found exactly", () => {
  fc.assert(
    fc.property(slopes, number, (coefficients, intercept) => {
      const samples = planeOf(coefficients, intercept);
      const model = fitRidge(samples, { predictors: coefficients.map(String), penalty: 0 });
      for (const { x, y } of samples) assert.ok(Math.abs(predict(model, x) - y) < 1e-6);
    }),
  );
});

test("no other slopes cost less, whatever the penalty", () => {
  fc.assert(
    fc.property(
      fc.array(fc.tuple(number, number, number), { minLength: 4, maxLength: 12 }),
      fc.constantFrom(0.001, 0.1, 3),
      (rows, penalty) => {
        const samples = rows.map(([a, b, y], at) => ({ x: [a + at, b - at * at], y }));
        const model = fitRidge(samples, { predictors: ["a", "b"], penalty });
        const least = cost(samples, { model, penalty });
        for (const at of [0, 1])
          for (const step of [-0.01, 0.01]) {
            const moved = model.slopes.map((slope, of) => (of === at ? slope + step : slope));
            const other = { ...model, slopes: moved };
            assert.ok(cost(samples, { model: other, penalty }) > least - 1e-9 * (1 + least));
          }
      },
    ),
  );
});
