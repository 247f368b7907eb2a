import { packageVersion } from "../../package-version.ts";
import type { CommandModule } from "../command.ts";
import { withDocumentFormat, writeDocument } from "../output.ts";

/** `almanac version`. */
export const { define }: CommandModule = {
  define: (command, { terminal }) => {
    withDocumentFormat(command).action((flags) => {
      const value = {
        almanac: packageVersion(),
        node: process.versions.node,
        platform: `${process.platform}-${process.arch}`,
      };
      const text = `almanac ${value.almanac} (Node.js ${value.node}, ${value.platform})`;
      writeDocument({ kind: "version", value, text }, { terminal, flags });
    });
  },
};
