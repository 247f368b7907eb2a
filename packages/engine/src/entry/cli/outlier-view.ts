import { type Command, InvalidArgumentError } from "commander";
import {
  defaultGroupSize,
  defaultThreshold,
  findOutliers,
  type NumberGroup,
  type Outlier,
} from "../../core/results/outliers.ts";
import type { CommandContext } from "./command.ts";
import { type FoundScalar, facetList, findScalars } from "./found-scalars.ts";
import { type NameFlags, withNameFilters } from "./name-filters.ts";
import { openFrom } from "./open.ts";
import { type Column, formatOf, type ListingFlags, withFormat, writeListing } from "./output.ts";
import { type PagingFlags, requireMatch, wholeNumber } from "./paging.ts";
import { fullValueColumns, valueColumns, valueItem } from "./value-columns.ts";

interface Flags extends ListingFlags, NameFlags, Pick<PagingFlags, "requireMatch"> {
  readonly by: readonly string[];
  readonly threshold: number;
  readonly groupSize: number;
}

/** Values of different diagnostics are never compared. */
const always = ["provider", "diagnostic"];

const method =
  "modified z-score: deviation from the median of the group in scaled median absolute deviations (Iglewicz & Hoaglin 1993)";

/** Adds `values outliers`. */
export function defineOutliers(command: Command, context: CommandContext): void {
  withNameFilters(
    withFormat(command.description("list scalars far from the median of their group; nothing is changed")),
  )
    .argument("[selector...]", "dimension=a,b (any of them), dimension!=a, dimension=a*; all are to be met")
    .option("--by <facets>", "dimensions that tell groups apart, beside diagnostic and units", facetList, [
      "metric",
      "statistic",
    ])
    .option("--threshold <n>", "scaled median absolute deviations", aboveZero, defaultThreshold)
    .option("--group-size <n>", "smaller groups are named and not judged", wholeNumber, defaultGroupSize)
    .option("--require-match", "exit 10 when no value matches")
    .action(async (words: string[], flags: Flags) => {
      await using project = await openFrom(context, { access: "read" });
      const { terminal } = context;
      const by = [...always, ...flags.by.filter((name) => !always.includes(name))];
      const numbers = await findScalars(project, { words, flags, facets: by, terminal });
      requireMatch(numbers.length, flags);
      const { threshold, groupSize } = flags;
      const { outliers, judged, tooSmall } = findOutliers(numbers, { by, threshold, groupSize });
      const items = outliers.map(itemOf);
      const named = ({ names, units, size }: NumberGroup) => ({
        group: Object.fromEntries(by.map((facet, index) => [facet, names[index] ?? ""])),
        units: units ?? null,
        size,
      });
      await writeListing(
        {
          ...{ kind: "outliers", items, total: items.length },
          columns: [...valueColumns, ...ownColumns],
          fullColumns: [...fullValueColumns(items), ...ownColumns],
          extra: { method, threshold, groupSize, groups: judged.map(named), tooSmall: tooSmall.map(named) },
        },
        { terminal, flags },
      );
      if (formatOf(flags) === "json") return;
      terminal.err(`of ${judged.length} groups, beyond ${threshold}; ${method}\n`);
      for (const { names, size } of tooSmall)
        terminal.err(
          `too small  ${names.filter((name) => name !== "").join("/")}  ${size} of ${groupSize}\n`,
        );
    });
}

function itemOf({ number, group, median, deviation }: Outlier<FoundScalar>) {
  return { ...valueItem(number.listed), median, deviation, groupSize: group.size };
}

const ownColumns: readonly Column<ReturnType<typeof itemOf>>[] = [
  { heading: "median", text: ({ median }) => String(median) },
  { heading: "deviation", text: ({ deviation }) => deviation.toFixed(2) },
  { heading: "group size", text: ({ groupSize }) => String(groupSize) },
];

function aboveZero(text: string): number {
  const value = Number(text);
  if (Number.isFinite(value) && value > 0) return value;
  throw new InvalidArgumentError("It is not a number above 0.");
}
