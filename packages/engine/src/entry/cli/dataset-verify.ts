import type { Command } from "commander";
import { parseSelection } from "../../core/catalog/selection.ts";
import { errorKinds } from "../../core/errors.ts";
import { type ChangedFile, changedFiles } from "../check-datasets.ts";
import type { CommandContext } from "./command.ts";
import { requireKnownFacets } from "./known-names.ts";
import { datasetValues, remarkUnknownValues } from "./nothing-found.ts";
import { openFrom } from "./open.ts";
import { type ListingFlags, withFormat, writeListing } from "./output.ts";
import { type PagingFlags, requireMatch, selectorHelp } from "./paging.ts";

interface VerifyFlags extends ListingFlags, Pick<PagingFlags, "requireMatch"> {
  readonly type?: string;
}

/** Adds `datasets verify`. */
export function defineDatasetVerify(command: Command, context: CommandContext): void {
  withFormat(command)
    .description("look whether files are there in the size and of the time recorded; exit 9 when one is not")
    .argument("[selector...]", selectorHelp)
    .option("--type <type>", "source type")
    .option("--require-match", "exit 10 when no dataset matches")
    .action(async (words: string[], flags: VerifyFlags) => {
      await using project = await openFrom(context, { access: "read" });
      const selection = parseSelection(words);
      await requireKnownFacets(selection, { ...project, only: flags.type });
      // Files of released versions are assets, which assets verify looks at.
      const { items: datasets, total: found } = await project.catalog.datasets.list({
        origin: "ingested",
        ...(flags.type === undefined ? {} : { sourceType: flags.type }),
        selection: words,
      });
      const { terminal } = context;
      await remarkUnknownValues({ found, selection, terminal }, () => datasetValues(project));
      requireMatch(found, flags);
      const items = changedFiles(datasets, project.folder).map(itemOf);
      const files = datasets.reduce((sum, each) => sum + each.files.length + each.missingFiles.length, 0);
      const extra = { verified: { datasets: datasets.length, files } };
      await writeListing(
        { kind: "changed-files", noun: "changed files", items, total: items.length, columns, extra },
        { terminal, flags },
      );
      if (items.length > 0) context.exit(errorKinds.DIFFERS.exit);
    });
}

function itemOf({ dataset, file, change, message }: ChangedFile) {
  return { rid: dataset.rid, id: dataset.id, path: file.path, change, message };
}

type Item = ReturnType<typeof itemOf>;

const columns = [
  { heading: "rid", text: ({ rid }: Item) => rid },
  { heading: "id", text: ({ id }: Item) => id },
  { heading: "file", text: ({ path }: Item) => path },
  { heading: "change", text: ({ change, message }: Item) => `${change}: ${message}` },
];
