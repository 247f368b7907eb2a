import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import fc from "fast-check";
import { AlmanacError } from "../errors.ts";
import { type CalendarName, hasDate } from "./calendar.ts";
import { decodeOn, decodeTime, encodeOn, encodeTime, timeScale } from "./cf-time.ts";
import { formatDateTime, packDateTime, parseDateTime } from "./date-time.ts";

interface Vectors {
  readonly vectors: readonly (readonly [value: number, units: string, calendar: string, dateTime: string])[];
}

const file = new URL("../../../test/golden/cf-time-vectors.json", import.meta.url);
const { vectors } = JSON.parse(readFileSync(file, "utf8")) as Vectors;
const calendars = [
  "standard",
  "proleptic_gregorian",
  "julian",
  "noleap",
  "all_leap",
  "360_day",
] as const satisfies readonly CalendarName[];

test("time values decode as cftime decodes them", () => {
  assert.ok(vectors.length > 400);
  for (const [value, units, calendar, expected] of vectors)
    assert.equal(
      formatDateTime(decodeTime(value, units, calendar)),
      expected,
      `${value} ${units} ${calendar}`,
    );
});

test("the mixed calendar goes from 4 to 15 October 1582", () => {
  const decoded = [0, 1].map((day) => formatDateTime(decodeTime(day, "days since 1582-10-04", "gregorian")));
  assert.deepEqual(decoded, ["1582-10-04 00:00:00", "1582-10-15 00:00:00"]);
});

test("values are rounded to the second, and over midnight", () => {
  assert.equal(
    formatDateTime(decodeTime(0.999999, "days since 1850-12-31", "noleap")),
    "1851-01-01 00:00:00",
  );
  assert.equal(formatDateTime(decodeTime(1 / 3, "days since 1850-01-01", "noleap")), "1850-01-01 08:00:00");
  assert.equal(
    formatDateTime(decodeTime(0, "seconds since 1850-01-01 0:0:1.5", "noleap")),
    "1850-01-01 00:00:02",
  );
});

test("spellings of units and reference are understood", () => {
  for (const units of [
    "days since 1850-01-02",
    "day since 1850-1-2 00:00:00.0",
    "d since 1850-01-02T00:00:00Z",
    "  Days  Since 1850-01-02 00:00:00 UTC ",
    "hours since 1850-01-02 00",
    "hrs since 1850-01-02 00:00 +00:00",
    "minutes since 1850-01-02 01:30:00 +01:30",
    "sec since 1850-01-01 19:00:00 -5",
    "days since 1850-01-02-00-00-00",
    "days since 1850-01-02 (noleap)",
  ])
    assert.equal(formatDateTime(decodeTime(0, units, "365_day")), "1850-01-02 00:00:00", units);
});

test("what is not understood is CALENDAR_INVALID and quoted", () => {
  const bad = [
    ["months since 1850-01-01", "noleap"],
    ["days after 1850-01-01", "noleap"],
    ["day as %Y%m%d.%f", "noleap"],
    ["", "noleap"],
    ["days since 1850-13-01", "noleap"],
    ["days since 1850-02-29", "noleap"],
    ["days since 1582-10-10", "standard"],
    ["days since 0000-01-01", "standard"],
    ["days since 1850-01-01", "martian"],
  ] as const;
  for (const [units, calendar] of bad)
    assert.throws(
      () => timeScale(units, calendar),
      (error) =>
        error instanceof AlmanacError &&
        error.code === "CALENDAR_INVALID" &&
        error.message.includes(calendar === "martian" ? "martian" : `"${units}"`),
      units,
    );
});

test("values outside the calendar's years are refused", () => {
  for (const value of [1e20, -1e20, Number.NaN, Number.POSITIVE_INFINITY, 3.7e6])
    assert.throws(
      () => decodeTime(value, "days since 1850-01-01", "noleap"),
      (error) => error instanceof AlmanacError && error.code === "CALENDAR_INVALID",
    );
  assert.equal(formatDateTime(decodeTime(-1, "days since 0001-01-01", "noleap")), "0000-12-31 00:00:00");
  assert.throws(() => decodeTime(-1, "days since 0001-01-01", "julian"), AlmanacError);
});

const anyCalendar = fc.constantFrom(...calendars);
const anyUnits = fc.constantFrom(
  "days since 1850-01-01",
  "hours since 0001-01-01 06:00:00",
  "minutes since 9999-12-30",
  "seconds since 1582-10-15 12:00:00",
);
const anySeconds = fc.integer({ min: 0, max: 310_000_000_000 });

test("decoding what was encoded gives the same moment", () => {
  fc.assert(
    fc.property(anyCalendar, anyUnits, anySeconds, (calendar, units, seconds) => {
      const moment = decodeTime(seconds, "seconds since 0001-01-01", calendar);
      assert.ok(hasDate(calendar, moment));
      assert.deepEqual(decodeTime(encodeTime(moment, units, calendar), units, calendar), moment);
      assert.deepEqual(parseDateTime(formatDateTime(moment)), moment);
    }),
    { numRuns: 1000 },
  );
});

test("decoding keeps the order of values", () => {
  fc.assert(
    fc.property(anyCalendar, anySeconds, anySeconds, (calendar, a, b) => {
      const scale = timeScale("seconds since 0001-01-01", calendar);
      const [packedA, packedB] = [packDateTime(decodeOn(scale, a)), packDateTime(decodeOn(scale, b))];
      assert.equal(Math.sign(packedA - packedB), Math.sign(a - b));
    }),
    { numRuns: 1000 },
  );
});

test("a day that the calendar lacks cannot be encoded", () => {
  const scale = timeScale("days since 1850-01-01", "noleap");
  const leapDay = { year: 1852, month: 2, day: 29, hour: 0, minute: 0, second: 0 };
  assert.throws(
    () => encodeOn(scale, leapDay),
    (error) => error instanceof AlmanacError && error.message.includes("1852-02-29"),
  );
  assert.equal(encodeTime({ ...leapDay, day: 30 }, "days since 1852-02-01", "360_day"), 29);
});
