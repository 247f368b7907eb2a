import { canonicalCalendar, daysBetween } from "../time/calendar.ts";
import { unpackDateTime } from "../time/date-time.ts";
import { facetValue, memoised, type TableIndex } from "./table-index.ts";

/** First and last time of a dataset's timed files, packed; NaN without any. */
export interface Spans {
  /** @shape [nDataset] */
  readonly start: Float64Array;
  /** @shape [nDataset] */
  readonly end: Float64Array;
  /** Number of files with times. @shape [nDataset] */
  readonly timedFiles: Int32Array;
}

/** Covered spans of the datasets of a group; each is found once per table. */
export function spansOf(index: TableIndex, group: Int32Array): Spans {
  const count = index.table.ids.length;
  const spans = memoised(index, "spans", () => ({
    start: new Float64Array(count).fill(Number.NaN),
    end: new Float64Array(count).fill(Number.NaN),
    // −1 until it is asked for.
    timedFiles: new Int32Array(count).fill(-1),
  }));
  for (const dataset of group) if (spans.timedFiles[dataset] === -1) widen(index, dataset, spans);
  return spans;
}

function widen(index: TableIndex, dataset: number, spans: Spans): void {
  let first = Number.POSITIVE_INFINITY;
  let last = Number.NEGATIVE_INFINITY;
  const files = timedFilesOf(index, [dataset]);
  for (const file of files) {
    first = Math.min(first, index.table.start[file] as number);
    last = Math.max(last, index.table.end[file] as number);
  }
  spans.timedFiles[dataset] = files.length;
  if (files.length === 0) return;
  spans.start[dataset] = first;
  spans.end[dataset] = last;
}

/** File rows with both times, of some datasets, in catalog order. */
export function timedFilesOf(index: TableIndex, datasets: ArrayLike<number>): number[] {
  const { fileOffsets, start, end } = index.table;
  const files: number[] = [];
  for (let at = 0; at < datasets.length; at++) {
    const dataset = datasets[at] as number;
    for (let file = fileOffsets[dataset] as number; file < (fileOffsets[dataset + 1] as number); file++)
      if (!Number.isNaN(start[file]) && !Number.isNaN(end[file])) files.push(file);
  }
  return files;
}

/** The datasets of a group that have any timed file. */
export function timedDatasets(index: TableIndex, group: Int32Array): Int32Array {
  const { timedFiles } = spansOf(index, group);
  return group.filter((dataset) => (timedFiles[dataset] as number) > 0);
}

/** Earliest start and latest end of datasets that all have times, packed. */
export function spanOfGroup(
  index: TableIndex,
  timed: Int32Array,
): { readonly start: number; readonly end: number } {
  const spans = spansOf(index, timed);
  let start = Number.POSITIVE_INFINITY;
  let end = Number.NEGATIVE_INFINITY;
  for (const dataset of timed) {
    start = Math.min(start, spans.start[dataset] as number);
    end = Math.max(end, spans.end[dataset] as number);
  }
  return { start, end };
}

/** Why the files of a sub-group do not join up. */
export type TimeBreak =
  | { readonly kind: "calendars"; readonly files: readonly [number, number] }
  | {
      readonly kind: "gap";
      readonly after: number;
      readonly before: number;
      readonly days: number;
      readonly limitDays: number;
    };

/** Whether spellings of one calendar count as equal. */
export type CalendarMode = "by-meaning" | "by-spelling";

/**
 * The first break in the timed files of a sub-group: two calendars, or a gap between the running maximum of the ends
 * and the next start that is longer than the limit of the frequency.
 * @returns undefined when they join up
 */
export function firstTimeBreak(
  index: TableIndex,
  timed: Int32Array,
  { calendars }: { readonly calendars: CalendarMode },
): TimeBreak | undefined {
  if (timed.length !== 1) return findBreak(index, timed, calendars);
  const single = timed[0] as number;
  const known = memoised(
    index,
    `breaks ${calendars}`,
    () => new Array<TimeBreak | null | undefined>(index.table.ids.length),
  );
  if (known[single] === undefined) known[single] = findBreak(index, timed, calendars) ?? null;
  return known[single] ?? undefined;
}

function findBreak(index: TableIndex, timed: Int32Array, calendars: CalendarMode): TimeBreak | undefined {
  const { start } = index.table;
  const files = timedFilesOf(index, timed);
  const other = differingCalendar(index, files, calendars);
  if (other !== undefined) return { kind: "calendars", files: other };
  files.sort((a, b) => (start[a] as number) - (start[b] as number) || a - b);
  return findGap(index, files, gapLimitDays(index, timed));
}

/** First file with the rest's calendar and first that has another; missing calendars agree with all. */
function differingCalendar(
  index: TableIndex,
  files: readonly number[],
  calendars: CalendarMode,
): readonly [number, number] | undefined {
  let first = -1;
  for (const file of files) {
    const calendar = calendarOf(index, file, { calendars });
    if (calendar === undefined) continue;
    if (first < 0) first = file;
    else if (calendarOf(index, first, { calendars }) !== calendar) return [first, file];
  }
  return undefined;
}

/** Calendar of a file: as spelt (default), or its canonical name; undefined when missing. */
export function calendarOf(
  index: TableIndex,
  file: number,
  { calendars = "by-spelling" }: { readonly calendars?: CalendarMode } = {},
): string | undefined {
  const { values, codes } = index.table.calendar;
  const spelling = values[codes[file] as number];
  return spelling === undefined || calendars === "by-spelling"
    ? spelling
    : (canonicalCalendar(spelling) ?? spelling);
}

type Gap = Extract<TimeBreak, { readonly kind: "gap" }>;

function findGap(index: TableIndex, files: readonly number[], limitDays: number): Gap | undefined {
  return gapsIn(index, files, { limitDays, most: 1 })[0];
}

/** All gaps in the timed files of a sub-group, in the order of time. */
export function timeGaps(index: TableIndex, timed: Int32Array): readonly Gap[] {
  const { start } = index.table;
  const files = timedFilesOf(index, timed);
  files.sort((a, b) => (start[a] as number) - (start[b] as number) || a - b);
  return gapsIn(index, files, { limitDays: gapLimitDays(index, timed), most: Number.POSITIVE_INFINITY });
}

function gapsIn(
  index: TableIndex,
  files: readonly number[],
  { limitDays, most }: { readonly limitDays: number; readonly most: number },
): readonly Gap[] {
  const { end } = index.table;
  const gaps: Gap[] = [];
  let last = files[0] as number;
  for (const file of files) {
    const days = gapDays(index, last, file);
    if (days > limitDays) gaps.push({ kind: "gap", after: last, before: file, days, limitDays });
    if (gaps.length >= most) break;
    if ((end[file] as number) > (end[last] as number)) last = file;
  }
  return gaps;
}

/** Days from the end of one file to the start of another in the calendar of the former; 0 when they overlap. @units days */
function gapDays(index: TableIndex, after: number, before: number): number {
  const from = index.table.end[after] as number;
  const to = index.table.start[before] as number;
  if (to <= from) return 0;
  const spelling = calendarOf(index, after) ?? calendarOf(index, before);
  const calendar = canonicalCalendar(spelling ?? "standard") ?? "standard";
  return daysBetween(calendar, unpackDateTime(from), unpackDateTime(to));
}

/** Longest gap that is none, for frequencies whose steps are longer than the monthly limit. @units days */
const longLimits: ReadonlyMap<string, number> = new Map([
  ["yr", 548],
  ["yrPt", 548],
  ["dec", 5479],
]);

/** Limit of monthly data, which shorter frequencies share. @units days */
const monthlyLimitDays = 45;

function gapLimitDays(index: TableIndex, timed: Int32Array): number {
  let limit = monthlyLimitDays;
  for (const dataset of timed)
    limit = Math.max(limit, longLimits.get(facetValue(index, "frequency", dataset) ?? "") ?? 0);
  return limit;
}
