import path from "node:path";
import { AlmanacError } from "../../../core/errors.ts";
import type { CommandModule } from "../command.ts";
import { openFrom } from "../open.ts";
import { type Column, type DocumentFlags, withDocumentFormat, writeDocument, writesText } from "../output.ts";
import { progressSink } from "../progress.ts";

interface Flags extends DocumentFlags {
  readonly type: string;
  readonly fast?: boolean;
  readonly full?: boolean;
}

/** `almanac ingest PATH… --type T`. */
export const { define }: CommandModule = {
  define: (command, context) => {
    withDocumentFormat(command)
      .argument("<path...>", "files and folders")
      .requiredOption("--type <type>", "source type, such as cmip6")
      .option("--fast", "know datasets from their paths only; open them when a plan needs it")
      .option("--full", "open every new or changed file (default)")
      .action(async (paths: string[], flags: Flags) => {
        if (flags.fast === true && flags.full === true)
          throw new AlmanacError("USAGE", "--fast and --full exclude each other", {
            hint: "leave one of them out; --full is the default",
          });
        const { terminal } = context;
        using progress = progressSink(context);
        await using project = await openFrom(context, { access: "write", emit: progress.emit });
        const folders = paths.map((each) => path.resolve(terminal.cwd, each));
        const report = await project.ingest(
          { sourceType: flags.type, folders, mode: flags.fast === true ? "fast" : "full" },
          terminal.stop,
        );
        progress.end();
        writeDocument({ kind: "ingest", value: report, text: ingestText(report) }, { terminal, flags });
        if (writesText(flags)) for (const line of problems(report)) terminal.err(`${line}\n`);
        if (terminal.stop.aborted)
          throw new AlmanacError("INTERRUPTED", "interrupted; what was written stays", {
            hint: "the same command continues",
          });
        if (report.allFailed) {
          throw new AlmanacError("NOTHING_INGESTED", "no file could be used", {
            hint: "see the reasons above; is --type right?",
          });
        }
      });
  },
};

type Report = Awaited<ReturnType<import("../../project.ts").Project["ingest"]>>;

const counts: readonly Column<Report>[] = [
  { heading: "new", text: (report) => String(report.new) },
  { heading: "updated", text: (report) => String(report.updated) },
  { heading: "unchanged", text: (report) => String(report.unchanged) },
  { heading: "invalid", text: (report) => String(report.invalid.length) },
  { heading: "missing", text: (report) => String(report.missing.length) },
];

function ingestText(report: Report): string {
  const files = counts.map(({ heading, text }) => `${text(report)} ${heading}`).join(", ");
  return `files: ${files}\ndatasets: ${report.datasets} touched`;
}

/** Problems shown at once; the rest is in `doctor`. */
const shownProblems = 20;

function problems(report: Report): readonly string[] {
  const lines = [
    ...report.invalid.map(({ path: file, reason }) => `invalid  ${file}: ${reason}`),
    ...report.missing.map((file) => `missing  ${file}`),
    ...report.warnings.map(({ id, message }) => `warning  ${id}: ${message}`),
  ];
  const more = lines.length - shownProblems;
  return more > 0 ? [...lines.slice(0, shownProblems), `… and ${more} more: almanac doctor`] : lines;
}
