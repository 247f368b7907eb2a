import { type Command, InvalidArgumentError } from "commander";
import {
  defaultFactor,
  defaultSources,
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
  readonly source: string;
  readonly factor: number;
  readonly sources: number;
}

/** Values of different diagnostics are never compared. */
const always = ["provider", "diagnostic"];

const method = "distance from the inclusive quartiles of the means of the sources, in interquartile ranges";

/** Adds `values outliers`. */
export function defineOutliers(command: Command, context: CommandContext): void {
  withNameFilters(
    withFormat(
      command.description("list scalars far outside of the quartiles of their group; nothing is changed"),
    ),
  )
    .argument("[selector...]", "dimension=a,b (any of them), dimension!=a, dimension=a*; all are to be met")
    .option("--by <facets>", "dimensions that tell groups apart, beside diagnostic and units", facetList, [
      "metric",
      "statistic",
    ])
    .option(
      "--source <facet>",
      "dimension that names the source: each counts once, with its mean",
      "source_id",
    )
    .option("--factor <n>", "interquartile ranges outside of the quartiles", aboveZero, defaultFactor)
    .option("--sources <n>", "groups of fewer are named and not judged", wholeNumber, defaultSources)
    .option("--require-match", "exit 10 when no value matches")
    .action(async (words: string[], flags: Flags) => {
      await using project = await openFrom(context, { access: "read" });
      const { terminal } = context;
      const by = [...always, ...flags.by.filter((name) => !always.includes(name))];
      const numbers = await findScalars(project, { words, flags, facets: [...by, flags.source], terminal });
      requireMatch(numbers.length, flags);
      const { source, factor, sources } = flags;
      const { outliers, judged, tooFew } = findOutliers(numbers, { by, source, factor, sources });
      const items = outliers.map(itemOf);
      const named = (group: NumberGroup) => ({
        group: Object.fromEntries(by.map((facet, index) => [facet, group.names[index] ?? ""])),
        units: group.units ?? null,
        sources: group.sources,
      });
      await writeListing(
        {
          ...{ kind: "outliers", items, total: items.length },
          columns: [...valueColumns, ...ownColumns],
          fullColumns: [...fullValueColumns(items), ...ownColumns],
          extra: { method, factor, groups: judged.map(named), tooFew: tooFew.map(named) },
        },
        { terminal, flags },
      );
      if (formatOf(flags) === "json") return;
      terminal.err(`of ${judged.length} groups, beyond ${factor}; ${method}\n`);
      for (const group of tooFew)
        terminal.err(
          `too few  ${group.names.filter((name) => name !== "").join("/")}  ${group.sources} of ${sources} sources\n`,
        );
    });
}

function itemOf({ number, group, reason, bounds }: Outlier<FoundScalar>) {
  const [lower, upper] = bounds ?? [null, null];
  return { ...valueItem(number.listed), reason, lower, upper, sources: group.sources };
}

const ownColumns: readonly Column<ReturnType<typeof itemOf>>[] = [
  { heading: "reason", text: ({ reason }) => reason },
  { heading: "lower", text: ({ lower }) => String(lower ?? "") },
  { heading: "upper", text: ({ upper }) => String(upper ?? "") },
  { heading: "sources", text: ({ sources }) => String(sources) },
];

function aboveZero(text: string): number {
  const value = Number(text);
  if (Number.isFinite(value) && value > 0) return value;
  throw new InvalidArgumentError("It is not a number above 0.");
}
