import { type Command, Option } from "commander";
import { getAuthored } from "../../../app/records/named-dataset.ts";
import { parseSelection } from "../../../core/catalog/selection.ts";
import { AlmanacError } from "../../../core/errors.ts";
import { datasetSpecText } from "../../../core/records/dataset-version.ts";
import type { DatasetSummary } from "../../../ports/dataset-catalog.ts";
import type { Catalog } from "../../project.ts";
import { requireDataset } from "../../require-dataset.ts";
import type { CommandContext, CommandModule } from "../command.ts";
import { datasetColumns, listedDatasets, shownAuthored, stateOf } from "../dataset-listing.ts";
import { defineRemove } from "../dataset-remove.ts";
import { defineDatasetVerify } from "../dataset-verify.ts";
import { defineDelete } from "../delete-verbs.ts";
import { requireKnownFacets } from "../known-names.ts";
import { datasetValues, remarkUnknownValues } from "../nothing-found.ts";
import { openFrom } from "../open.ts";
import {
  type DocumentFlags,
  type ListingFlags,
  withDocumentFormat,
  withFormat,
  writeDocument,
  writeListing,
} from "../output.ts";
import { limits, type PagingFlags, requireMatch, selectorHelp, withPaging } from "../paging.ts";
import { defineTypes } from "../source-type-view.ts";
import { defineAuthoring } from "./dataset-authoring.ts";
import { defineBags } from "./dataset-bags.ts";
import { defineSplits } from "./dataset-splits.ts";

/** `almanac datasets list|show|verify|remove|types|retract|restore`, and what concerns authored ones. */
export const { define }: CommandModule = {
  define: (command, context) => {
    defineList(command.command("list").description("list datasets"), context);
    defineShow(command.command("show").description("show one dataset with its files"), context);
    defineDatasetVerify(command.command("verify"), context);
    defineDelete(command.command("delete"), { noun: "dataset", context });
    defineRemove(command.command("remove"), context);
    defineAuthoring(command, context);
    defineSplits(command, context);
    defineBags(command.command("bag"), context);
    defineTypes(command.command("types").description("list the source types there are"), context);
    for (const [verb, done, retracted] of [
      ["retract", "retracted", true],
      ["restore", "restored", false],
    ] as const)
      command
        .command(verb)
        .description(retracted ? "hide a dataset from solving" : "show a retracted dataset to solving again")
        .argument("<id>", "dataset id or RID; of an authored one also its name, with @version")
        .action(async (name: string) => {
          await using project = await openFrom(context, { access: "write" });
          const id = await hideableId(name, project.catalog);
          const changed = await project.catalog.datasets.setRetracted(id, retracted);
          context.terminal.out(
            changed ? `${done} ${id}\n` : `${id} is ${retracted ? "retracted already" : "not retracted"}\n`,
          );
        });
  },
};

/** Id of a dataset that solving sees: one that was ingested, a released version, or a dataset that has any. */
async function hideableId(name: string, catalog: Catalog): Promise<string> {
  const named = await getAuthored(name, catalog.authored);
  if (named === undefined) return (await requireDataset(name, catalog)).id;
  const { dataset, version } = named;
  const seen = (await catalog.authored.releasedTypes()).some(({ datasets }) =>
    datasets.includes(dataset.rid),
  );
  const id = datasetSpecText({ rid: dataset.rid, ...(version === undefined ? {} : { version }) });
  const { total } = await catalog.datasets.list({ names: [id], limit: 1 });
  if (seen && total > 0) return id;
  throw new AlmanacError(
    "USAGE",
    `${name} was put together here and is no released version with facets: solving never sees it`,
    {
      hint: `almanac datasets versions ${dataset.rid}, almanac datasets change ${dataset.rid} --facet NAME=VALUE`,
    },
  );
}

type ListFlags = ListingFlags &
  PagingFlags & { readonly type?: string; readonly origin?: DatasetSummary["origin"] };

function defineList(command: Command, context: CommandContext): void {
  withPaging(withFormat(command))
    .argument("[selector...]", selectorHelp)
    .option("--type <type>", "source type")
    .addOption(
      new Option(
        "--origin <origin>",
        "only what was ingested, put together here, or is a released version as solving sees it",
      ).choices(["ingested", "authored", "released"]),
    )
    .action(async (words: string[], flags: ListFlags) => {
      await using project = await openFrom(context, { access: "read" });
      const selection = parseSelection(words);
      await requireKnownFacets(selection, { ...project, only: flags.type });
      const found = await project.catalog.datasets.list({
        ...(flags.type === undefined ? {} : { sourceType: flags.type }),
        ...(flags.origin === undefined ? {} : { origin: flags.origin }),
        selection: words,
        ...limits(flags),
      });
      await remarkUnknownValues({ found: found.total, selection, terminal: context.terminal }, () =>
        datasetValues(project),
      );
      requireMatch(found.total, flags);
      const items = await listedDatasets(found.items, project.catalog.authored);
      await writeListing(
        { kind: "datasets", ...found, items, columns: datasetColumns },
        { ...context, flags },
      );
    });
}

function defineShow(command: Command, context: CommandContext): void {
  withDocumentFormat(command)
    .argument("<id>", "dataset id or RID; of an authored one also its name, with @version")
    .action(async (id: string, flags: DocumentFlags) => {
      await using project = await openFrom(context, { access: "read" });
      const authored = await shownAuthored(id, project.catalog.authored);
      if (authored !== undefined) return writeDocument(authored, { ...context, flags });
      const dataset = await requireDataset(id, project.catalog);
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
