import { parseSelection } from "../../../core/catalog/selection.ts";
import { AlmanacError } from "../../../core/errors.ts";
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
        requireSelectors(target, words);
        await using project = await openFrom(context, { access: "read" });
        await requireKnownFacets(parseSelection(words), project);
        const explanation = await project.explain({ target, facets: words });
        writeDocument({ kind: "explanation", ...explanation }, { terminal: context.terminal, flags });
      });
  },
};

/** A group's key behind a diagnostic is no selector, but near to a name. */
function requireSelectors(target: string, words: readonly string[]): void {
  const key = words.find((word) => !word.includes("="));
  if (key === undefined) return;
  throw new AlmanacError("USAGE", `"${key}" is not a selector`, {
    hint: `selectors look like source_id=CanESM5; a group with the key ${key}: almanac explain ${target}/${key}`,
    facts: { selector: key },
  });
}
