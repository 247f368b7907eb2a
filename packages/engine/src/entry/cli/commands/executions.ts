import type { Command } from "commander";
import { requireExecution } from "../../../app/require-execution.ts";
import { parseSelection } from "../../../core/catalog/selection.ts";
import { AlmanacError } from "../../../core/errors.ts";
import type { ExecutionRecord } from "../../../core/execution/record.ts";
import { isElsewhere } from "../../../core/execution/run-fragment.ts";
import { type ExecutionState, executionStates, type FailureClass } from "../../../core/execution/state.ts";
import { requireRid } from "../../../core/identity/rid.ts";
import type { ExecutionQuery, ListedExecution } from "../../../ports/execution-catalog.ts";
import type { Project } from "../../project.ts";
import { requireGroup } from "../../require-group.ts";
import type { CommandContext, CommandModule } from "../command.ts";
import { defineVerbs } from "../execution-verbs.ts";
import { requireKnownNames, requireKnownSelectors } from "../known-names.ts";
import { type NameFlags, nameQuery, withNameFilters } from "../name-filters.ts";
import { defineNesting } from "../nesting-verbs.ts";
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
import { recordedRun } from "../recorded-run.ts";

interface ListFlags extends ListingFlags, PagingFlags, NameFlags {
  readonly state?: readonly ExecutionState[];
  readonly group?: string;
  readonly failure?: FailureClass;
  readonly signature?: string;
  readonly newest?: boolean;
}

/** `almanac executions list|show|retry|cancel|materialize|resolve|ingest|reingest`. */
export const { define }: CommandModule = {
  define: (command, context) => {
    defineList(command.command("list").description("list executions, newest first"), context);
    defineShow(command.command("show").description("show one execution"), context);
    defineVerbs(command, context);
    defineNesting(command, context);
  },
};

function defineList(command: Command, context: CommandContext): void {
  withNameFilters(withPaging(withFormat(command)))
    .argument("[selector...]", selectorHelp)
    .option("--state <state>", `one or several of ${executionStates.join(", ")}`, requireStates)
    .option("--group <group>", "of one group: RID or provider/diagnostic/key")
    .option("--failure <class>", `failures of one class: ${failureClasses.join(", ")}`, requireFailureClass)
    .option("--signature <text>", "failures of this signature, as almanac status shows it")
    .option("--newest", "only the newest execution of each group")
    .action(async (words: string[], flags: ListFlags) => {
      const selection = parseSelection(words);
      await using project = await openFrom(context, { access: "read" });
      await requireKnownNames(flags, project);
      await requireKnownSelectors(selection, project);
      const query = await queryOf(flags, project);
      const found = await project.catalog.executions.list({ ...query, selection: words, ...limits(flags) });
      await remarkUnknownValues({ found: found.total, selection, terminal: context.terminal }, () =>
        groupValues(project),
      );
      requireMatch(found.total, flags);
      await writeListing({ kind: "executions", ...found, columns }, { terminal: context.terminal, flags });
    });
}

async function queryOf(flags: ListFlags, project: Project): Promise<ExecutionQuery> {
  const { state, group, failure, signature, newest } = flags;
  return {
    ...nameQuery(flags),
    ...(state === undefined ? {} : { states: state }),
    ...(group === undefined ? {} : { group: (await requireGroup(group, project.catalog.executions)).rid }),
    ...(failure === undefined ? {} : { failureClass: failure }),
    ...(signature === undefined ? {} : { signature }),
    ...(newest === true ? { newest } : {}),
  };
}

const columns = [
  { heading: "rid", text: ({ rid }: ListedExecution) => rid },
  { heading: "state", text: ({ state }: ListedExecution) => state },
  {
    heading: "group",
    text: ({ provider, diagnostic, key }: ListedExecution) =>
      [provider, diagnostic, ...(key === "" ? [] : [key.split("\n")[0]])].join("/"),
  },
  { heading: "created", text: ({ createdAt }: ListedExecution) => createdAt },
  { heading: "wall s", text: ({ resources }: ListedExecution) => resources?.wallSeconds.toFixed(2) ?? "" },
  {
    heading: "peak MB",
    text: ({ resources }: ListedExecution) =>
      resources === undefined ? "" : (resources.peakMemoryBytes / 1e6).toFixed(0),
  },
  {
    heading: "failure",
    text: ({ failure, abortReason }: ListedExecution) => failure?.message ?? abortReason ?? "",
  },
];

const failureClasses = ["system", "diagnostic"] as const satisfies readonly FailureClass[];

function requireFailureClass(text: string): FailureClass {
  const found = failureClasses.find((each) => each === text);
  if (found !== undefined) return found;
  throw new AlmanacError("USAGE", `there is no failure class "${text}"`, {
    hint: `classes: ${failureClasses.join(", ")}`,
  });
}

function requireStates(text: string, previous: readonly ExecutionState[] = []): readonly ExecutionState[] {
  return [...previous, ...text.split(",").map(requireState)];
}

function requireState(text: string): ExecutionState {
  const found = executionStates.find((each) => each === text);
  if (found !== undefined) return found;
  throw new AlmanacError("USAGE", `there is no state "${text}"`, {
    hint: `states: ${executionStates.join(", ")}`,
  });
}

/** Lines under a heading, which none need. */
function headed(heading: string, lines: readonly string[]): readonly string[] {
  return lines.length === 0 ? [] : [heading, ...lines];
}

function folderText({ fragment }: ExecutionRecord): string {
  return isElsewhere(fragment) ? "(came with a bag: its folder is not here)" : fragment;
}

function defineShow(command: Command, context: CommandContext): void {
  withDocumentFormat(command)
    .argument("<rid>", "execution")
    .action(async (text: string, flags: DocumentFlags) => {
      await using project = await openFrom(context, { access: "read" });
      const rid = requireRid(text);
      const execution = await requireExecution(rid, project.catalog.executions);
      const { outputs, artifacts } = await project.catalog.values.outputs(rid);
      const run = await recordedRun(rid, { execution, catalog: project.catalog });
      const lines = [
        `${rid}  ${execution.state}  ${folderText(execution)}`,
        ...(run?.lines ?? []),
        ...(execution.failure === undefined
          ? []
          : [`failure (${execution.failure.class}) ${execution.failure.code}: ${execution.failure.message}`]),
        "history",
        ...execution.history.map(({ from, to, at, actor, message }) =>
          `  ${at}  ${from ?? ""} → ${to}  ${actor}  ${message}`.trimEnd(),
        ),
        ...headed(
          "inputs",
          execution.datasets.map(({ requirement, id }) => `  ${requirement}  ${id}`),
        ),
        ...headed(
          "outputs",
          outputs.map(({ kind, path, longName }) => `  ${kind}  ${path}  ${longName}`),
        ),
      ];
      writeDocument(
        {
          kind: "execution",
          value: { ...execution, ...run?.value, outputs, artifacts },
          text: lines.join("\n"),
        },
        { terminal: context.terminal, flags },
      );
    });
}
