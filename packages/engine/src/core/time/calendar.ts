import { AlmanacError } from "../errors.ts";
import type { DateTime } from "./date-time.ts";

/** A calendar by its one name here; CF spells some of them in two ways. */
export type CalendarName = "standard" | "proleptic_gregorian" | "julian" | "noleap" | "all_leap" | "360_day";

/** A day of a calendar. */
export type CalendarDate = Pick<DateTime, "year" | "month" | "day">;

const aliases: ReadonlyMap<string, CalendarName> = new Map([
  ["standard", "standard"],
  ["gregorian", "standard"],
  ["proleptic_gregorian", "proleptic_gregorian"],
  ["julian", "julian"],
  ["noleap", "noleap"],
  ["365_day", "noleap"],
  ["all_leap", "all_leap"],
  ["366_day", "all_leap"],
  ["360_day", "360_day"],
]);

/**
 * The calendar that a spelling means, in any case.
 * @returns undefined for what is no CF calendar with days and months
 * @source CF conventions 1.11, section 4.4.1
 */
export function canonicalCalendar(text: string): CalendarName | undefined {
  return aliases.get(text.trim().toLowerCase());
}

/**
 * Like `canonicalCalendar`, but an unknown spelling is an error.
 * @throws CALENDAR_INVALID when the text names no calendar
 */
export function requireCalendar(text: string): CalendarName {
  const calendar = canonicalCalendar(text);
  if (calendar === undefined)
    throw new AlmanacError("CALENDAR_INVALID", `unknown calendar "${text}"`, {
      hint: `calendars are ${[...aliases.keys()].join(", ")}`,
      facts: { calendar: text },
    });
  return calendar;
}

/** Day and month arithmetic of one calendar on a whole day count of its own. */
interface DayCount {
  readonly fromDate: (date: CalendarDate) => number;
  readonly toDate: (day: number) => CalendarDate;
  /** The first year that exists. */
  readonly firstYear: 0 | 1;
}

// 15 October 1582, the first Gregorian day of the mixed calendar, as Julian day number and as digits of the date.
const reformDayNumber = 2299161;
const reformDate = 15821015;

/**
 * Julian day number of a date in the Julian (or, with `gregorian`, Gregorian) calendar.
 * @source Richards, Explanatory Supplement to the Astronomical Almanac, 3rd edition, 2013, section 15.11
 */
function julianDayNumber({ year, month, day }: CalendarDate, gregorian: boolean): number {
  const early = month < 3 ? 1 : 0;
  const y = year + 4800 - early;
  const days = day + Math.floor((153 * (month + 12 * early - 3) + 2) / 5) + 365 * y + Math.floor(y / 4);
  return gregorian ? days - Math.floor(y / 100) + Math.floor(y / 400) - 32045 : days - 32083;
}

/** Inverse of `julianDayNumber`; same source. */
function julianDayDate(dayNumber: number, gregorian: boolean): CalendarDate {
  const century = Math.floor((Math.floor((4 * dayNumber + 274277) / 146097) * 3) / 4) - 38;
  const e = 4 * (dayNumber + 1401 + (gregorian ? century : 0)) + 3;
  const h = 5 * Math.floor((e % 1461) / 4) + 2;
  const month = ((Math.floor(h / 153) + 2) % 12) + 1;
  return {
    year: Math.floor(e / 1461) - 4716 + Math.floor((14 - month) / 12),
    month,
    day: Math.floor((h % 153) / 5) + 1,
  };
}

/** A calendar whose years all have the same months. */
function equalYears(monthLengths: readonly number[]): DayCount {
  const monthStarts = monthLengths.map((_, month) =>
    monthLengths.slice(0, month).reduce((total, length) => total + length, 0),
  );
  const yearLength = monthLengths.reduce((total, length) => total + length, 0);
  return {
    firstYear: 0,
    fromDate: ({ year, month, day }) => year * yearLength + (monthStarts[month - 1] ?? Number.NaN) + day - 1,
    toDate: (count) => {
      const dayOfYear = count - Math.floor(count / yearLength) * yearLength;
      const month = monthStarts.findLastIndex((start) => start <= dayOfYear);
      return {
        year: Math.floor(count / yearLength),
        month: month + 1,
        day: dayOfYear - (monthStarts[month] ?? 0) + 1,
      };
    },
  };
}

const dayCounts = {
  standard: {
    firstYear: 1,
    fromDate: (date) => julianDayNumber(date, (date.year * 100 + date.month) * 100 + date.day >= reformDate),
    toDate: (day) => julianDayDate(day, day >= reformDayNumber),
  },
  proleptic_gregorian: {
    firstYear: 0,
    fromDate: (date) => julianDayNumber(date, true),
    toDate: (day) => julianDayDate(day, true),
  },
  julian: {
    firstYear: 1,
    fromDate: (date) => julianDayNumber(date, false),
    toDate: (day) => julianDayDate(day, false),
  },
  noleap: equalYears([31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]),
  all_leap: equalYears([31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]),
  "360_day": equalYears([30, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30]),
} as const satisfies Record<CalendarName, DayCount>;

/**
 * Whole days since a day zero that each calendar has for itself; only differences mean something. A day that the
 * calendar lacks (29 February in `noleap`) counts on from the month's last day.
 */
export function dayNumber(calendar: CalendarName, date: CalendarDate): number {
  return dayCounts[calendar].fromDate(date);
}

/** The date of a day number of the same calendar. */
export function dateOfDayNumber(calendar: CalendarName, day: number): CalendarDate {
  return dayCounts[calendar].toDate(day);
}

/**
 * True if the calendar has this day: 30 February in `360_day`, none of 5 to 14 October 1582 in `standard`. Year 0 exists
 * except in `standard` and `julian`, as in CF; years end at 9999.
 */
export function hasDate(calendar: CalendarName, date: CalendarDate): boolean {
  if (date.month < 1 || date.month > 12 || date.day < 1) return false;
  if (date.year < dayCounts[calendar].firstYear || date.year > 9999) return false;
  const same = dateOfDayNumber(calendar, dayNumber(calendar, date));
  return same.year === date.year && same.month === date.month && same.day === date.day;
}

/** Days from `a` to `b` in a calendar, with the time of day as fraction; negative when `b` is earlier. @units days */
// allow-parameters: a calendar and the two moments of a difference are read in this order everywhere
export function daysBetween(calendar: CalendarName, a: DateTime, b: DateTime): number {
  const days = dayNumber(calendar, b) - dayNumber(calendar, a);
  return days + (secondOfDay(b) - secondOfDay(a)) / 86400;
}

/** Seconds since midnight. @units s */
export function secondOfDay({ hour, minute, second }: DateTime): number {
  return (hour * 60 + minute) * 60 + second;
}

/**
 * Days of a month.
 * @param date any day of it
 * @units days
 */
export function daysInMonth(calendar: CalendarName, { year, month }: CalendarDate): number {
  const next = month === 12 ? { year: year + 1, month: 1, day: 1 } : { year, month: month + 1, day: 1 };
  return dayNumber(calendar, next) - dayNumber(calendar, { year, month, day: 1 });
}
