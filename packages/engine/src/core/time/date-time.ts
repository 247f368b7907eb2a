/** A moment in some calendar, to the second. Years 0 to 9999; which days exist is the calendar's matter. */
export interface DateTime {
  readonly year: number;
  /** 1 to 12. */
  readonly month: number;
  /** 1 to 31. */
  readonly day: number;
  readonly hour: number;
  readonly minute: number;
  readonly second: number;
}

const dateTimeText = /^(\d{4})-(\d{2})-(\d{2})(?:[T ](\d{2}):(\d{2})(?::(\d{2})(?:\.\d+)?)?)?$/;

/**
 * Reads `YYYY-MM-DD HH:MM:SS`, with a blank or `T` between; the time of day or its seconds may be absent (then 0);
 * fractions of a second are cut off.
 * @returns undefined when the text has another form or a field is out of every calendar's range
 */
export function parseDateTime(text: string): DateTime | undefined {
  const match = dateTimeText.exec(text);
  if (match === null) return undefined;
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = match
    .slice(1)
    .map((field) => Number(field ?? 0));
  const dateFits = month >= 1 && month <= 12 && day >= 1 && day <= 31;
  const timeFits = hour <= 23 && minute <= 59 && second <= 59;
  return dateFits && timeFits ? { year, month, day, hour, minute, second } : undefined;
}

/** Writes `YYYY-MM-DD HH:MM:SS`. */
export function formatDateTime(dateTime: DateTime): string {
  const date = `${pad(dateTime.year, 4)}-${pad(dateTime.month, 2)}-${pad(dateTime.day, 2)}`;
  return `${date} ${pad(dateTime.hour, 2)}:${pad(dateTime.minute, 2)}:${pad(dateTime.second, 2)}`;
}

function pad(value: number, width: number): string {
  return value.toString().padStart(width, "0");
}

/**
 * One whole number per moment that compares as the fields do, one after the other, whatever the calendar.
 * Its decimal digits are `YYYYMMDDhhmmss`.
 */
export function packDateTime({ year, month, day, hour, minute, second }: DateTime): number {
  return ((((year * 100 + month) * 100 + day) * 100 + hour) * 100 + minute) * 100 + second;
}

/** The fields of a packed moment. */
export function unpackDateTime(packed: number): DateTime {
  const field = (position: number): number => Math.floor(packed / 100 ** position) % 100;
  return {
    year: Math.floor(packed / 1e10),
    month: field(4),
    day: field(3),
    hour: field(2),
    minute: field(1),
    second: field(0),
  };
}

/** Writes a packed moment as `formatDateTime` writes its fields. */
export function formatPackedDateTime(packed: number): string {
  const digits = pad(packed, 14);
  const field = (start: number): string => digits.slice(start, start + 2);
  return `${digits.slice(0, 4)}-${field(4)}-${field(6)} ${field(8)}:${field(10)}:${field(12)}`;
}

/**
 * Packs a date-time text; the quick way from catalog to snapshot.
 * @returns NaN for an absent text or one that is no date-time
 */
export function packDateTimeText(text: string | undefined): number {
  if (text === undefined) return Number.NaN;
  const packed = packFullForm(text);
  if (packed !== undefined) return fieldsFit(packed) ? packed : Number.NaN;
  const dateTime = parseDateTime(text);
  return dateTime === undefined ? Number.NaN : packDateTime(dateTime);
}

const fullForm = "0000-00-00 00:00:00";

function fieldsFit(packed: number): boolean {
  const time = packed % 1e6;
  const date = (packed - time) / 1e6;
  const month = Math.floor(date / 100) % 100;
  const day = date % 100;
  const dateFits = month >= 1 && month <= 12 && day >= 1 && day <= 31;
  return dateFits && time < 240000 && time % 10000 < 6000 && time % 100 < 60;
}

/** The text's digits as one number, if it has the full form. */
function packFullForm(text: string): number | undefined {
  if (text.length !== fullForm.length) return undefined;
  let packed = 0;
  for (let index = 0; index < fullForm.length; index++) {
    const code = text.charCodeAt(index);
    const expected = fullForm.charCodeAt(index);
    const digit = code - 48;
    if (expected !== 48) {
      if (code !== expected) return undefined;
    } else if (digit < 0 || digit > 9) return undefined;
    else packed = packed * 10 + digit;
  }
  return packed;
}
