import type { DatasetFile } from "../../core/catalog/dataset.ts";
import type { Arbitrary, FastCheck } from "./fast-check.ts";

/** Spellings of calendars as archives have them, two of them for one calendar. */
const calendars = ["noleap", "365_day", "gregorian", "standard", "proleptic_gregorian", "360_day"] as const;

/** Years from one file's first to the next one's, for files of ten years: in order, overlapping, with a gap. */
const steps = [10, 10, 10, 8, 12] as const;

/** Years that a file covers. */
const yearsPerFile = 10;

/**
 * One to three files of a dataset: monthly spans of ten years from 1850 on, mostly one after the other.
 * @param options.timeless one file without times, as fixed fields have
 */
export function filesArbitrary(
  fc: FastCheck,
  { id, timeless }: { readonly id: string; readonly timeless: boolean },
): Arbitrary<readonly DatasetFile[]> {
  const content = fc.constantFrom("a", "b");
  if (timeless) return content.map((each) => [fileOf(id, { name: "fx", content: each })]);
  const spans = fc.record({
    first: fc.constantFrom(1850, 1855, 1860),
    following: fc.array(fc.constantFrom(...steps), { maxLength: 2 }),
    calendar: fc.constantFrom(...calendars),
    content,
    // A file that was never opened and whose name has no time range.
    unknown: fc.oneof({ weight: 9, arbitrary: fc.constant(false) }, fc.constant(true)),
  });
  return spans.map(({ first, following, calendar, content: each, unknown }) => {
    if (unknown) return [fileOf(id, { name: "all", content: each })];
    let year = first;
    return [0, ...following].map((step) => {
      year += step;
      const last = year + yearsPerFile - 1;
      return {
        ...fileOf(id, { name: `${year}01-${last}12`, content: each }),
        start: `${year}-01-16 12:00:00`,
        end: `${last}-12-16 12:00:00`,
        calendar,
        timeUnits: `days since ${first}-01-01`,
      };
    });
  });
}

function fileOf(
  id: string,
  { name, content }: { readonly name: string; readonly content: string },
): DatasetFile {
  return { path: `archive/${id.replaceAll(".", "/")}/${name}.nc`, contentId: `t:${content}/${id}/${name}:1` };
}
