import type { CommandModule } from "../command.ts";
import { type LineageFlags, withLineage, writeLineage } from "../lineage-view.ts";

/** `almanac lineage`. */
export const { define }: CommandModule = {
  define: (command, context) => {
    withLineage(command)
      .option("--down", "what was made from it instead")
      .action(async (text: string, flags: LineageFlags & { readonly down?: boolean }) => {
        await writeLineage(text, { direction: flags.down === true ? "down" : "up", flags, context });
      });
  },
};
