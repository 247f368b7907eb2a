import type { Selector } from "../../execution/definition.ts";
import { formatDateTime, unpackDateTime } from "../../time/date-time.ts";
import { calendarOf } from "../file-times.ts";
import { wholeDatasets } from "../partly-timed.ts";
import type { NamedFile, Rejection } from "../rejection.ts";
import { facetValue, type TableIndex } from "../table-index.ts";

/** What a constraint's evaluation sees beside the group. */
export interface ConstraintContext {
  /** The whole latest catalog of the group's source type. */
  readonly index: TableIndex;
  /** Told why datasets were removed. Absent where nobody asks: then no reason is built. */
  readonly note?: (rejection: Rejection) => void;
}

/**
 * Evaluates one kind of constraint on a group.
 * @param group dataset indexes, ascending, not empty
 * @returns the changed group, ascending; empty: the group is dropped
 */
export type Evaluate<C> = (group: Int32Array, constraint: C, context: ConstraintContext) => Int32Array;

/** Ids of datasets, in catalog order, each once. */
export function idsOf({ table }: TableIndex, datasets: Iterable<number>): readonly string[] {
  const ascending = [...datasets].sort((a, b) => a - b);
  return wholeDatasets(table, ascending).map(({ id }) => id);
}

/** Values of some facets of a sub-group, read from its first dataset; facets it lacks are left out. */
export function subgroupOf(
  index: TableIndex,
  part: Int32Array,
  { groupBy }: { readonly groupBy: readonly string[] },
): Selector {
  return groupBy.flatMap((facet) => {
    const value = facetValue(index, facet, part[0] as number);
    return value === undefined ? [] : [[facet, value] as const];
  });
}

/** A file row by name. */
export function namedFile(index: TableIndex, file: number): NamedFile {
  const { table } = index;
  const calendar = calendarOf(index, file);
  return {
    dataset: table.ids[datasetOfFile(index, file)] as string,
    path: table.paths[file] as string,
    start: formatDateTime(unpackDateTime(table.start[file] as number)),
    end: formatDateTime(unpackDateTime(table.end[file] as number)),
    ...(calendar === undefined ? {} : { calendar }),
  };
}

function datasetOfFile(index: TableIndex, file: number): number {
  const { fileOffsets } = index.table;
  let low = 0;
  let high = fileOffsets.length - 1;
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if ((fileOffsets[middle] as number) <= file) low = middle;
    else high = middle;
  }
  return low;
}
