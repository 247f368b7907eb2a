import path from "node:path";
import type { Command } from "commander";
import { type Rid, requireRid } from "../../core/identity/rid.ts";
import type { Project } from "../project.ts";
import type { CommandContext } from "./command.ts";
import { defineDeleteExecutions } from "./delete-verbs.ts";
import { defineDiff } from "./diff-verb.ts";
import { defineInvalidate } from "./invalidate-verb.ts";
import { openFrom } from "./open.ts";
import { defineVerify } from "./verify-verb.ts";

/** A verb on executions and what it says when it is done. */
interface Verb {
  readonly summary: string;
  readonly act: (project: Project, rid: Rid) => Promise<string>;
  /** Works on files alone: the catalog may be read-only, or not there. */
  readonly filesOnly?: boolean;
}

const verbs = {
  retry: {
    summary: "let an execution's group run again, its failures forgotten",
    act: (project, rid) => project.retry(rid),
  },
  cancel: {
    summary: "end an execution; its group waits for a retry",
    act: (project, rid) => project.cancel(rid),
  },
  materialize: {
    summary: "copy what an execution left in scratch to results; nothing else",
    act: (project, rid) => project.materialize(rid),
    filesOnly: true,
  },
  resolve: {
    summary: "say which state an execution's outcome leads to; writes nothing",
    act: (project, rid) => project.resolve(rid),
    filesOnly: true,
  },
} as const satisfies Record<string, Verb>;

/** Adds the verbs that act on one or several executions. */
export function defineVerbs(command: Command, context: CommandContext): void {
  for (const [name, verb] of Object.entries<Verb>(verbs))
    command
      .command(name)
      .description(verb.summary)
      .argument("<rid...>", "executions")
      .action((rids: string[]) => actOnEach(rids, { verb, context }));
  command
    .command("reingest")
    .description("load an execution's values from results once more")
    .argument("<rid...>", "executions")
    .option("--new", "as those of a new execution that shares the files; the old values stay as they are")
    .option("--lenient", "load what the vocabulary does not allow too, with warnings")
    .action(async (rids: string[], flags: { readonly new?: boolean; readonly lenient?: boolean }) => {
      const how = { asNew: flags.new === true, lenient: flags.lenient === true };
      const verb = { summary: "", act: (project: Project, rid: Rid) => project.reingest(rid, how) };
      await actOnEach(rids, { verb, context });
    });
  defineVerify(command.command("verify"), context);
  defineInvalidate(command.command("invalidate"), context);
  defineDiff(command.command("diff"), context);
  defineAttach(command.command("attach"), context);
  defineIngest(command.command("ingest"), context);
  defineDeleteExecutions(command.command("delete"), context);
}

async function actOnEach(
  texts: readonly string[],
  { verb, context }: { readonly verb: Verb; readonly context: CommandContext },
): Promise<void> {
  const rids = texts.map(requireRid);
  await using project = await openFrom(context, {
    access: verb.filesOnly === true ? "read-if-there" : "write",
  });
  for (const rid of rids) context.terminal.out(`${rid}: ${await verb.act(project, rid)}\n`);
}

interface AttachFlags {
  readonly name?: string;
  readonly description?: string;
  readonly type?: readonly string[];
}

function defineAttach(command: Command, context: CommandContext): void {
  command
    .description("add a file to a published execution, beside what was published")
    .argument("<rid>", "execution")
    .argument("<file>", "file; it is copied")
    .option("--name <name>", "unique among the execution's files (default: the file name)")
    .option("--description <text>", "what it is")
    .option("--type <type...>", "its types")
    .action(async (text: string, file: string, { type, ...described }: AttachFlags) => {
      const rid = requireRid(text);
      await using project = await openFrom(context, { access: "write" });
      const request = { ...described, file: path.resolve(context.terminal.cwd, file), types: type ?? [] };
      context.terminal.out(`${rid}: ${await project.attach(rid, request)}\n`);
    });
}

function defineIngest(command: Command, context: CommandContext): void {
  command
    .description("load executions from a results tree into the catalog; needs neither scratch nor sources")
    .argument("[rid...]", "executions; default: all of the results folder")
    .option("--lenient", "load what the vocabulary does not allow too, with warnings")
    .action(async (texts: string[], { lenient = false }: { readonly lenient?: boolean }) => {
      const rids = texts.map(requireRid);
      await using project = await openFrom(context, { access: "write" });
      const report = await project.ingestResults(rids, { lenient });
      const known = report.failures === 0 ? "" : `, ${report.failures} failed runs recorded`;
      context.terminal.out(
        `${report.ingested} executions ingested${known}, ${report.failed.length} failed\n`,
      );
      for (const { fragment, message } of report.warnings)
        context.terminal.err(`warning  ${fragment}: ${message}\n`);
      for (const { fragment, message } of report.failed)
        context.terminal.err(`failed  ${fragment}: ${message}\n`);
      if (report.failed.length > 0) context.exit(4);
    });
}
