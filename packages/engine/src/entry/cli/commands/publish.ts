import type { Published } from "../../../app/records/publish-pending.ts";
import { AlmanacError } from "../../../core/errors.ts";
import { requireRid } from "../../../core/identity/rid.ts";
import type { CommandModule } from "../command.ts";
import { openFrom } from "../open.ts";
import { type ListingFlags, withFormat, writeListing } from "../output.ts";
import { seconds, wholeNumber } from "../paging.ts";
import { progressSink } from "../progress.ts";

interface Flags extends ListingFlags {
  readonly retries: number;
  readonly timeout?: number;
  readonly keepScratch?: boolean;
}

/** `almanac publish`. */
export const { define }: CommandModule = {
  define: (command, context) => {
    withFormat(command)
      .argument("[rid...]", "executions (default: all whose process is gone)")
      .option(
        "--retries <n>",
        "tries after the first while store or catalog are not available",
        wholeNumber,
        3,
      )
      .option("--timeout <seconds>", "stop after so many seconds; what is left waits", seconds)
      .option("--keep-scratch", "leave the scratch folders as they are")
      .action(async (texts: string[], flags: Flags) => {
        const rids = texts.map(requireRid);
        const { terminal } = context;
        using progress = progressSink(context);
        const settings = flags.keepScratch === true ? { "publish.keepScratch": "always" } : {};
        await using project = await openFrom(context, { access: "write", emit: progress.emit, settings });
        const recording = await project.recording();
        const late = flags.timeout === undefined ? [] : [AbortSignal.timeout(flags.timeout * 1000)];
        const signal = AbortSignal.any([terminal.stop, ...late]);
        const { retries } = flags;
        const items = await recording
          .publish({ ...(rids.length === 0 ? {} : { rids }), retries, signal })
          .catch((error: unknown) => {
            // Whichever signal it was: nothing is lost, what was not published waits.
            if (!signal.aborted) throw error;
            throw stopped(terminal.stop.aborted);
          });
        progress.end();
        const listing = { kind: "published", noun: "executions", items, total: items.length };
        await writeListing({ ...listing, columns }, { terminal, flags });
        for (const line of failedFiles(items)) terminal.err(`${line}\n`);
        if (items.some(({ state }) => state !== "published")) context.exit(4);
      });
  },
};

const columns = [
  { heading: "rid", text: ({ rid }: Published) => rid },
  { heading: "was", text: ({ from }: Published) => from },
  { heading: "state", text: ({ state }: Published) => state },
  { heading: "files", text: filesText },
  { heading: "reason", text: ({ reason }: Published) => reason },
];

function filesText({ files }: Published): string {
  if (files === undefined) return "";
  const { promoted, failed } = files;
  return `${promoted.length} promoted${failed.length === 0 ? "" : `, ${failed.length} not`}`;
}

/** Files named for one execution; `--json` names all. */
const namedFiles = 20;

/** What was registered and is not in results, with the reason. */
function failedFiles(items: readonly Published[]): readonly string[] {
  return items.flatMap(({ rid, files }) => {
    const failed = files?.failed ?? [];
    const lines = failed
      .slice(0, namedFiles)
      .map(({ path, reason }) => `not promoted  ${rid}  ${path}: ${reason}`);
    const more = failed.length - lines.length;
    return more > 0 ? [...lines, `not promoted  ${rid}  and ${more} more`] : lines;
  });
}

function stopped(byPerson: boolean): AlmanacError {
  return byPerson
    ? new AlmanacError("INTERRUPTED", "stopped before everything was published", { hint: "almanac publish" })
    : new AlmanacError("WAIT_TIMEOUT", "the time to publish is over; what is left waits", {
        hint: "almanac publish",
      });
}
