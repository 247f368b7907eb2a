import assert from "node:assert/strict";
import { test } from "node:test";
import { canonicalCalendar, daysBetween, daysInMonth, hasDate, requireCalendar } from "./calendar.ts";
import { packDateTime, packDateTimeText, parseDateTime, unpackDateTime } from "./date-time.ts";
import { comparePartial } from "./partial-date-time.ts";

function moment(text: string): NonNullable<ReturnType<typeof parseDateTime>> {
  const parsed = parseDateTime(text);
  assert.ok(parsed !== undefined);
  return parsed;
}

test("spellings of a calendar have one meaning", () => {
  assert.equal(canonicalCalendar("365_day"), "noleap");
  assert.equal(canonicalCalendar("366_day"), "all_leap");
  assert.equal(canonicalCalendar("Gregorian"), "standard");
  assert.equal(canonicalCalendar("none"), undefined);
  assert.throws(() => requireCalendar("lunar"), /unknown calendar "lunar"/);
});

test("each calendar has its own days", () => {
  const leapDay = { year: 1900, month: 2, day: 29 };
  assert.deepEqual(
    (["standard", "proleptic_gregorian", "julian", "noleap", "all_leap", "360_day"] as const).map(
      (calendar) => hasDate(calendar, leapDay),
    ),
    [false, false, true, false, true, true],
  );
  assert.ok(hasDate("360_day", { year: 1900, month: 2, day: 30 }));
  assert.ok(!hasDate("360_day", { year: 1900, month: 1, day: 31 }));
  assert.ok(!hasDate("standard", { year: 1582, month: 10, day: 14 }));
  assert.ok(hasDate("noleap", { year: 0, month: 1, day: 1 }));
  assert.ok(!hasDate("standard", { year: 0, month: 1, day: 1 }));
  assert.ok(!hasDate("noleap", { year: 2000, month: 13, day: 1 }));
});

test("months have their length", () => {
  assert.equal(daysInMonth("standard", { year: 2000, month: 2, day: 1 }), 29);
  assert.equal(daysInMonth("standard", { year: 1900, month: 2, day: 1 }), 28);
  assert.equal(daysInMonth("standard", { year: 1582, month: 10, day: 1 }), 21);
  assert.equal(daysInMonth("360_day", { year: 1900, month: 12, day: 1 }), 30);
});

test("days between two moments follow the calendar, fractions included", () => {
  const [a, b] = [moment("1999-12-31 18:00:00"), moment("2000-03-01 00:00:00")];
  assert.equal(daysBetween("standard", a, b), 60.25);
  assert.equal(daysBetween("noleap", a, b), 59.25);
  assert.equal(daysBetween("360_day", a, b), 59.25);
  assert.equal(daysBetween("noleap", b, a), -59.25);
});

test("date-times are read with a blank or T, cut after the second, and only in range", () => {
  assert.deepEqual(moment("1850-01-16T12:00"), moment("1850-01-16 12:00:00"));
  assert.deepEqual(moment("1850-01-16"), moment("1850-01-16 00:00:00"));
  assert.equal(moment("1850-01-16 12:00:59.999").second, 59);
  for (const text of ["1850", "1850-1-1", "1850-13-01", "1850-01-32", "1850-01-01 24:00:00", "x1850-01-01"])
    assert.equal(parseDateTime(text), undefined, text);
});

test("a packed moment compares field by field and unpacks", () => {
  const packed = packDateTime(moment("0268-02-30 23:59:58"));
  assert.equal(packed, 2680230235958);
  assert.deepEqual(unpackDateTime(packed), moment("0268-02-30 23:59:58"));
  assert.equal(packDateTimeText("0268-02-30 23:59:58"), packed);
  assert.equal(packDateTimeText("0268-02-30"), 2680230000000);
  assert.ok(Number.isNaN(packDateTimeText("sometime")));
  assert.ok(Number.isNaN(packDateTimeText("0268-02-30x23:59:58")));
  assert.ok(Number.isNaN(packDateTimeText("0268-13-30 23:59:58")));
  assert.ok(Number.isNaN(packDateTimeText(undefined)));
});

test("a partial date-time compares only the fields given", () => {
  const packed = packDateTime(moment("1850-03-16 12:00:00"));
  assert.equal(comparePartial({ year: 1850 }, packed), 0);
  assert.equal(comparePartial({}, packed), 0);
  assert.ok(comparePartial({ year: 1850, month: 4 }, packed) > 0);
  assert.ok(comparePartial({ year: 1850, month: 3, day: 1 }, packed) < 0);
  assert.equal(comparePartial({ month: 3 }, packed), 0);
  assert.ok(comparePartial({ year: 1851, month: 1 }, packed) > 0);
});
