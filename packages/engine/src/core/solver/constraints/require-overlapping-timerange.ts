import type { RequireOverlappingTimerange } from "../../diagnostic/constraint.ts";
import { spanOfGroup, spansOf, timedDatasets, timedFilesOf } from "../file-times.ts";
import { noRows, partition } from "../table-index.ts";
import { type ConstraintContext, type Evaluate, idsOf, namedFile } from "./context.ts";

/**
 * Drops the whole group unless the latest start of its sub-groups is before the earliest end. A group with fewer than
 * two timed files passes; one whose timed files all miss a key is dropped, as nothing of it is known to overlap.
 */
export const evaluateRequireOverlappingTimerange: Evaluate<RequireOverlappingTimerange> = (
  group,
  constraint,
  context,
) => {
  const { index } = context;
  const spans = partition(index, group, constraint.groupBy)
    .parts.map((part) => timedDatasets(index, part))
    .filter((timed) => timed.length > 0)
    .map((timed) => ({ timed, ...spanOfGroup(index, timed) }));
  const { timedFiles } = spansOf(index, group);
  const files = group.reduce((total, dataset) => total + (timedFiles[dataset] as number), 0);
  if (files < 2) return group;
  if (spans.length === 0) return withoutKeys(group, constraint, context);
  const last = spans.reduce((best, each) => (each.start > best.start ? each : best));
  const first = spans.reduce((best, each) => (each.end < best.end ? each : best));
  if (last.start < first.end) return group;
  if (context.note !== undefined) noteApart(group, { first, last }, context);
  return noRows;
};

function withoutKeys(
  group: Int32Array,
  { kind, groupBy }: RequireOverlappingTimerange,
  { index, note }: ConstraintContext,
): Int32Array {
  note?.({
    kind: "facet-missing",
    constraint: kind,
    facet: groupBy.join(", "),
    datasets: idsOf(index, group),
  });
  return noRows;
}

interface Span {
  readonly timed: Int32Array;
  readonly start: number;
  readonly end: number;
}

function noteApart(
  group: Int32Array,
  { first, last }: { readonly first: Span; readonly last: Span },
  { index, note }: ConstraintContext,
): void {
  const { table } = index;
  const earliest = timedFilesOf(index, first.timed).find((file) => table.end[file] === first.end) as number;
  const latest = timedFilesOf(index, last.timed).find((file) => table.start[file] === last.start) as number;
  note?.({
    kind: "no-overlap",
    constraint: "requireOverlappingTimerange",
    earliest: namedFile(index, earliest),
    latest: namedFile(index, latest),
    datasets: idsOf(index, group),
  });
}
