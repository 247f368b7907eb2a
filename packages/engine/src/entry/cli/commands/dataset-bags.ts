import path from "node:path";
import { type Command, Option } from "commander";
import type { FilesInBag } from "../../../app/records/export-bag.ts";
import type { ImportedBag } from "../../../app/records/import-bag.ts";
import { AlmanacError, errorKinds } from "../../../core/errors.ts";
import { datasetSpecText, draftName } from "../../../core/records/dataset-version.ts";
import type { BagProblem, BagStatus } from "../../../ports/bags.ts";
import type { TakenOver } from "../../../ports/dataset-import.ts";
import type { ReleasedSpec } from "../../../ports/dataset-reader.ts";
import { bagsAlone } from "../../bag-verbs.ts";
import type { Project } from "../../project.ts";
import { requireNamedDataset } from "../../require-authored.ts";
import type { CommandContext } from "../command.ts";
import { openFrom } from "../open.ts";
import {
  type DocumentFlags,
  type ListingFlags,
  withDocumentFormat,
  withFormat,
  writeDocument,
  writeListing,
} from "../output.ts";

const folderHelp = "folder of the bag";

/** Adds `datasets bag export|import|verify|status|complete`. */
export function defineBags(command: Command, context: CommandContext): void {
  command.description("released datasets as BagIt folders that need no catalog");
  defineExport(command.command("export").description("write a bag of a released version"), context);
  defineImport(
    command.command("import").description("take over the dataset of a bag, every file checked first"),
    context,
  );
  defineVerify(
    command.command("verify").description("read every file of a bag and name all that is wrong; exit 9 then"),
    context,
  );
  defineStatus(
    command.command("status").description("say how much of a bag is there, by names and sizes"),
    context,
  );
  defineComplete(
    command
      .command("complete")
      .description("fetch what a bag lacks, checked; exit 9 when it still lacks files then"),
    context,
  );
}

interface ExportFlags extends DocumentFlags {
  readonly files: FilesInBag;
}

function defineExport(command: Command, context: CommandContext): void {
  const { terminal } = context;
  withDocumentFormat(command)
    .argument("<dataset>", "RID@version, or a name that only one has with @version")
    .argument("[folder]", "where to (default: RID@version, here); a bag that says the same is kept")
    .addOption(
      new Option("--files <which>", "all, those of this machine (others are to be fetched), or none")
        .choices(["all", "local", "none"])
        .default("all"),
    )
    .action(async (text: string, asked: string | undefined, { files, ...flags }: ExportFlags) => {
      await using project = await openFrom(context, { access: "read" });
      const spec = await releasedSpec(text, project);
      const name = datasetSpecText(spec);
      const folder = path.resolve(terminal.cwd, asked ?? name);
      const { done, contents } = await project.exportBag({ spec, folder, files, signal: terminal.stop });
      const status = await (await project.bags()).status(folder);
      const shown = path.relative(terminal.cwd, folder) || ".";
      const words = { written: "written", completed: "what it lacked was brought", kept: "there already" };
      const holds = counted([
        [contents.datasets.length, "dataset"],
        [contents.assets.length, "file"],
        [contents.records.length, "record"],
        [contents.features.length, "feature value"],
      ]);
      writeDocument(
        {
          ...{ kind: "exported-bag", value: { ...spec, folder: shown, done, ...counts(status) } },
          text: `${shown}: ${words[done]}, ${status.state}; ${name} with ${holds}`,
        },
        { terminal, flags },
      );
    });
}

/** @throws USAGE listing the versions when none, or the draft, is named; UNKNOWN_NAME */
async function releasedSpec(text: string, { catalog }: Project): Promise<ReleasedSpec> {
  const { dataset, version } = await requireNamedDataset(text, catalog.authored);
  if (version !== undefined && version !== draftName) return { rid: dataset.rid, version };
  const versions = (await catalog.authored.versions(dataset.rid)).map((each) => each.version);
  const there =
    versions.length === 0
      ? `it has none: almanac datasets release ${dataset.rid}`
      : `almanac datasets bag export ${dataset.rid}@${versions[0]}; there are ${versions.join(", ")}`;
  throw new AlmanacError("USAGE", `a bag is of a released version, and "${text}" names none`, {
    hint: there,
  });
}

function counted(counts: readonly (readonly [count: number, noun: string])[]): string {
  return counts
    .filter(([count]) => count > 0)
    .map(([count, noun]) => `${count} ${noun}${count === 1 ? "" : "s"}`)
    .join(", ");
}

function counts({ state, files, present, fetchable }: BagStatus) {
  return { state, files, present, fetchable };
}

function defineImport(command: Command, context: CommandContext): void {
  const { terminal } = context;
  withDocumentFormat(command)
    .argument("<folder>", folderHelp)
    .action(async (folder: string, flags: DocumentFlags) => {
      await using project = await openFrom(context, { access: "write" });
      const report = await project.importBag({
        folder: path.resolve(terminal.cwd, folder),
        signal: terminal.stop,
      });
      writeDocument(
        { kind: "imported-bag", value: report, text: importText(report).join("\n") },
        { terminal, flags },
      );
    });
}

/** Missing files, and records with other RIDs, that a text names. */
const namedItems = 20;

function importText(report: ImportedBag): readonly string[] {
  const line = (noun: string, { made, known }: TakenOver): readonly string[] =>
    made + known === 0 ? [] : [`  ${noun.padEnd(16)}${made} new, ${known} here already`];
  const { renamed, stored } = report;
  return [
    `imported ${datasetSpecText(report.root)}`,
    ...line("datasets", report.datasets),
    ...line("files", report.assets),
    ...line("records", report.records),
    ...line("feature values", report.features),
    ...line("executions", report.executions),
    `  ${"stored".padEnd(16)}${stored.files} files, ${stored.bytes} bytes`,
    ...(renamed.length === 0 ? [] : [`  ${renamed.length} have another RID here, because theirs was taken:`]),
    ...renamed.slice(0, namedItems).map(({ was, now }) => `    ${was} is ${now}`),
    ...(renamed.length > namedItems ? [`    and ${renamed.length - namedItems} more: --json has all`] : []),
  ];
}

function defineVerify(command: Command, context: CommandContext): void {
  const { terminal } = context;
  withFormat(command)
    .argument("<folder>", folderHelp)
    .action(async (folder: string, flags: ListingFlags) => {
      const bags = await bagsAlone();
      const { problems, files, bytes } = await bags.verify(path.resolve(terminal.cwd, folder), {
        signal: terminal.stop,
      });
      await writeListing(
        {
          ...{ kind: "bag-problems", noun: "problems", items: problems, total: problems.length },
          ...{ columns: problemColumns, extra: { verified: { files, bytes } } },
        },
        { terminal, flags },
      );
      terminal.err(
        `${files} files read, ${bytes} bytes${problems.length === 0 ? ": the bag is valid" : ""}\n`,
      );
      if (problems.length > 0) context.exit(errorKinds.DIFFERS.exit);
    });
}

const problemColumns = [
  { heading: "problem", text: ({ kind }: BagProblem) => kind },
  { heading: "path", text: ({ path: at }: BagProblem) => at },
  { heading: "message", text: ({ message }: BagProblem) => message },
];

function defineStatus(command: Command, context: CommandContext): void {
  const { terminal } = context;
  withDocumentFormat(command)
    .argument("<folder>", folderHelp)
    .action(async (folder: string, flags: DocumentFlags) => {
      const bags = await bagsAlone();
      const status = await bags.status(path.resolve(terminal.cwd, folder));
      writeDocument(
        { kind: "bag-status", value: status, text: statusText(folder, status).join("\n") },
        { terminal, flags },
      );
    });
}

function statusText(folder: string, status: BagStatus): readonly string[] {
  const { state, files, present, missing, fetchable, root } = status;
  if (state === "absent") return [`${folder}: absent`];
  const of = root === undefined ? "not of a dataset version" : datasetSpecText(root);
  const more = missing.length > namedItems ? [`  and ${missing.length - namedItems} more`] : [];
  return [
    `${folder}: ${state}, ${of}; ${present} of ${files} files are there`,
    ...missing.slice(0, namedItems).map((each) => `  missing, or of another size: ${each}`),
    ...more,
    ...(fetchable === 0
      ? []
      : [`${fetchable} can be fetched: almanac datasets bag complete ${JSON.stringify(folder)}`]),
  ];
}

/** What a bag lacks although all that can be fetched was. */
function lackText({ files, present, root }: BagStatus): string {
  if (present === files) return "";
  const again = `almanac datasets bag export ${root === undefined ? "RID@version" : datasetSpecText(root)} FOLDER`;
  return `\n${files - present} of ${files} files are nowhere to be fetched from; where the dataset was made, ${again} brings them`;
}

function defineComplete(command: Command, context: CommandContext): void {
  const { terminal } = context;
  withDocumentFormat(command)
    .argument("<folder>", folderHelp)
    .action(async (given: string, flags: DocumentFlags) => {
      const folder = path.resolve(terminal.cwd, given);
      await using project = await openFrom(context, { access: "none" });
      const bags = await project.bags();
      const fetched = await bags.complete(folder, { signal: terminal.stop });
      const status = await bags.status(folder);
      writeDocument(
        {
          ...{ kind: "completed-bag", value: { fetched, ...counts(status) } },
          text: `${given}: ${fetched} fetched, ${status.state}${lackText(status)}`,
        },
        { terminal, flags },
      );
      if (status.state !== "complete") context.exit(errorKinds.DIFFERS.exit);
    });
}
