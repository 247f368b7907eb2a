import type { Command } from "commander";
import { requireSourceType } from "../../../core/catalog/source-types.ts";
import { AlmanacError } from "../../../core/errors.ts";
import { nearestNames } from "../../../core/identity/nearest-names.ts";
import type { DatasetSummary } from "../../../ports/dataset-catalog.ts";
import type { CommandContext, CommandModule } from "../command.ts";
import { requireKnownFacets } from "../known-names.ts";
import { openFrom } from "../open.ts";
import { type ListingFlags, withFormat, writeDocument, writeListing } from "../output.ts";
import { limits, type PagingFlags, page, requireMatch, withPaging } from "../paging.ts";
import { parseSelection } from "../selection.ts";

/** `almanac datasets list|show|retract|restore`. */
export const { define }: CommandModule = {
  define: (command, context) => {
    defineList(command.command("list").description("list datasets"), context);
    defineShow(command.command("show").description("show one dataset with its files"), context);
    for (const [verb, done, retracted] of [
      ["retract", "retracted", true],
      ["restore", "restored", false],
    ] as const)
      command
        .command(verb)
        .description(retracted ? "hide a dataset from solving" : "show a retracted dataset to solving again")
        .argument("<id>")
        .action(async (id: string) => {
          await using project = await openFrom(context, { access: "write" });
          await requireDataset(id, project.catalog.datasets);
          const changed = await project.catalog.datasets.setRetracted(id, retracted);
          context.terminal.out(changed ? `${done} ${id}\n` : `${id} is ${done} already\n`);
        });
  },
};

type ListFlags = ListingFlags & PagingFlags & { readonly type?: string };

function defineList(command: Command, context: CommandContext): void {
  withPaging(withFormat(command))
    .argument("[selector...]", "facet=a,b")
    .option("--type <type>", "source type")
    .action(async (words: string[], flags: ListFlags) => {
      await using project = await openFrom(context, { access: "read" });
      const selection = parseSelection(words);
      if (flags.type !== undefined) requireSourceType(flags.type);
      requireKnownFacets(selection.facets, flags.type);
      const query = {
        ...(flags.type === undefined ? {} : { sourceType: flags.type }),
        facets: selection.exact,
      };
      const found = selection.isExact
        ? await project.catalog.datasets.list({ ...query, ...limits(flags) })
        : selected(await project.catalog.datasets.list(query), { selection, flags });
      requireMatch(found.total, flags);
      await writeListing({ kind: "datasets", ...found, columns }, { terminal: context.terminal, flags });
    });
}

function selected(
  { items }: { readonly items: readonly DatasetSummary[] },
  { selection, flags }: { selection: ReturnType<typeof parseSelection>; flags: ListFlags },
) {
  const matching = items.filter(({ facets }) => selection.matches(facets));
  return { items: page(matching, flags), total: matching.length };
}

const columns = [
  { heading: "rid", text: ({ rid }: DatasetSummary) => rid },
  { heading: "id", text: ({ id }: DatasetSummary) => id },
  { heading: "files", text: ({ files }: DatasetSummary) => String(files.length) },
  { heading: "state", text: stateOf },
];

function stateOf({ retracted, invalid, missingFiles, finalised }: DatasetSummary): string {
  const words = [
    ...(retracted ? ["retracted"] : []),
    ...(invalid === undefined ? [] : ["invalid"]),
    ...(missingFiles.length > 0 ? [`${missingFiles.length} missing`] : []),
    ...(finalised ? [] : ["not opened"]),
  ];
  return words.join(", ") || "ok";
}

async function requireDataset(
  id: string,
  datasets: { list(query: object): Promise<{ readonly items: readonly DatasetSummary[] }> },
): Promise<DatasetSummary> {
  const { items } = await datasets.list({});
  const found = items.find((each) => each.id === id || each.rid === id);
  if (found !== undefined) return found;
  const close = nearestNames(
    id,
    items.map((each) => each.id),
  );
  throw new AlmanacError("UNKNOWN_NAME", `there is no dataset "${id}"`, {
    hint: close.length > 0 ? `nearest: ${close.join(", ")}` : "almanac datasets list",
  });
}

function defineShow(command: Command, context: CommandContext): void {
  withFormat(command)
    .argument("<id>", "dataset id or RID")
    .action(async (id: string, flags: ListingFlags) => {
      await using project = await openFrom(context, { access: "read" });
      const dataset = await requireDataset(id, project.catalog.datasets);
      const facets = Object.entries(dataset.facets).map(([facet, value]) => `  ${facet.padEnd(24)}${value}`);
      const files = dataset.files.map(
        ({ path, start, end }) => `  ${path}${start === undefined ? "" : `  ${start} to ${end}`}`,
      );
      const missing = dataset.missingFiles.map(({ path }) => `  ${path}  (missing)`);
      const text = [
        `${dataset.id}  (${dataset.rid}, ${stateOf(dataset)})`,
        ...facets,
        "files",
        ...files,
        ...missing,
      ].join("\n");
      writeDocument({ kind: "dataset", value: dataset, text }, { terminal: context.terminal, flags });
    });
}
