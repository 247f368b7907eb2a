import type { Month } from "../../core/science/monthly.ts";
import { type CalendarName, canonicalCalendar } from "../../core/time/calendar.ts";
import { decodeOn, encodeOn, timeScale } from "../../core/time/cf-time.ts";
import type { DateTime } from "../../core/time/date-time.ts";
import { textAttribute } from "./raw-file.ts";
import type { NetcdfFile } from "./reader.ts";

/** The time axis of a file, decoded in the file's own calendar. */
export interface TimeAxis {
  readonly calendar: CalendarName;
  /** As spelt in the file. */
  readonly calendarSpelling: string;
  readonly units: string;
  /** Moments that stand for the steps: the middle of the bounds where there are bounds, else the time values. */
  readonly times: readonly DateTime[];
}

/**
 * Decodes the coordinate `time`. Bounds decide what a step stands for, because some files put the time value at the end
 * of a month.
 * @throws FILE_INVALID when there is no time coordinate
 * @throws CALENDAR_INVALID when units or calendar are not understood
 */
export function readTimeAxis(file: NetcdfFile): TimeAxis {
  const { attributes } = file.requireVariable("time");
  const units = textAttribute(attributes, "units") ?? "";
  const calendarSpelling = textAttribute(attributes, "calendar") ?? "standard";
  const scale = timeScale(units, calendarSpelling);
  const values = middles(file) ?? file.read("time");
  return {
    calendar: scale.calendar,
    calendarSpelling,
    units,
    times: Array.from(values, (value) => decodeOn(scale, value)),
  };
}

function middles(file: NetcdfFile): Float64Array | undefined {
  const { shape, attributes } = file.requireVariable("time");
  const bounds = file.variables.get(textAttribute(attributes, "bounds") ?? "");
  if (bounds === undefined || bounds.shape[0] !== shape[0] || bounds.shape[1] !== 2) return undefined;
  const edges = file.read(bounds.name);
  const middle = new Float64Array(edges.length / 2).map(
    (_, at) => ((edges[2 * at] ?? Number.NaN) + (edges[2 * at + 1] ?? Number.NaN)) / 2,
  );
  return middle.some(Number.isNaN) ? undefined : middle;
}

/** Year and month of a moment. */
export function monthOf({ year, month }: DateTime): Month {
  return { year, month };
}

/** Middle of a month in given time units. @param units CF time units. @returns the value in these units */
export function middleOfMonth(
  { year, month }: Month,
  { units, calendar }: { readonly units: string; readonly calendar: string },
): number {
  const [start, end] = monthBounds({ year, month }, { units, calendar });
  return (start + end) / 2;
}

/** First moment of a month and of the next one in given time units. */
export function monthBounds(
  { year, month }: Month,
  { units, calendar }: { readonly units: string; readonly calendar: string },
): readonly [number, number] {
  const scale = timeScale(units, canonicalCalendar(calendar) ?? calendar);
  const midnight = { day: 1, hour: 0, minute: 0, second: 0 };
  const next = month === 12 ? { year: year + 1, month: 1 } : { year, month: month + 1 };
  return [encodeOn(scale, { year, month, ...midnight }), encodeOn(scale, { ...next, ...midnight })];
}
