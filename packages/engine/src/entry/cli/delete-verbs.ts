import type { Command } from "commander";
import { AlmanacError } from "../../core/errors.ts";
import { type Rid, requireRid } from "../../core/identity/rid.ts";
import type { Project } from "../project.ts";
import { requireNamedDataset } from "../require-authored.ts";
import { requireWorkflow } from "../require-workflow.ts";
import type { CommandContext } from "./command.ts";
import { openFrom } from "./open.ts";

/** Adds `executions delete`. */
export function defineDeleteExecutions(command: Command, context: CommandContext): void {
  command
    .description(
      "delete executions with all that is of them alone, files too; refused while something depends on them",
    )
    .argument("<rid...>", "executions that have ended")
    .option("--recursive", "their parts too")
    .option("--dry-run", "say what would be deleted, or what depends on it; delete nothing")
    .action(async (texts: string[], flags: { readonly recursive?: boolean; readonly dryRun?: boolean }) => {
      const rids = texts.map(requireRid);
      const { recursive = false, dryRun = false } = flags;
      await using project = await openFrom(context, { access: dryRun ? "read" : "write" });
      if (dryRun) return tell(await project.deletion({ rids, recursive }), context);
      for (const rid of await project.deleteExecutions({ rids, recursive }))
        context.terminal.out(`execution ${rid} deleted\n`);
    });
}

/** What deleting would do. */
function tell(
  { rids, uses }: Awaited<ReturnType<Project["deletion"]>>,
  { terminal, exit }: CommandContext,
): void {
  for (const { of, as, by } of uses) terminal.out(`${of} ${as} ${by}\n`);
  terminal.out(
    uses.length > 0 ? "dry run: it would be refused\n" : `dry run: ${rids.length} would be deleted\n`,
  );
  if (uses.length > 0) exit(7);
}

/** Records that are deleted one by one, and how a person names them. */
const deletions = {
  asset: async (project: Project, text: string) =>
    remove(requireRid(text), (rid) => project.deleteAsset(rid)),
  dataset: async ({ catalog }: Project, text: string) =>
    remove(await wholeDataset(text, catalog), (rid) => catalog.removal.dataset(rid)),
  workflow: async ({ catalog }: Project, text: string) =>
    remove((await requireWorkflow(text, catalog.workflows)).rid, (rid) => catalog.removal.workflow(rid)),
  feature: async ({ catalog }: Project, text: string) => {
    await catalog.removal.feature(text);
    return text;
  },
  "record type": async ({ catalog }: Project, text: string) => {
    await catalog.removal.recordType(text);
    return text;
  },
} as const;

/** @throws USAGE when a version is named; UNKNOWN_NAME */
async function wholeDataset(text: string, { authored }: Project["catalog"]): Promise<Rid> {
  const { dataset, version } = await requireNamedDataset(text, authored);
  if (version === undefined) return dataset.rid;
  throw new AlmanacError("USAGE", `a version is not deleted alone, and "${text}" names one`, {
    hint: `almanac datasets delete ${dataset.rid} deletes the dataset with all its versions`,
  });
}

async function remove(rid: Rid, act: (rid: Rid) => Promise<void>): Promise<string> {
  await act(rid);
  return rid;
}

/** How each is named, for the help. */
const namedBy: Readonly<Record<keyof typeof deletions, string>> = {
  ...{ asset: "RID", dataset: "RID, or a name that only one has", workflow: "RID or URL" },
  ...{ feature: "<target>/<name>", "record type": "name" },
};

/** Adds `delete` to the command of another kind of record. */
export function defineDelete(
  command: Command,
  { noun, context }: { readonly noun: keyof typeof deletions; readonly context: CommandContext },
): void {
  command
    .description(`delete one ${noun}; refused while something depends on it`)
    .argument(`<${noun.replace("record ", "")}>`, namedBy[noun])
    .action(async (text: string) => {
      await using project = await openFrom(context, { access: "write" });
      context.terminal.out(`${noun} ${await deletions[noun](project, text)} deleted\n`);
    });
}
