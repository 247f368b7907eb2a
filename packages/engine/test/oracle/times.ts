import type { Row } from "./rows.ts";

/** Fields of `YYYY-MM-DD hh:mm:ss`, year first. */
export function fieldsOf(text: string): readonly number[] {
  return (text.match(/\d+/g) ?? []).map(Number);
}

/** Compares date-times field by field. */
export function compareTimes(a: string, b: string): number {
  const left = fieldsOf(a);
  const right = fieldsOf(b);
  const at = left.findIndex((field, index) => field !== right[index]);
  return at < 0 ? 0 : (left[at] ?? 0) - (right[at] ?? 0);
}

const fieldNames = ["year", "month", "day", "hour", "minute", "second"] as const;

/** A date-time of which only some fields are given. */
export type Partly = Readonly<Partial<Record<(typeof fieldNames)[number], number>>>;

/** Compares over the given fields only, in order from year to second. */
export function comparePartly(given: Partly, text: string): number {
  const fields = fieldsOf(text);
  for (const [at, name] of fieldNames.entries()) {
    const wanted = given[name];
    if (wanted !== undefined && wanted !== fields[at]) return wanted - (fields[at] ?? 0);
  }
  return 0;
}

/** What a calendar is called when spellings do not count. */
export function meaningOf(calendar: string): string {
  const same: Readonly<Record<string, string>> = {
    gregorian: "standard",
    "365_day": "noleap",
    "366_day": "all_leap",
  };
  return same[calendar] ?? calendar;
}

/** Seconds from one date-time to another in a calendar. */
export function secondsBetween(calendar: string, from: string, to: string): number {
  return secondsOf(calendar, to) - secondsOf(calendar, from);
}

function secondsOf(calendar: string, text: string): number {
  const [year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0] = fieldsOf(text);
  return dayNumber(calendar, [year, month, day]) * 86_400 + hour * 3600 + minute * 60 + second;
}

const monthLengths = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

function dayNumber(calendar: string, date: readonly [number, number, number]): number {
  const [year, month, day] = date;
  const meaning = meaningOf(calendar);
  if (meaning === "360_day") return year * 360 + month * 30 + day;
  const before = monthLengths.slice(0, month - 1).reduce((sum, length) => sum + length, 0);
  if (meaning === "noleap") return year * 365 + before + day;
  if (meaning === "all_leap") return year * 366 + before + (month > 2 ? 1 : 0) + day;
  const isJulian =
    meaning === "julian" || (meaning === "standard" && year * 10_000 + month * 100 + day < 1582_10_15);
  return isJulian ? julianDay(date, 32_083) : julianDay(date, 32_045) + centuries(date);
}

/** Julian day number of a date. @source Richards, Explanatory Supplement to the Astronomical Almanac, 15.11 */
function julianDay([year, month, day]: readonly [number, number, number], offset: number): number {
  const a = Math.floor((14 - month) / 12);
  const y = year + 4800 - a;
  const m = month + 12 * a - 3;
  return day + Math.floor((153 * m + 2) / 5) + 365 * y + Math.floor(y / 4) - offset;
}

function centuries([year, month]: readonly [number, number, number]): number {
  const y = year + 4800 - Math.floor((14 - month) / 12);
  return Math.floor(y / 400) - Math.floor(y / 100);
}

/** Calendars of rows, each once; missing ones are none. */
export function calendarsOf(rows: readonly Row[], bySpelling: boolean): ReadonlySet<string> {
  const named = rows.flatMap(({ calendar }) => calendar ?? []);
  return new Set(bySpelling ? named : named.map(meaningOf));
}
