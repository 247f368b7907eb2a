import path from "node:path";
import type { Command } from "commander";
import { parseSelection } from "../../../core/catalog/selection.ts";
import type { SourceTypes } from "../../../core/catalog/source-types.ts";
import { AlmanacError } from "../../../core/errors.ts";
import { type CatalogForm, catalogForms } from "../../../ports/catalog-file.ts";
import type { CommandContext, CommandModule } from "../command.ts";
import { requireKnownFacets } from "../known-names.ts";
import { openFrom } from "../open.ts";
import { type DocumentFlags, withDocumentFormat, writeDocument } from "../output.ts";
import { type PagingFlags, requireMatch, selectorHelp } from "../paging.ts";

/** `almanac export parquet|csv|ndjson|intake-esm [selector…] -o FILE`. */
export const { define }: CommandModule = {
  define: (command, context) => {
    for (const form of catalogForms) defineCatalog(command.command(form), { form, context });
  },
};

const described: Readonly<Record<CatalogForm, string>> = {
  parquet: "datasets as a Parquet file",
  csv: "datasets as a CSV file, compressed where its name ends in .gz",
  ndjson: "datasets as one JSON object a line, compressed where the name ends in .gz",
  "intake-esm": "datasets as an intake-esm catalog, with its table beside it",
};

interface Flags extends DocumentFlags, Pick<PagingFlags, "requireMatch"> {
  readonly output: string;
  readonly type?: string;
}

function defineCatalog(
  command: Command,
  { form, context }: { readonly form: CatalogForm; readonly context: CommandContext },
): void {
  withDocumentFormat(command)
    .description(described[form])
    .argument("[selector...]", selectorHelp)
    .requiredOption("-o, --output <file>", "file to write; one that is there is replaced")
    .option("--type <type>", "source type; default: all that have selected datasets")
    .option("--require-match", "exit 10 when nothing matches")
    .action(async (words: string[], flags: Flags) => {
      const { terminal } = context;
      await using project = await openFrom(context, { access: "read" });
      await requireKnownFacets(parseSelection(words), { ...project, only: flags.type });
      requireIngestedType(flags.type, project.sourceTypes);
      const file = path.resolve(terminal.cwd, flags.output);
      const report = await project.exportCatalog({ file, form, sourceType: flags.type, selection: words });
      writeDocument({ kind: "export", value: report, text: exportText(report) }, { terminal, flags });
      requireMatch(report.datasets, flags);
    });
}

/** @throws USAGE when it is the type of datasets that were put together here */
function requireIngestedType(type: string | undefined, { get }: SourceTypes): void {
  if (type === undefined || get(type) !== undefined) return;
  throw new AlmanacError("USAGE", `datasets of the type "${type}" were put together here, of assets`, {
    hint: "almanac datasets bag export RID@VERSION writes one with its files",
    facts: { type },
  });
}

function exportText({
  written,
  datasets,
  rows,
  retracted,
  invalid,
  undeclared,
}: Awaited<ReturnType<import("../../project.ts").Project["exportCatalog"]>>): string {
  const left = [
    ...(retracted > 0 ? [`${retracted} retracted`] : []),
    ...(invalid > 0 ? [`${invalid} invalid`] : []),
    ...(undeclared > 0 ? [`${undeclared} of source types that nobody declares`] : []),
  ];
  const rest = left.length === 0 ? "" : `; left out: ${left.join(", ")}`;
  return `wrote ${written.join(" and ")}: ${datasets} datasets, ${rows} rows${rest}`;
}
