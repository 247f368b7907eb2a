import { AlmanacError } from "../errors.ts";
import type { CalendarName } from "./calendar.ts";
import { dateOfDayNumber, dayNumber, hasDate, requireCalendar, secondOfDay } from "./calendar.ts";
import { type DateTime, formatDateTime } from "./date-time.ts";

/** Time units read once, for decoding many values. */
export interface TimeScale {
  readonly calendar: CalendarName;
  /** Length of one unit. @units s */
  readonly unitSeconds: number;
  /** Day number of the reference date in the calendar. */
  readonly referenceDay: number;
  /** Time of day of the reference in UTC, fractions kept; may leave the day when a time zone was given. @units s */
  readonly referenceSecond: number;
}

const unitSeconds: ReadonlyMap<string, number> = new Map([
  ["d", 86400],
  ["day", 86400],
  ["h", 3600],
  ["hr", 3600],
  ["hour", 3600],
  ["min", 60],
  ["minute", 60],
  ["s", 1],
  ["sec", 1],
  ["second", 1],
]);

const unitsText =
  /^\s*([a-z]+)\s+since\s+(\d{1,4})(?:-(\d{1,2})(?:-(\d{1,2}))?)?(?:(?:\s+|t)(\d{1,2})(?::(\d{1,2})(?::(\d{1,2}(?:\.\d*)?))?)?)?(?:\s*(z|utc|gmt|[+-]?\d{1,2}(?::?\d{2})?))?\s*$/i;

// Two spellings that CMIP6 files have in parent_time_units: `1850-01-01-00-00-00` and `0001-01-01 (noleap)`.
const dashedTime = /(\d-\d{1,2}-\d{1,2})-(\d{2})-(\d{2})-(\d{2})/;
const remark = /\s*\([^()]*\)\s*$/;

/**
 * Reads CF time units such as `days since 1850-01-01` or `hours since 1850-1-1T06:00:00.5Z`. Units are days, hours,
 * minutes and seconds in their singular, plural and short forms; month and day of the reference default to 1, its time to
 * midnight; a zone (`Z`, `UTC`, `+01:00`, `-3`) is taken into account.
 * @param calendar as spelt in a file
 * @throws CALENDAR_INVALID when units or calendar are not understood, or the calendar lacks the reference date
 * @source CF conventions 1.11, section 4.4
 */
export function timeScale(units: string, calendar: string): TimeScale {
  const name = requireCalendar(calendar);
  const match = unitsText.exec(units.replace(dashedTime, "$1 $2:$3:$4").replace(remark, ""));
  const seconds = match === null ? undefined : secondsOfUnit(match[1] ?? "");
  if (match === null || seconds === undefined) throw invalid(`unknown time units "${units}"`, { units });
  const date = { year: Number(match[2]), month: Number(match[3] ?? 1), day: Number(match[4] ?? 1) };
  const [hour, minute, second] = [Number(match[5] ?? 0), Number(match[6] ?? 0), Number(match[7] ?? 0)];
  if (!hasDate(name, date) || hour > 23 || minute > 59 || second >= 60)
    throw invalid(`the reference of "${units}" does not exist in the calendar ${name}`, { units, calendar });
  return {
    calendar: name,
    unitSeconds: seconds,
    referenceDay: dayNumber(name, date),
    referenceSecond: (hour * 60 + minute) * 60 + second - zoneSeconds(match[8] ?? ""),
  };
}

function secondsOfUnit(word: string): number | undefined {
  const lower = word.toLowerCase();
  return unitSeconds.get(lower) ?? (lower.endsWith("s") ? unitSeconds.get(lower.slice(0, -1)) : undefined);
}

function zoneSeconds(zone: string): number {
  const match = /^([+-]?)(\d{1,2}?)(?::?(\d{2}))?$/.exec(zone);
  if (match === null) return 0;
  const size = Number(match[2]) * 3600 + Number(match[3] ?? 0) * 60;
  return match[1] === "-" ? -size : size;
}

/**
 * The moment of one time value, rounded to the second (half a second up).
 * @param value in the scale's units
 * @throws CALENDAR_INVALID when the value is not finite or the moment lies outside the calendar's years
 */
export function decodeOn(scale: TimeScale, value: number): DateTime {
  const total = Math.round(value * scale.unitSeconds + scale.referenceSecond);
  const days = Math.floor(total / 86400);
  const date = Number.isSafeInteger(total)
    ? dateOfDayNumber(scale.calendar, scale.referenceDay + days)
    : undefined;
  if (date === undefined || !hasDate(scale.calendar, date))
    throw invalid(`the time value ${value} lies outside the calendar ${scale.calendar}`, { value });
  const rest = total - days * 86400;
  const hour = Math.floor(rest / 3600);
  return { ...date, hour, minute: Math.floor(rest / 60) % 60, second: rest % 60 };
}

/**
 * The value of a moment in a scale's units.
 * @throws CALENDAR_INVALID when the calendar lacks the day
 */
export function encodeOn(scale: TimeScale, dateTime: DateTime): number {
  if (!hasDate(scale.calendar, dateTime))
    throw invalid(`${formatDateTime(dateTime)} does not exist in the calendar ${scale.calendar}`, {});
  const days = dayNumber(scale.calendar, dateTime) - scale.referenceDay;
  return (days * 86400 + secondOfDay(dateTime) - scale.referenceSecond) / scale.unitSeconds;
}

/**
 * The moment of one time value, rounded to the second; for many values use `timeScale` and `decodeOn`.
 * @throws CALENDAR_INVALID when units, calendar or value are not understood
 */
// allow-parameters: value, units and calendar are the triple that CF metadata gives
export function decodeTime(value: number, units: string, calendar: string): DateTime {
  return decodeOn(timeScale(units, calendar), value);
}

/**
 * The value of a moment in given time units.
 * @throws CALENDAR_INVALID when units or calendar are not understood or the calendar lacks the day
 */
// allow-parameters: value, units and calendar are the triple that CF metadata gives
export function encodeTime(dateTime: DateTime, units: string, calendar: string): number {
  return encodeOn(timeScale(units, calendar), dateTime);
}

function invalid(message: string, facts: Readonly<Record<string, unknown>>): AlmanacError {
  return new AlmanacError("CALENDAR_INVALID", message, { facts });
}
