import type { Command } from "commander";
import { AlmanacError } from "../../core/errors.ts";
import type { DatasetSummary } from "../../ports/dataset-catalog.ts";
import { changedFiles } from "../check-datasets.ts";
import { requireDataset } from "../require-dataset.ts";
import type { CommandContext } from "./command.ts";
import { openFrom } from "./open.ts";

/** Adds `datasets remove`. */
export function defineRemove(command: Command, context: CommandContext): void {
  command
    .description(
      "remove the records of datasets whose files have all vanished; says only what it would remove",
    )
    .argument("<id...>", "dataset ids or RIDs")
    .option("--yes", "remove them")
    .action(async (names: string[], { yes = false }: { readonly yes?: boolean }) => {
      await using project = await openFrom(context, { access: yes ? "write" : "read" });
      const { datasets } = project.catalog;
      const chosen = new Map<string, DatasetSummary>();
      for (const name of names) {
        const dataset = await requireDataset(name, project.catalog);
        requireVanished(dataset, project.folder);
        chosen.set(dataset.rid, dataset);
      }
      const removed = yes ? await datasets.removeVanished([...chosen.keys()]) : [];
      for (const { rid, id } of chosen.values()) {
        if (!yes) context.terminal.out(`would remove ${id}; --yes does\n`);
        else if (removed.includes(rid)) context.terminal.out(`removed ${id}\n`);
        else throw hasFeatures({ rid, id });
      }
    });
}

/** What the catalog says and what is on disk must agree. */
function requireVanished(dataset: DatasetSummary, folder: string): void {
  const { id, rid, origin, files, missingFiles } = dataset;
  if (origin === "authored")
    throw new AlmanacError(
      "USAGE",
      `${rid} is a dataset that was put together here: no files vanish from it`,
      {
        hint: `almanac datasets delete ${rid}`,
        facts: { rid },
      },
    );
  const back = changedFiles([dataset], folder).filter(({ change }) => change === "back");
  if (files.length === 0 && missingFiles.length > 0 && back.length === 0) return;
  throw new AlmanacError("IN_USE", `${id} has files: ${files.length} recorded, ${back.length} back on disk`, {
    hint: `almanac ingest records what has vanished; almanac datasets retract ${rid} hides a dataset`,
    facts: { rid, id },
  });
}

function hasFeatures({ rid, id }: Pick<DatasetSummary, "rid" | "id">): AlmanacError {
  return new AlmanacError("IN_USE", `${id} was kept: features are recorded of it, or its files are back`, {
    hint: `almanac datasets retract ${rid} hides it`,
    facts: { rid, id },
  });
}
