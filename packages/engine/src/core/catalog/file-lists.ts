import { compareCodeUnits } from "../identity/compare.ts";
import { packDateTimeText } from "../time/date-time.ts";
import type { DatasetFile } from "./dataset.ts";

/** Files of one dataset in path order, a list for each field: of hundreds of thousands, much smaller than an object each. */
export interface FileLists {
  readonly paths: readonly string[];
  readonly contentIds: readonly string[];
  /** Start as a field-wise comparable number (see `packDateTime`), NaN without time. */
  readonly starts: Float64Array;
  /** End, same form. */
  readonly ends: Float64Array;
  /** As the file spells it. */
  readonly calendars: readonly (string | null | undefined)[];
}

/** Lists of a field each, files in any order, times as texts. */
export interface UnorderedLists extends Omit<FileLists, "starts" | "ends"> {
  readonly starts: readonly (string | null | undefined)[];
  readonly ends: readonly (string | null | undefined)[];
}

/** The files of one dataset as lists. */
export function fileLists(files: readonly DatasetFile[]): FileLists {
  return orderedLists({
    paths: files.map(({ path }) => path),
    contentIds: files.map(({ contentId }) => contentId),
    starts: files.map(({ start }) => start),
    ends: files.map(({ end }) => end),
    calendars: files.map(({ calendar }) => calendar),
  });
}

/** The lists in path order, times packed. */
export function orderedLists(lists: UnorderedLists): FileLists {
  const { paths, contentIds, starts, ends, calendars } = inPathOrder(lists);
  return { paths, contentIds, starts: packed(starts), ends: packed(ends), calendars };
}

function inPathOrder(lists: UnorderedLists): UnorderedLists {
  const { paths } = lists;
  if (paths.every((path, at) => at === 0 || compareCodeUnits(paths[at - 1] as string, path) <= 0))
    return lists;
  const order = [...paths.keys()].sort((a, b) => compareCodeUnits(paths[a] as string, paths[b] as string));
  const ordered = <T>(list: readonly T[]): readonly T[] => order.map((at) => list[at] as T);
  return {
    paths: ordered(paths),
    contentIds: ordered(lists.contentIds),
    starts: ordered(lists.starts),
    ends: ordered(lists.ends),
    calendars: ordered(lists.calendars),
  };
}

function packed(times: readonly (string | null | undefined)[]): Float64Array {
  const numbers = new Float64Array(times.length);
  times.forEach((time, at) => {
    numbers[at] = packDateTimeText(time ?? undefined);
  });
  return numbers;
}
