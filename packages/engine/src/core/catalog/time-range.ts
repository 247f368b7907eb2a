import { formatDateTime, parseDateTime } from "../time/date-time.ts";

/** First and last time of a file as its name tells. */
export interface NamedTimes {
  readonly start?: string;
  readonly end?: string;
}

/**
 * Reads the time range of a file name: `YYYY-YYYY`, `YYYYMM-YYYYMM`, `YYYYMMDD-YYYYMMDD` or longer with hours, minutes and
 * seconds, and perhaps `-clim`. What the end leaves out is day 30 (28 in February) of its month, and December for a year;
 * the time of day is 00:00. A digit form that is no date gives no times.
 * @returns undefined if the text is no time range
 * @source CMIP6 global attributes, DRS, filenames, directory structure and CVs, version 6.2.7, appendix 2
 */
export function parseTimeRange(text: string): NamedTimes | undefined {
  const match = /^(\d{4,14})-(\d{4,14})(?:-clim)?$/.exec(text);
  if (match === null) return undefined;
  const start = completed(match[1] ?? "", () => "01");
  const end = completed(match[2] ?? "", (month) => (month === "02" ? "28" : "30"));
  return start === undefined || end === undefined ? {} : { start, end };
}

function completed(digits: string, dayOf: (month: string) => string): string | undefined {
  if (digits.length % 2 === 1) return undefined;
  const isStart = dayOf("01") === "01";
  const month = digits.slice(4, 6) || (isStart ? "01" : "12");
  const day = digits.slice(6, 8) || dayOf(month);
  const time = digits.slice(8).padEnd(6, "0");
  const text = `${digits.slice(0, 4)}-${month}-${day} ${time.slice(0, 2)}:${time.slice(2, 4)}:${time.slice(4)}`;
  const dateTime = parseDateTime(text);
  return dateTime === undefined ? undefined : formatDateTime(dateTime);
}
