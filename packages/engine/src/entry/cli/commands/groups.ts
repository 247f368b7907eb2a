import { parseSelection } from "../../../core/catalog/selection.ts";
import type { ExecutionGroup } from "../../../core/execution/record.ts";
import { requireGroup } from "../../require-group.ts";
import type { CommandModule } from "../command.ts";
import { invalidate, type ReasonFlags, withReason } from "../invalidate-verb.ts";
import { requireKnownNames, requireKnownSelectors } from "../known-names.ts";
import { type NameFlags, nameQuery, withNameFilters } from "../name-filters.ts";
import { groupValues, remarkUnknownValues } from "../nothing-found.ts";
import { openFrom } from "../open.ts";
import {
  type DocumentFlags,
  type ListingFlags,
  withDocumentFormat,
  withFormat,
  writeDocument,
  writeListing,
} from "../output.ts";
import { limits, type PagingFlags, requireMatch, selectorHelp, withPaging } from "../paging.ts";

interface ListFlags extends ListingFlags, PagingFlags, NameFlags {
  readonly dirty?: boolean;
}

/** `almanac groups list|show|invalidate`. */
export const { define }: CommandModule = {
  define: (command, context) => {
    withNameFilters(withPaging(withFormat(command.command("list").description("list execution groups"))))
      .argument("[selector...]", selectorHelp)
      .option("--dirty", "only those that must run again")
      .action(async (words: string[], flags: ListFlags) => {
        const selection = parseSelection(words);
        await using project = await openFrom(context, { access: "read" });
        await requireKnownNames(flags, project);
        await requireKnownSelectors(selection, project);
        const found = await project.catalog.executions.groups({
          ...limits(flags),
          ...nameQuery(flags),
          selection: words,
          ...(flags.dirty === true ? { dirty: true } : {}),
        });
        await remarkUnknownValues({ found: found.total, selection, terminal: context.terminal }, () =>
          groupValues(project),
        );
        requireMatch(found.total, flags);
        await writeListing({ kind: "groups", ...found, columns }, { terminal: context.terminal, flags });
      });
    withDocumentFormat(command.command("show").description("show one group and its executions"))
      .argument("<group>", "RID or provider/diagnostic/key")
      .action(async (name: string, flags: DocumentFlags) => {
        await using project = await openFrom(context, { access: "read" });
        const group = await requireGroup(name, project.catalog.executions);
        const { items: executions } = await project.catalog.executions.list({ group: group.rid });
        const lines = executions.map(({ rid, state, createdAt, failure }) =>
          `  ${rid}  ${state}  ${createdAt}  ${failure?.message ?? ""}`.trimEnd(),
        );
        const text = [`${group.rid}  ${nameOf(group)}  ${stateOf(group)}`, ...lines].join("\n");
        writeDocument(
          { kind: "group", value: { ...group, executions }, text },
          { terminal: context.terminal, flags },
        );
      });
    withReason(command.command("invalidate"))
      .description("run a group again at the next solve")
      .argument("<group>", "RID or provider/diagnostic/key")
      .action(async (name: string, flags: ReasonFlags) => {
        await using project = await openFrom(context, { access: "write" });
        const group = await requireGroup(name, project.catalog.executions);
        await invalidate([group.rid], { project, ...flags });
        context.terminal.out(`${nameOf(group)} will run at the next solve\n`);
      });
  },
};

const columns = [
  { heading: "rid", text: ({ rid }: ExecutionGroup) => rid },
  { heading: "group", text: nameOf },
  { heading: "version", text: ({ version }: ExecutionGroup) => String(version) },
  { heading: "current", text: ({ current }: ExecutionGroup) => current ?? "" },
  { heading: "state", text: stateOf },
];

function nameOf({ provider, diagnostic, key }: ExecutionGroup): string {
  return `${provider}/${diagnostic}/${key}`;
}

function stateOf({ dirty, dirtyReason, orphaned }: ExecutionGroup): string {
  return (
    [...(dirty ? [`dirty (${dirtyReason ?? ""})`] : []), ...(orphaned ? ["orphaned"] : [])].join(", ") ||
    "clean"
  );
}
