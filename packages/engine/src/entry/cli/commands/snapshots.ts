import type { Command } from "commander";
import { AlmanacError } from "../../../core/errors.ts";
import type { CatalogSnapshot } from "../../../core/records/catalog-snapshot.ts";
import type { CommandContext, CommandModule } from "../command.ts";
import { openFrom } from "../open.ts";
import {
  type DocumentFlags,
  type ListingFlags,
  withDocumentFormat,
  withFormat,
  writeDocument,
  writeListing,
} from "../output.ts";

/** `almanac snapshots create|list|show|delete`. */
export const { define }: CommandModule = {
  define: (command, context) => {
    defineCreate(
      command.command("create").description("keep the catalog as it is now, for reading"),
      context,
    );
    defineList(command.command("list").description("list snapshots, newest first"), context);
    defineShow(command.command("show").description("show one snapshot, its copy hashed again"), context);
    command
      .command("delete")
      .description("delete snapshots")
      .argument("<snapshot...>", named)
      .action(async (texts: string[]) => {
        await using project = await openFrom(context, { access: "none" });
        const snapshots = await project.snapshots();
        for (const text of texts) await snapshots.require(text);
        for (const text of texts) {
          const { id } = await snapshots.remove(text);
          context.terminal.out(`snapshot ${id} deleted\n`);
        }
      });
  },
};

const named = "id or name";

function defineCreate(command: Command, context: CommandContext): void {
  withDocumentFormat(command)
    .argument("[name]", "a name to call it by, beside its id")
    .option("--description <text>", "what it is kept for", "")
    .action(
      async (
        name: string | undefined,
        { description, ...flags }: DocumentFlags & { description: string },
      ) => {
        await using project = await openFrom(context, { access: "read" });
        const given = { ...(name === undefined ? {} : { name }), description };
        const value = await (await project.snapshots()).create(given);
        const text = [
          `snapshot ${value.id}${name === undefined ? "" : `  ${name}`}  ${value.sizeBytes} bytes`,
          `read it with: almanac executions list --snapshot ${name ?? value.id}`,
        ].join("\n");
        writeDocument({ kind: "snapshot", value, text }, { terminal: context.terminal, flags });
      },
    );
}

function defineList(command: Command, context: CommandContext): void {
  withFormat(command).action(async (flags: ListingFlags) => {
    await using project = await openFrom(context, { access: "none" });
    const items = await (await project.snapshots()).list();
    await writeListing(
      { kind: "snapshots", items, total: items.length, columns },
      { terminal: context.terminal, flags },
    );
  });
}

const columns = [
  { heading: "id", text: ({ id }: CatalogSnapshot) => id },
  { heading: "name", text: ({ name }: CatalogSnapshot) => name ?? "" },
  { heading: "executions", text: ({ counts }: CatalogSnapshot) => String(counts["executions"] ?? 0) },
  { heading: "bytes", text: ({ sizeBytes }: CatalogSnapshot) => String(sizeBytes) },
  { heading: "description", text: ({ description }: CatalogSnapshot) => description },
];

function defineShow(command: Command, context: CommandContext): void {
  withDocumentFormat(command)
    .argument("<snapshot>", named)
    .action(async (given: string, flags: DocumentFlags) => {
      await using project = await openFrom(context, { access: "none" });
      const snapshots = await project.snapshots();
      const { snapshot } = await snapshots.require(given);
      if (!(await snapshots.verify(given))) throw damaged(snapshot);
      const { id, name, description, createdAt, sizeBytes, sha256, counts } = snapshot;
      const text = [
        `${id}${name === undefined ? "" : `  ${name}`}  ${createdAt}  ${sizeBytes} bytes`,
        ...(description === "" ? [] : [description]),
        `sha256  ${sha256}  (checked)`,
        ...Object.entries(counts).map(([what, count]) => `  ${what}: ${count}`),
      ].join("\n");
      writeDocument({ kind: "snapshot", value: snapshot, text }, { terminal: context.terminal, flags });
    });
}

function damaged({ id }: CatalogSnapshot): AlmanacError {
  return new AlmanacError("DIFFERS", `the copy of the catalog in snapshot ${id} is not what was stored`, {
    hint: `almanac snapshots delete ${id}`,
    facts: { snapshot: id },
  });
}
