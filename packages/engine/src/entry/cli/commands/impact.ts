import { Option } from "commander";
import type { CommandModule } from "../command.ts";
import { type LineageFlags, lineageFormats, writeLineage } from "../lineage-view.ts";
import { wholeNumber } from "../paging.ts";

/** `almanac impact`. */
export const { define }: CommandModule = {
  define: (command, context) => {
    command
      .argument(
        "<rid>",
        "dataset, asset, execution or value; a dataset also by id or name, authored ones @version",
      )
      .addOption(
        new Option("--format <format>", "form of the result").choices(lineageFormats).default("tree"),
      )
      .option("--json", "short for --format json")
      .option("--depth <n>", "so many steps from one record to the next (default: to the end)", wholeNumber)
      .action((text: string, flags: LineageFlags) =>
        writeLineage(text, { direction: "down", flags, context }),
      );
  },
};
