import type { Command } from "commander";
import { AlmanacError } from "../../../core/errors.ts";
import { type ExecutionState, executionStates } from "../../../core/execution/state.ts";
import { type Rid, requireRid } from "../../../core/identity/rid.ts";
import type { ListedExecution } from "../../../ports/execution-catalog.ts";
import type { Project } from "../../project.ts";
import type { CommandContext, CommandModule } from "../command.ts";
import { openFrom } from "../open.ts";
import { type ListingFlags, withFormat, writeDocument, writeListing } from "../output.ts";
import { limits, type PagingFlags, requireMatch, withPaging } from "../paging.ts";

interface ListFlags extends ListingFlags, PagingFlags {
  readonly state?: string;
  readonly provider?: string;
  readonly diagnostic?: string;
}

/** `almanac executions list|show|retry|cancel|materialize|resolve|ingest|reingest`. */
export const { define }: CommandModule = {
  define: (command, context) => {
    defineList(command.command("list").description("list executions, newest first"), context);
    defineShow(command.command("show").description("show one execution"), context);
    defineVerbs(command, context);
  },
};

function defineList(command: Command, context: CommandContext): void {
  withPaging(withFormat(command))
    .option("--state <state>", `one or several of ${executionStates.join(", ")}`)
    .option("--provider <text>", "slug contains")
    .option("--diagnostic <text>", "slug contains")
    .action(async (flags: ListFlags) => {
      await using project = await openFrom(context, { access: "read" });
      const found = await project.catalog.executions.list({
        ...limits(flags),
        ...(flags.state === undefined ? {} : { states: flags.state.split(",").map(requireState) }),
        ...(flags.provider === undefined ? {} : { provider: [flags.provider] }),
        ...(flags.diagnostic === undefined ? {} : { diagnostic: [flags.diagnostic] }),
      });
      requireMatch(found.total, flags);
      await writeListing({ kind: "executions", ...found, columns }, { terminal: context.terminal, flags });
    });
}

const columns = [
  { heading: "rid", text: ({ rid }: ListedExecution) => rid },
  { heading: "state", text: ({ state }: ListedExecution) => state },
  {
    heading: "group",
    text: ({ provider, diagnostic, key }: ListedExecution) => `${provider}/${diagnostic}/${key}`,
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

function requireState(text: string): ExecutionState {
  const found = executionStates.find((each) => each === text);
  if (found !== undefined) return found;
  throw new AlmanacError("USAGE", `there is no state "${text}"`, {
    hint: `states: ${executionStates.join(", ")}`,
  });
}

async function requireExecution(project: Project, rid: Rid) {
  const found = await project.catalog.executions.execution(rid);
  if (found !== undefined) return found;
  throw new AlmanacError("UNKNOWN_NAME", `there is no execution ${rid}`, { hint: "almanac executions list" });
}

function defineShow(command: Command, context: CommandContext): void {
  withFormat(command)
    .argument("<rid>", "execution")
    .action(async (text: string, flags: ListingFlags) => {
      await using project = await openFrom(context, { access: "read" });
      const rid = requireRid(text);
      const execution = await requireExecution(project, rid);
      const { outputs, artifacts } = await project.catalog.values.outputs(rid);
      const lines = [
        `${rid}  ${execution.state}  ${execution.fragment}`,
        ...(execution.failure === undefined
          ? []
          : [`failure (${execution.failure.class}) ${execution.failure.code}: ${execution.failure.message}`]),
        "history",
        ...execution.history.map(({ from, to, at, actor, message }) =>
          `  ${at}  ${from ?? ""} → ${to}  ${actor}  ${message}`.trimEnd(),
        ),
        "inputs",
        ...execution.datasets.map(({ requirement, id }) => `  ${requirement}  ${id}`),
        "outputs",
        ...outputs.map(({ kind, path, longName }) => `  ${kind}  ${path}  ${longName}`),
      ];
      writeDocument(
        { kind: "execution", value: { ...execution, outputs, artifacts }, text: lines.join("\n") },
        { terminal: context.terminal, flags },
      );
    });
}

/** The verbs that act on one or several executions, each with what it says when it is done. */
function defineVerbs(command: Command, context: CommandContext): void {
  const verbs = {
    retry: {
      summary: "let an execution's group run again, its failures forgotten",
      act: (project: Project, rid: Rid) => project.retry(rid),
    },
    cancel: {
      summary: "end an execution; its group waits for a retry",
      act: (project: Project, rid: Rid) => project.cancel(rid),
    },
    materialize: {
      summary: "copy what an execution left in scratch to results; nothing else",
      act: (project: Project, rid: Rid) => project.materialize(rid),
    },
    resolve: {
      summary: "say which state an execution's outcome leads to; writes nothing",
      act: (project: Project, rid: Rid) => project.resolve(rid),
    },
    reingest: {
      summary: "load an execution's values from results once more",
      act: (project: Project, rid: Rid) => project.reingest(rid),
    },
  } as const;
  for (const [name, { summary, act }] of Object.entries(verbs))
    command
      .command(name)
      .description(summary)
      .argument("<rid...>", "executions")
      .action(async (rids: string[]) => {
        await using project = await openFrom(context, { access: name === "resolve" ? "read" : "write" });
        for (const text of rids) context.terminal.out(`${text}: ${await act(project, requireRid(text))}\n`);
      });
  command
    .command("ingest")
    .description("load executions from a results tree into the catalog; needs neither scratch nor sources")
    .argument("[rid...]", "executions; default: all of the results folder")
    .action(async (rids: string[]) => {
      await using project = await openFrom(context, { access: "write" });
      const report = await project.ingestResults(rids.map(requireRid));
      context.terminal.out(`${report.ingested} executions ingested, ${report.failed.length} failed\n`);
      for (const { fragment, message } of report.failed)
        context.terminal.err(`failed  ${fragment}: ${message}\n`);
      if (report.failed.length > 0) context.exit(4);
    });
}
