import assert from "node:assert/strict";
import { test } from "node:test";
import {
  annualFieldMeans,
  annualMeans,
  type MonthAxis,
  monthLengths,
  monthlyClimatology,
  timeMean,
} from "./monthly.ts";

function axisOf(
  calendar: MonthAxis["calendar"],
  first: { readonly year: number; readonly month: number },
  n: number,
): MonthAxis {
  const start = first.year * 12 + first.month - 1;
  const months = Array.from({ length: n }, (_, at) => ({
    year: Math.floor((start + at) / 12),
    month: ((start + at) % 12) + 1,
  }));
  return { calendar, months };
}

const days = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

test("months are as long as the file's own calendar has them", () => {
  const february = (calendar: MonthAxis["calendar"]) => [
    ...monthLengths(axisOf(calendar, { year: 2000, month: 2 }, 1)),
  ];
  assert.deepEqual(february("noleap"), [28]);
  assert.deepEqual(february("standard"), [29]);
  assert.deepEqual(february("all_leap"), [29]);
  assert.deepEqual(february("360_day"), [30]);
});

test("annual means weight months by their length", () => {
  const values = Float64Array.from({ length: 12 }, (_, month) => month);
  const expected = days.reduce((total, length, month) => total + length * month, 0) / 365;
  const annual = annualMeans(values, axisOf("noleap", { year: 1, month: 1 }, 12));
  assert.deepEqual(annual.years, [1]);
  assert.ok(Math.abs((annual.values[0] ?? 0) - expected) < 1e-12);
  const equal = annualMeans(values, axisOf("360_day", { year: 1, month: 1 }, 12));
  assert.ok(Math.abs((equal.values[0] ?? 0) - 5.5) < 1e-12);
});

test("years that lack a month are left out", () => {
  const axis = axisOf("standard", { year: 1999, month: 7 }, 30);
  assert.deepEqual(annualMeans(new Float64Array(30), axis).years, [2000, 2001].slice(0, 2));
  const months = axis.months.filter(({ year, month }) => !(year === 2000 && month === 6));
  assert.deepEqual(annualMeans(new Float64Array(29), { ...axis, months }).years, [2001]);
});

test("a missing month makes its year missing", () => {
  const values = new Float64Array(24).fill(5);
  values[3] = Number.NaN;
  assert.deepEqual(
    [...annualMeans(values, axisOf("noleap", { year: 1, month: 1 }, 24)).values],
    [Number.NaN, 5],
  );
});

test("fields in runs give what one run gives, whatever the order", () => {
  const axis = axisOf("standard", { year: 2000, month: 1 }, 24);
  const values = Float64Array.from({ length: 48 }, (_, at) => Math.sin(at));
  const whole = annualFieldMeans([{ first: 0, values }], { axis, nCell: 2 });
  const runs = [
    { first: 7, values: values.subarray(14) },
    { first: 0, values: values.subarray(0, 14) },
  ];
  const pieces = annualFieldMeans(runs, { axis, nCell: 2 });
  for (const [at, value] of whole.values.entries())
    assert.ok(Math.abs(value - (pieces.values[at] ?? 0)) < 1e-12);
});

test("the mean year averages equal months and leaves missing ones out", () => {
  const axis = axisOf("noleap", { year: 1, month: 12 }, 14);
  const values = Float64Array.from({ length: 14 }, (_, at) => at);
  values[13] = Number.NaN;
  const cycle = monthlyClimatology(values, axis);
  assert.equal(cycle.means[11], 6);
  assert.equal(cycle.means[0], 1);
  assert.deepEqual([cycle.counts[11], cycle.counts[0]], [2, 1]);
});

test("the mean over time weights months by length and leaves missing ones out", () => {
  const axis = axisOf("noleap", { year: 1, month: 1 }, 3);
  assert.ok(Math.abs(timeMean(Float64Array.of(0, 59, Number.NaN), axis) - 28) < 1e-12);
});
