import type { Command } from "commander";
import type { TypesChange, Workflow } from "../../../ports/workflow-catalog.ts";
import { requireWorkflow } from "../../require-workflow.ts";
import type { CommandContext, CommandModule } from "../command.ts";
import { defineDelete } from "../delete-verbs.ts";
import { openFrom } from "../open.ts";
import {
  type DocumentFlags,
  type ListingFlags,
  withDocumentFormat,
  withFormat,
  writeDocument,
  writeListing,
} from "../output.ts";
import { limits, type PagingFlags, requireMatch, withPaging } from "../paging.ts";

interface ListFlags extends ListingFlags, PagingFlags {
  readonly name?: readonly string[];
  readonly type?: readonly string[];
  readonly url?: string;
}

/** `almanac workflows list|show|describe|types`. */
export const { define }: CommandModule = {
  define: (command, context) => {
    defineList(command.command("list").description("list workflows, newest first"), context);
    defineShow(command.command("show").description("show one workflow and its executions"), context);
    defineDelete(command.command("delete"), { noun: "workflow", context });
    defineDescribe(command.command("describe").description("give a workflow another description"), context);
    const types = command.command("types").description("change the types of a workflow");
    const kinds = [
      ["add", "add types", (named: readonly string[]): TypesChange => ({ add: named })],
      ["remove", "take types away", (named: readonly string[]): TypesChange => ({ remove: named })],
      [
        "set",
        "give it these types and no others",
        (named: readonly string[]): TypesChange => ({ set: named }),
      ],
    ] as const;
    for (const [name, summary, change] of kinds)
      defineTypes(types.command(name).description(summary), { context, change });
  },
};

function defineList(command: Command, context: CommandContext): void {
  withPaging(withFormat(command))
    .option("--name <text...>", "whose name contains one of these texts")
    .option("--type <type...>", "with one of these types")
    .option("--url <url>", "with this URL")
    .action(async (flags: ListFlags) => {
      await using project = await openFrom(context, { access: "read" });
      const { name, type, url } = flags;
      const found = await project.catalog.workflows.list({
        ...(name === undefined ? {} : { name }),
        ...(type === undefined ? {} : { type }),
        ...(url === undefined ? {} : { url }),
        ...limits(flags),
      });
      requireMatch(found.total, flags);
      await writeListing({ kind: "workflows", ...found, columns }, { terminal: context.terminal, flags });
    });
}

const columns = [
  { heading: "rid", text: ({ rid }: Workflow) => rid },
  { heading: "name", text: ({ name }: Workflow) => name },
  { heading: "types", text: ({ types }: Workflow) => types.join(" ") },
  { heading: "version", text: ({ version }: Workflow) => version ?? "" },
  { heading: "executions", text: ({ executions }: Workflow) => String(executions) },
  { heading: "url", text: ({ url }: Workflow) => url },
];

const named = "RID or URL";

function defineShow(command: Command, context: CommandContext): void {
  withDocumentFormat(command)
    .argument("<workflow>", named)
    .action(async (text: string, flags: DocumentFlags) => {
      await using project = await openFrom(context, { access: "read" });
      const value = await requireWorkflow(text, project.catalog.workflows);
      writeDocument(
        { kind: "workflow", value, text: linesOf(value).join("\n") },
        { terminal: context.terminal, flags },
      );
    });
}

function linesOf(workflow: Workflow): readonly string[] {
  const { rid, name, version, url, checksum, types, description, createdAt, executions } = workflow;
  return [
    `${rid}  ${name}${version === undefined ? "" : `  ${version}`}`,
    ...(description === "" ? [] : [description]),
    `url         ${url}`,
    `checksum    ${checksum}`,
    `types       ${types.join(", ")}`,
    `registered  ${createdAt}`,
    `executions  ${executions}`,
  ];
}

function defineDescribe(command: Command, context: CommandContext): void {
  command
    .argument("<workflow>", named)
    .argument("<text>", "description, Markdown")
    .action(async (text: string, description: string) => {
      await using project = await openFrom(context, { access: "write" });
      const { rid } = await requireWorkflow(text, project.catalog.workflows);
      await project.catalog.workflows.describe(rid, description);
      context.terminal.out(`workflow ${rid} described\n`);
    });
}

function defineTypes(
  command: Command,
  {
    context,
    change,
  }: { readonly context: CommandContext; readonly change: (types: readonly string[]) => TypesChange },
): void {
  command
    .argument("<workflow>", named)
    .argument("<type...>", "terms of the vocabulary Workflow_Type, or synonyms")
    .action(async (text: string, given: readonly string[]) => {
      await using project = await openFrom(context, { access: "write" });
      const { rid } = await requireWorkflow(text, project.catalog.workflows);
      const types = await project.catalog.workflows.changeTypes(rid, change(given));
      context.terminal.out(`workflow ${rid}: ${types.length === 0 ? "no types" : types.join(", ")}\n`);
    });
}
