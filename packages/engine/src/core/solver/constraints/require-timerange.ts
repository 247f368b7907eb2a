import type { RequireTimerange } from "../../diagnostic/constraint.ts";
import { comparePartial, type PartialDateTime } from "../../time/partial-date-time.ts";
import { firstTimeBreak, spanOfGroup, timedDatasets, timedFilesOf } from "../file-times.ts";
import type { Rejection } from "../rejection.ts";
import { partition, without } from "../table-index.ts";
import { type ConstraintContext, type Evaluate, idsOf, namedFile, subgroupOf } from "./context.ts";
import { breakRejection } from "./require-contiguous-timerange.ts";

/**
 * Drops the timed datasets of every sub-group that begins after the required start, ends before the required end, or
 * has a break. Limits are compared field by field over the fields given. Datasets without times stay.
 */
export const evaluateRequireTimerange: Evaluate<RequireTimerange> = (group, constraint, context) => {
  const { index, note } = context;
  const dropped = new Set<number>();
  for (const part of partition(index, group, constraint.groupBy).parts) {
    const timed = timedDatasets(index, part);
    if (timed.length === 0 || covers(timed, constraint, context)) continue;
    for (const dataset of timed) dropped.add(dataset);
    if (note !== undefined) for (const rejection of reasons(timed, constraint, context)) note(rejection);
  }
  return without(group, dropped);
};

function covers(timed: Int32Array, constraint: RequireTimerange, { index }: ConstraintContext): boolean {
  const { start, end } = spanOfGroup(index, timed);
  if (constraint.start !== undefined && comparePartial(constraint.start, start) < 0) return false;
  if (constraint.end !== undefined && comparePartial(constraint.end, end) > 0) return false;
  return firstTimeBreak(index, timed, { calendars: constraint.calendars ?? "by-meaning" }) === undefined;
}

function reasons(
  timed: Int32Array,
  constraint: RequireTimerange,
  context: ConstraintContext,
): readonly Rejection[] {
  const { index } = context;
  const { start, end } = spanOfGroup(index, timed);
  const files = timedFilesOf(index, timed);
  const shared = {
    constraint: constraint.kind,
    subgroup: subgroupOf(index, timed, constraint),
    datasets: idsOf(index, timed),
  };
  const found: Rejection[] = [];
  if (constraint.start !== undefined && comparePartial(constraint.start, start) < 0) {
    const file = files.find((each) => index.table.start[each] === start) as number;
    const required = partialText(constraint.start);
    found.push({ kind: "starts-late", required, file: namedFile(index, file), ...shared });
  }
  if (constraint.end !== undefined && comparePartial(constraint.end, end) > 0) {
    const file = files.find((each) => index.table.end[each] === end) as number;
    const required = partialText(constraint.end);
    found.push({ kind: "ends-early", required, file: namedFile(index, file), ...shared });
  }
  const broken = firstTimeBreak(index, timed, { calendars: constraint.calendars ?? "by-meaning" });
  return broken === undefined ? found : [...found, breakRejection(broken, context, { constraint, timed })];
}

/** A partial date-time as text: `1850-01`, with `*` for a field left out before one that is given. */
export function partialText(partial: PartialDateTime): string {
  const parts: readonly (readonly [separator: string, value: number | undefined, width: number])[] = [
    ["", partial.year, 4],
    ["-", partial.month, 2],
    ["-", partial.day, 2],
    [" ", partial.hour, 2],
    [":", partial.minute, 2],
    [":", partial.second, 2],
  ];
  const last = parts.findLastIndex(([, value]) => value !== undefined);
  return parts
    .slice(0, last + 1)
    .map(([separator, value, width]) => `${separator}${value?.toString().padStart(width, "0") ?? "*"}`)
    .join("");
}
