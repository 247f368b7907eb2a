import type { CommandModule } from "../command.ts";
import { type LineageFlags, withLineage, writeLineage } from "../lineage-view.ts";

/** `almanac impact`. */
export const { define }: CommandModule = {
  define: (command, context) => {
    withLineage(command).action((text: string, flags: LineageFlags) =>
      writeLineage(text, { direction: "down", flags, context }),
    );
  },
};
