import path from "node:path";
import type { CommandModule } from "../command.ts";
import { openFrom } from "../open.ts";
import { type DocumentFlags, withDocumentFormat, writeDocument } from "../output.ts";

/** `almanac db status|migrate|backup`. */
export const { define }: CommandModule = {
  define: (command, context) => {
    withDocumentFormat(
      command.command("status").description("show where the catalog's schema stands"),
    ).action(async (flags: DocumentFlags) => {
      await using project = await openFrom(context, { access: "admin" });
      const status = await project.catalog.admin.status();
      const counts = Object.entries(status.counts).map(([name, count]) => `  ${name}: ${count}`);
      const state = status.newer
        ? "written by a newer version"
        : status.pending.length > 0
          ? `needs ${status.pending.join(", ")}`
          : "up to date";
      const text = [
        `${path.relative(context.terminal.cwd, project.catalogFile)}: schema ${status.version ?? "none"}, ${state}, ${status.sizeBytes} bytes`,
        ...counts,
      ].join("\n");
      writeDocument({ kind: "db-status", value: status, text }, { terminal: context.terminal, flags });
    });
    command
      .command("migrate")
      .description("bring the catalog's schema up to date; a backup is made first")
      .action(async () => {
        await using project = await openFrom(context, { access: "admin" });
        const applied = await project.catalog.admin.migrate();
        context.terminal.out(
          applied.length === 0 ? "nothing to migrate\n" : `applied ${applied.join(", ")}\n`,
        );
      });
    command
      .command("backup")
      .description("write a consistent copy of the catalog")
      .argument("<file>", "must not exist")
      .action(async (file: string) => {
        await using project = await openFrom(context, { access: "read" });
        const target = path.resolve(context.terminal.cwd, file);
        await project.catalog.admin.backup(target);
        context.terminal.out(`wrote ${file}\n`);
      });
  },
};
