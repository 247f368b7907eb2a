import type { Command } from "commander";
import { requireExecutionFolder } from "../../app/require-execution.ts";
import { AlmanacError, errorKinds } from "../../core/errors.ts";
import { isElsewhere } from "../../core/execution/run-fragment.ts";
import { type Rid, requireRid } from "../../core/identity/rid.ts";
import type { GroupChange, ListedExecution } from "../../ports/execution-catalog.ts";
import { type DamagedResults, damagedResults } from "../check-results.ts";
import type { Project } from "../project.ts";
import type { CommandContext } from "./command.ts";
import { openFrom } from "./open.ts";
import { type ListingFlags, withFormat, writeListing } from "./output.ts";

interface VerifyFlags extends ListingFlags {
  readonly full?: boolean;
  readonly mark?: boolean;
}

/** One execution whose results are not as published, as listed. */
interface Difference {
  readonly rid: Rid;
  readonly provider: string;
  readonly diagnostic: string;
  readonly key: string;
  readonly message: string;
  /** True when its group was made dirty, so that the next solve runs it. */
  readonly marked: boolean;
}

/** Adds `almanac executions verify`: are published files still there, and as they were published? */
export function defineVerify(command: Command, context: CommandContext): void {
  withFormat(command)
    .description("look whether published files are still in results, in their size; exit 9 when one is not")
    .argument("[rid...]", "executions; default: all that are published")
    .option("--full", "read every file and compare its digest too")
    .option("--mark", "make groups whose current results differ dirty, so that the next solve runs them")
    .action(async (texts: string[], flags: VerifyFlags) => {
      const rids = texts.map(requireRid);
      await using project = await openFrom(context, { access: flags.mark === true ? "write" : "read" });
      const executions = await publishedOnes(rids, project);
      const damaged = await damagedResults(executions, {
        results: project.results,
        full: flags.full === true,
      });
      const marked = flags.mark === true ? await mark(damaged, project) : new Set<Rid>();
      const items = damaged.map((each) => differenceOf(each, marked));
      await writeListing(
        {
          kind: "differences",
          ...{ items, total: items.length, columns, extra: { verified: executions.length } },
        },
        { terminal: context.terminal, flags },
      );
      if (items.length > 0) context.exit(errorKinds.DIFFERS.exit);
    });
}

async function publishedOnes(
  rids: readonly Rid[],
  { catalog: { executions } }: Project,
): Promise<readonly ListedExecution[]> {
  for (const rid of rids) {
    const { state } = await requireExecutionFolder(rid, executions);
    if (state !== "published")
      throw new AlmanacError("USAGE", `execution ${rid} is ${state} and has published nothing to verify`, {
        hint: "almanac executions list --state published",
      });
  }
  const { items } = await executions.list({ states: ["published"], ...(rids.length === 0 ? {} : { rids }) });
  return items.filter(({ fragment }) => !isElsewhere(fragment));
}

/**
 * Makes groups dirty whose current results differ; a superseded execution is nothing that running again would mend.
 * @returns the executions whose groups are dirty now
 */
async function mark(
  damaged: readonly DamagedResults[],
  { catalog: { executions } }: Project,
): Promise<ReadonlySet<Rid>> {
  if (damaged.length === 0) return new Set();
  const current = new Set((await executions.groups({})).items.map((group) => group.current));
  const toRun = damaged.filter(({ execution }) => current.has(execution.rid));
  await executions.flag(
    toRun.flatMap(({ execution: { group }, message }): readonly GroupChange[] =>
      group === undefined ? [] : [{ group, dirty: { value: true, reason: `artifact missing: ${message}` } }],
    ),
  );
  return new Set(toRun.map(({ execution }) => execution.rid));
}

function differenceOf(
  { execution: { rid, provider, diagnostic, key }, message }: DamagedResults,
  marked: ReadonlySet<Rid>,
): Difference {
  return { rid, provider, diagnostic, key, message, marked: marked.has(rid) };
}

const columns = [
  { heading: "rid", text: ({ rid }: Difference) => rid },
  {
    heading: "group",
    text: ({ provider, diagnostic, key }: Difference) => [provider, diagnostic, key].join("/"),
  },
  { heading: "what differs", text: ({ message }: Difference) => message },
  { heading: "runs again", text: ({ marked }: Difference) => (marked ? "yes" : "") },
];
