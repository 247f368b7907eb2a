import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { isAlmanacError } from "../errors.ts";
import { anomaliesFromControl, gregoryRegression, transientResponse } from "./climate-sensitivity.ts";
import type { AnnualSeries } from "./monthly.ts";

function series(first: number, values: readonly number[]): AnnualSeries {
  return { years: values.map((_, at) => first + at), values: Float64Array.from(values) };
}

test("forcing and feedback on a line give −F/(2λ)", () => {
  fc.assert(
    fc.property(
      fc.double({ min: 2, max: 12, noNaN: true }),
      fc.double({ min: -3, max: -0.3, noNaN: true }),
      (forcing, feedback) => {
        const temperature = Float64Array.from({ length: 30 }, (_, year) => 5 * (1 - Math.exp(-year / 9)));
        const result = gregoryRegression(
          temperature,
          temperature.map((value) => forcing + feedback * value),
        );
        assert.ok(Math.abs(result.ecs - -forcing / (2 * feedback)) < 1e-6);
      },
    ),
  );
});

test("anomalies are from the control's line over the same years, by the branch", () => {
  const control = series(101, [10, 11, 12, 13, 14, 99]);
  const experiment = series(1, [12, 15]);
  const result = anomaliesFromControl(experiment, { control, yearOffset: 102, maximumYears: 150 });
  assert.deepEqual(result.years, [1, 2]);
  // The control's years 103 and 104.
  assert.deepEqual(
    [...result.values].map((value) => Number(value.toFixed(9))),
    [0, 2],
  );
});

test("only so many years are used", () => {
  const control = series(
    1,
    Array.from({ length: 10 }, () => 0),
  );
  const result = anomaliesFromControl(series(1, [1, 2, 3, 4, 5]), {
    control,
    yearOffset: 0,
    maximumYears: 3,
  });
  assert.deepEqual(result.years, [1, 2, 3]);
});

test("a control that lacks years is named with what it has and what is needed", () => {
  const control = series(1, [0, 0, 0]);
  assert.throws(
    () => anomaliesFromControl(series(1, [1, 2, 3, 4]), { control, yearOffset: 1, maximumYears: 150 }),
    (error) => isAlmanacError(error, "DIAGNOSTIC_FAILED") && /1 to 3.*2 to 5.*2 lack/.test(error.message),
  );
});

test("the transient response is the mean of years 61 to 80", () => {
  const values = Array.from({ length: 90 }, (_, at) => (at >= 60 && at < 80 ? 2 : 100));
  assert.equal(transientResponse(series(1, values)), 2);
  assert.throws(
    () => transientResponse(series(1, values.slice(0, 79))),
    (error) => isAlmanacError(error, "DIAGNOSTIC_FAILED"),
  );
});

test("a hole in the years is no transient response", () => {
  const whole = series(
    1,
    Array.from({ length: 81 }, () => 1),
  );
  const years = whole.years.filter((year) => year !== 30);
  assert.throws(() => transientResponse({ years, values: whole.values.slice(1) }));
});
