import { requireExecution } from "../../../app/require-execution.ts";
import { parseSelection } from "../../../core/catalog/selection.ts";
import { AlmanacError } from "../../../core/errors.ts";
import { requireRid } from "../../../core/identity/rid.ts";
import type { ValueQuery } from "../../../ports/value-catalog.ts";
import type { CommandModule } from "../command.ts";
import { requireKnownDimensions, requireKnownNames } from "../known-names.ts";
import { type NameFlags, nameQuery, withNameFilters } from "../name-filters.ts";
import { dimensionValues, remarkUnknownValues } from "../nothing-found.ts";
import { openFrom } from "../open.ts";
import { defineOutliers } from "../outlier-view.ts";
import { type ListingFlags, withFormat, writeListing } from "../output.ts";
import { limits, type PagingFlags, requireMatch, withPaging } from "../paging.ts";
import { definePivot } from "../pivot-view.ts";
import { fullValueColumns, valueColumns, valueItem } from "../value-columns.ts";

interface Flags extends ListingFlags, PagingFlags, NameFlags {
  readonly kind?: "scalar" | "series";
  readonly execution?: string;
  readonly all?: boolean;
}

/** `almanac values list|pivot|outliers`. */
export const { define }: CommandModule = {
  define: (command, context) => {
    withNameFilters(
      withPaging(withFormat(command.command("list").description("list scalars (default) or series"))),
    )
      .argument("[selector...]", "dimension=a,b (any of them), dimension!=a, dimension=a*; all are to be met")
      .option("--kind <kind>", "scalar or series", requireKind, "scalar")
      .option("--execution <rid>", "of one execution")
      .option("--all", "those of superseded executions and versions too")
      .action(async (words: string[], flags: Flags) => {
        await using project = await openFrom(context, { access: "read" });
        const selection = parseSelection(words);
        await requireKnownDimensions(selection, project);
        await requireKnownNames(flags, project);
        if (flags.execution !== undefined)
          await requireExecution(requireRid(flags.execution), project.catalog.executions);
        const query = { ...queryOf(flags), selection: words, ...limits(flags) };
        const found = await project.catalog.values.values(query);
        const { total } = found;
        const items = found.items.map(valueItem);
        await remarkUnknownValues({ found: total, selection, terminal: context.terminal }, () =>
          dimensionValues(project),
        );
        requireMatch(total, flags);
        await writeListing(
          { kind: "values", items, total, columns: valueColumns, fullColumns: fullValueColumns(items) },
          { terminal: context.terminal, flags },
        );
      });
    definePivot(command.command("pivot"), context);
    defineOutliers(command.command("outliers"), context);
  },
};

function requireKind(text: string): "scalar" | "series" {
  if (text === "scalar" || text === "series") return text;
  throw new AlmanacError("USAGE", `there are no values of kind "${text}"`, { hint: "kinds: scalar, series" });
}

function queryOf(flags: Flags): ValueQuery {
  return {
    ...(flags.kind === undefined ? {} : { kind: flags.kind }),
    ...(flags.execution === undefined ? {} : { executions: [requireRid(flags.execution)], all: true }),
    ...nameQuery(flags),
    ...(flags.all === true ? { all: true } : {}),
  };
}
