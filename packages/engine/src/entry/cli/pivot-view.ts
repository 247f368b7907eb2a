import type { Command } from "commander";
import { AlmanacError } from "../../core/errors.ts";
import { type PivotColumn, pivot, type Reduction, reductions } from "../../core/results/pivot.ts";
import type { CommandContext } from "./command.ts";
import { facetList, findScalars } from "./found-scalars.ts";
import { type NameFlags, withNameFilters } from "./name-filters.ts";
import { openFrom } from "./open.ts";
import { type ListingFlags, withFormat, writeListing } from "./output.ts";
import { type PagingFlags, requireMatch } from "./paging.ts";

interface Flags extends ListingFlags, NameFlags, Pick<PagingFlags, "requireMatch"> {
  readonly rows: readonly string[];
  readonly columns: string;
  readonly reduce?: Reduction;
}

/** Adds `values pivot`. */
export function definePivot(command: Command, context: CommandContext): void {
  withNameFilters(withFormat(command.description("arrange scalars as rows and columns")))
    .argument("[selector...]", "dimension=a,b (any of them), dimension!=a, dimension=a*; all are to be met")
    .requiredOption(
      "--rows <facets>",
      "dimensions that tell rows apart, with commas; provider, diagnostic",
      facetList,
    )
    .requiredOption("--columns <facet>", "the dimension whose values are columns; or provider, diagnostic")
    .option(
      "--reduce <how>",
      `several values in one cell, as one: ${reductions.join(", ")}`,
      requireReduction,
    )
    .option("--require-match", "exit 10 when nothing matches")
    .action(async (words: string[], flags: Flags) => {
      await using project = await openFrom(context, { access: "read" });
      const { rows: facets, columns: column, reduce } = flags;
      const { terminal } = context;
      const numbers = await findScalars(project, { words, flags, facets: [...facets, column], terminal });
      requireMatch(numbers.length, flags);
      const table = pivot(numbers, {
        ...{ rows: facets, column },
        ...(reduce === undefined ? {} : { reduce }),
      });
      const items = table.rows.map(({ names, cells }) => ({
        row: Object.fromEntries(facets.map((facet, index) => [facet, names[index] ?? ""])),
        cells: Object.fromEntries(table.columns.map(({ name }, index) => [name, cells[index] ?? null])),
      }));
      await writeListing(
        {
          kind: "pivot",
          noun: "rows",
          items,
          total: items.length,
          columns: [
            ...facets.map((facet) => ({
              heading: facet,
              text: ({ row }: (typeof items)[number]) => row[facet] ?? "",
            })),
            ...table.columns.map((each) => ({
              heading: headingOf(each),
              text: ({ cells }: (typeof items)[number]) => String(cells[each.name] ?? ""),
            })),
          ],
          extra: {
            ...{ rows: facets, column, reduce: reduce ?? null, values: numbers.length },
            columns: table.columns.map(({ name, units }) => ({ name, units: units ?? null })),
          },
        },
        { terminal, flags },
      );
    });
}

function headingOf({ name, units }: PivotColumn): string {
  return units === undefined || units === "1" ? name : `${name} [${units}]`;
}

function requireReduction(text: string): Reduction {
  const found = reductions.find((each) => each === text);
  if (found !== undefined) return found;
  throw new AlmanacError("USAGE", `values cannot be reduced by "${text}"`, {
    hint: `ways: ${reductions.join(", ")}`,
  });
}
