import { decodeOn, timeScale } from "../../core/time/cf-time.ts";
import { formatDateTime } from "../../core/time/date-time.ts";

/** What a file's time coordinate tells. */
export interface TimeFacts {
  readonly start?: string;
  readonly end?: string;
  readonly calendar?: string;
  readonly timeUnits?: string;
}

/**
 * First and last time of a file in its own calendar; the calendar is `standard` when the file names none. A coordinate
 * without units has no times; one without values only calendar and units.
 * @param attributes of the time coordinate
 * @param ends first and last value, undefined when there is none
 * @throws CALENDAR_INVALID when units, calendar or a value are not understood
 */
export function timeFacts(
  attributes: Readonly<Record<string, string>>,
  ends: { readonly first: number; readonly last: number } | undefined,
): TimeFacts {
  const { units: timeUnits, calendar = "standard" } = attributes;
  if (timeUnits === undefined) return {};
  if (ends === undefined) return { calendar, timeUnits };
  const scale = timeScale(timeUnits, calendar);
  return {
    start: formatDateTime(decodeOn(scale, ends.first)),
    end: formatDateTime(decodeOn(scale, ends.last)),
    calendar,
    timeUnits,
  };
}
