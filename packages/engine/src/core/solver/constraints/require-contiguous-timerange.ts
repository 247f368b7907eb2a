import type { RequireContiguousTimerange } from "../../diagnostic/constraint.ts";
import { firstTimeBreak, type TimeBreak, timedDatasets } from "../file-times.ts";
import type { Rejection } from "../rejection.ts";
import { partition, without } from "../table-index.ts";
import { type ConstraintContext, type Evaluate, idsOf, namedFile, subgroupOf } from "./context.ts";

/**
 * Drops the timed datasets of every sub-group that has two calendars or a gap between its files longer than the
 * frequency's limit. Datasets without times stay.
 */
export const evaluateRequireContiguousTimerange: Evaluate<RequireContiguousTimerange> = (
  group,
  constraint,
  context,
) => {
  const { index, note } = context;
  const calendars = constraint.calendars ?? "by-meaning";
  const dropped = new Set<number>();
  for (const part of partition(index, group, constraint.groupBy).parts) {
    const timed = timedDatasets(index, part);
    const found = timed.length === 0 ? undefined : firstTimeBreak(index, timed, { calendars });
    if (found === undefined) continue;
    for (const dataset of timed) dropped.add(dataset);
    note?.(breakRejection(found, context, { constraint, timed }));
  }
  return without(group, dropped);
};

/** A break between files as a rejection of the sub-group it is in. */
export function breakRejection(
  found: TimeBreak,
  { index }: ConstraintContext,
  {
    constraint,
    timed,
  }: {
    readonly constraint: {
      readonly kind: "requireTimerange" | "requireContiguousTimerange";
      readonly groupBy: readonly string[];
    };
    readonly timed: Int32Array;
  },
): Rejection {
  const shared = {
    constraint: constraint.kind,
    subgroup: subgroupOf(index, timed, constraint),
    datasets: idsOf(index, timed),
  };
  if (found.kind === "calendars") {
    const [first, second] = found.files;
    return {
      kind: "calendars-differ",
      files: [namedFile(index, first), namedFile(index, second)],
      ...shared,
    };
  }
  return {
    kind: "gap",
    after: namedFile(index, found.after),
    before: namedFile(index, found.before),
    days: found.days,
    limitDays: found.limitDays,
    ...shared,
  };
}
