import type { Command } from "commander";
import { requireRid } from "../../core/identity/rid.ts";
import type { NestedExecution } from "../../ports/run-catalog.ts";
import type { CommandContext } from "./command.ts";
import { openFrom } from "./open.ts";
import { type ListingFlags, withFormat, writeListing } from "./output.ts";
import { wholeNumber } from "./paging.ts";

interface RelatedFlags extends ListingFlags {
  readonly recursive?: boolean;
}

/** Adds what concerns executions that are parts of others: `children`, `parents`, `nest`, `describe`. */
export function defineNesting(command: Command, context: CommandContext): void {
  defineRelated(command.command("children").description("list the parts of an execution"), {
    context,
    direction: "children",
  });
  defineRelated(command.command("parents").description("list what an execution is part of"), {
    context,
    direction: "parents",
  });
  command
    .command("nest")
    .description("make an execution part of another; several parents are allowed")
    .argument("<parent>", "the whole")
    .argument("<child>", "the part")
    .option("--sequence <n>", "place among the parts", wholeNumber)
    .action(async (parent: string, child: string, { sequence }: { readonly sequence?: number }) => {
      const [whole, part] = [requireRid(parent), requireRid(child)];
      await using project = await openFrom(context, { access: "write" });
      const place = sequence === undefined ? {} : { sequence };
      await project.catalog.runs.nest({ parent: whole, child: part, ...place });
      context.terminal.out(`${part} is part of ${whole}\n`);
    });
  command
    .command("describe")
    .description("give an execution another description")
    .argument("<rid>", "execution")
    .argument("<text>", "Markdown")
    .action(async (text: string, description: string) => {
      const rid = requireRid(text);
      await using project = await openFrom(context, { access: "write" });
      await project.catalog.runs.describe(rid, description);
      context.terminal.out(`${rid} described\n`);
    });
}

function defineRelated(
  command: Command,
  { context, direction }: { readonly context: CommandContext; readonly direction: "children" | "parents" },
): void {
  withFormat(command)
    .argument("<rid>", "execution")
    .option("--recursive", "theirs too, each once")
    .action(async (text: string, flags: RelatedFlags) => {
      await using project = await openFrom(context, { access: "read" });
      const items = await project.catalog.runs[direction](requireRid(text), flags.recursive === true);
      await writeListing(
        { kind: direction, noun: "executions", items, total: items.length, columns },
        { terminal: context.terminal, flags },
      );
    });
}

const columns = [
  { heading: "rid", text: ({ rid }: NestedExecution) => rid },
  { heading: "depth", text: ({ depth }: NestedExecution) => String(depth) },
  { heading: "sequence", text: ({ sequence }: NestedExecution) => String(sequence ?? "") },
  { heading: "state", text: ({ state }: NestedExecution) => state },
  { heading: "description", text: ({ description }: NestedExecution) => description.split("\n")[0] ?? "" },
];
