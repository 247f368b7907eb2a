import type { Command } from "commander";
import type { RecordType, TypedRecord } from "../../../core/records/record-type.ts";
import { type ColumnFlags, columnsOf, columnText, withColumns } from "../column-flags.ts";
import type { CommandContext, CommandModule } from "../command.ts";
import { defineDelete } from "../delete-verbs.ts";
import { openFrom } from "../open.ts";
import { type ListingFlags, withFormat, writeListing } from "../output.ts";
import { limits, type PagingFlags, requireMatch, withPaging } from "../paging.ts";

/** `almanac records types|define|list|delete`. */
export const { define }: CommandModule = {
  define: (command, context) => {
    defineTypes(command.command("types").description("list record types with their columns"), context);
    defineDefine(command.command("define").description("declare a record type"), context);
    defineList(command.command("list").description("list the records of one type"), context);
    defineDelete(command.command("delete"), { noun: "record type", context });
  },
};

function defineTypes(command: Command, context: CommandContext): void {
  withFormat(command).action(async (flags: ListingFlags) => {
    await using project = await openFrom(context, { access: "read" });
    const items = await project.catalog.typedRecords.types();
    const listing = { kind: "record-types", noun: "record types", items, total: items.length, columns };
    await writeListing(listing, { terminal: context.terminal, flags });
  });
}

const columns = [
  { heading: "name", text: ({ name }: RecordType) => name },
  { heading: "columns", text: ({ columns: all }: RecordType) => all.map(columnText).join(" ") },
  { heading: "description", text: ({ description }: RecordType) => description },
];

interface DefineFlags extends ColumnFlags {
  readonly description: string;
}

function defineDefine(command: Command, context: CommandContext): void {
  withColumns(
    command
      .argument("<type>", "name")
      .option("--description <text>", "what its records are", "")
      .option("--record <name:type...>", "columns that hold records of a type")
      .option("--dataset <name...>", "columns that hold datasets"),
  ).action(async (name: string, flags: DefineFlags) => {
    await using project = await openFrom(context, { access: "write" });
    const { description } = flags;
    await project.catalog.typedRecords.define({ name, description, columns: columnsOf(flags) });
    context.terminal.out(`record type ${name}\n`);
  });
}

function defineList(command: Command, context: CommandContext): void {
  withPaging(withFormat(command))
    .argument("<type>", "record type")
    .action(async (type: string, flags: ListingFlags & PagingFlags) => {
      await using project = await openFrom(context, { access: "read" });
      const found = await project.catalog.typedRecords.list({ type, ...limits(flags) });
      requireMatch(found.total, flags);
      const types = await project.catalog.typedRecords.types();
      const own = types.find(({ name }) => name === type)?.columns ?? [];
      const listing = { kind: "records", ...found, columns: recordColumns(own) };
      await writeListing(listing, { terminal: context.terminal, flags });
    });
}

function recordColumns(own: RecordType["columns"]) {
  return [
    { heading: "rid", text: ({ rid }: TypedRecord) => rid },
    ...own.map(({ name }) => ({
      heading: name,
      text: ({ values }: TypedRecord) => {
        const value = values[name] ?? null;
        return value === null ? "" : typeof value === "string" ? value : JSON.stringify(value);
      },
    })),
    { heading: "execution", text: ({ execution }: TypedRecord) => execution },
  ];
}
