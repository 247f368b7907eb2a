import { type DateTime, unpackDateTime } from "./date-time.ts";

/** A date-time of which only some leading fields may be given; compared field by field over those given. */
export interface PartialDateTime {
  readonly year?: number;
  readonly month?: number;
  readonly day?: number;
  readonly hour?: number;
  readonly minute?: number;
  readonly second?: number;
}

const fieldOrder = [
  "year",
  "month",
  "day",
  "hour",
  "minute",
  "second",
] as const satisfies readonly (keyof DateTime & keyof PartialDateTime)[];

/**
 * Compares a partial date-time with a packed one, field by field from year to second, leaving out fields not given:
 * `{year: 1850}` equals every moment of 1850, `{month: 3}` every moment of any March.
 * @param packed as from `packDateTime`
 * @returns negative when the partial one is before, positive when after, 0 when all given fields are equal
 */
export function comparePartial(partial: PartialDateTime, packed: number): number {
  const moment = unpackDateTime(packed);
  for (const field of fieldOrder) {
    const given = partial[field];
    if (given !== undefined && given !== moment[field]) return given - moment[field];
  }
  return 0;
}
