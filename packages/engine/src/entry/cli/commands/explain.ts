import { parseSelection } from "../../../core/catalog/selection.ts";
import type { CommandModule } from "../command.ts";
import { requireKnownFacets } from "../known-names.ts";
import { openFrom } from "../open.ts";
import { type DocumentFlags, withDocumentFormat, writeDocument } from "../output.ts";
import { selectorHelp } from "../paging.ts";

/** `almanac explain TARGET [facet=value…]`. */
export const { define }: CommandModule = {
  define: (command, context) => {
    withDocumentFormat(command)
      .argument("<target>", "a group (RID or provider/diagnostic/key), a diagnostic or a dataset id")
      .argument("[selector...]", `to look at some groups of a diagnostic: ${selectorHelp}`)
      .action(async (target: string, words: string[], flags: DocumentFlags) => {
        await using project = await openFrom(context, { access: "read" });
        requireKnownFacets(parseSelection(words), project);
        const explanation = await project.explain({ target, facets: words });
        writeDocument({ kind: "explanation", ...explanation }, { terminal: context.terminal, flags });
      });
  },
};
