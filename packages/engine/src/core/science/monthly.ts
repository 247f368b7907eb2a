import { type CalendarName, daysInMonth } from "../time/calendar.ts";

/** A month of a time axis. */
export interface Month {
  readonly year: number;
  /** 1 to 12. */
  readonly month: number;
}

/** Annual numbers with their years, both in time order. */
export interface AnnualSeries {
  readonly years: readonly number[];
  /** @shape [nYear] */
  readonly values: Float64Array;
}

/** One field per year. */
export interface AnnualFields {
  readonly years: readonly number[];
  /** One field after the other. @shape [nYear, nCell] */
  readonly values: Float64Array;
}

/** Months with the calendar they are counted in. */
export interface MonthAxis {
  readonly calendar: CalendarName;
  /** In time order, each month once. */
  readonly months: readonly Month[];
}

/** Lengths of the months in the axis's own calendar. @units days @shape [nTime] */
export function monthLengths({ calendar, months }: MonthAxis): Float64Array {
  return Float64Array.from(months, (month) => daysInMonth(calendar, { ...month, day: 1 }));
}

/** Years that have all twelve months, with the position of their January. */
function completeYears(months: readonly Month[]): { readonly year: number; readonly january: number }[] {
  const years: { year: number; january: number }[] = [];
  for (let at = 0; at + 12 <= months.length; at++) {
    const first = months[at];
    const last = months[at + 11];
    if (first?.month === 1 && last?.month === 12 && last.year === first.year)
      years.push({ year: first.year, january: at });
  }
  return years;
}

/**
 * Annual means of monthly means, Σ d m / Σ d with the month's length d in the axis's calendar. Years that lack a month are
 * left out; a year with a missing monthly value is NaN.
 * @param values @shape [nTime]
 */
export function annualMeans(values: Float64Array, axis: MonthAxis): AnnualSeries {
  return annualFieldMeans([{ first: 0, values }], { axis, nCell: 1 });
}

/** A run of monthly fields. */
export interface FieldRun {
  /** Position of the first field on the time axis. */
  readonly first: number;
  /** @shape [nStep, nCell] */
  readonly values: Float64Array;
}

/**
 * Like `annualMeans`, for every cell of fields that come in runs, so that not all of them are in memory.
 * @param runs every month once, in any order
 * @param nCell cells of one field
 */
export function annualFieldMeans(
  runs: Iterable<FieldRun>,
  { axis, nCell }: { readonly axis: MonthAxis; readonly nCell: number },
): AnnualFields {
  const years = completeYears(axis.months);
  const days = monthLengths(axis);
  const rows = new Map(
    years.flatMap(({ january }, row) => Array.from({ length: 12 }, (_, at) => [january + at, row] as const)),
  );
  const sums = new Float64Array(years.length * nCell);
  for (const { first, values } of runs)
    for (let step = 0; step * nCell < values.length; step++) {
      const row = rows.get(first + step);
      if (row === undefined) continue;
      const field = values.subarray(step * nCell, (step + 1) * nCell);
      addScaled(sums.subarray(row * nCell, (row + 1) * nCell), field, days[first + step] ?? Number.NaN);
    }
  for (const [row, { january }] of years.entries()) {
    const length = days.subarray(january, january + 12).reduce((total, each) => total + each, 0);
    for (let at = row * nCell; at < (row + 1) * nCell; at++) sums[at] = (sums[at] ?? 0) / length;
  }
  return { years: years.map(({ year }) => year), values: sums };
}

function addScaled(target: Float64Array, field: Float64Array, factor: number): void {
  for (let cell = 0; cell < target.length; cell++)
    target[cell] = (target[cell] ?? 0) + factor * (field[cell] ?? Number.NaN);
}

/** A mean year. */
export interface Climatology {
  /** January to December; NaN for a month that never has a value. @shape [12] */
  readonly means: Float64Array;
  /** Values behind each mean. @shape [12] */
  readonly counts: Int32Array;
}

/**
 * Mean of all Januaries, all Februaries and so on, each year counting alike. Missing values are left out.
 * @param values @shape [nTime]
 */
export function monthlyClimatology(values: Float64Array, { months }: Pick<MonthAxis, "months">): Climatology {
  const sums = new Float64Array(12);
  const counts = new Int32Array(12);
  for (const [time, { month }] of months.entries()) {
    const value = values[time] ?? Number.NaN;
    if (Number.isNaN(value)) continue;
    sums[month - 1] = (sums[month - 1] ?? 0) + value;
    counts[month - 1] = (counts[month - 1] ?? 0) + 1;
  }
  return { means: sums.map((sum, month) => sum / (counts[month] ?? 0)), counts };
}

/**
 * Mean over all months weighted by their lengths in the axis's calendar; missing values and their weight are left out.
 * @param values @shape [nTime]
 */
export function timeMean(values: Float64Array, axis: MonthAxis): number {
  const days = monthLengths(axis);
  let total = 0;
  let totalDays = 0;
  for (const [time, length] of days.entries()) {
    const value = values[time] ?? Number.NaN;
    if (Number.isNaN(value)) continue;
    total += length * value;
    totalDays += length;
  }
  return totalDays > 0 ? total / totalDays : Number.NaN;
}
