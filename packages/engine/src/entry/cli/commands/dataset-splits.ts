import type { Command } from "commander";
import type { DatasetPart, DatasetSplit, MadeDataset } from "../../../app/records/split-dataset.ts";
import type { DatasetSample } from "../../../app/records/subsample-dataset.ts";
import { AlmanacError } from "../../../core/errors.ts";
import { type DatasetSpec, datasetSpecText } from "../../../core/records/dataset-version.ts";
import type { PartRequest } from "../../../core/records/split-request.ts";
import type { Project } from "../../project.ts";
import { requireNamedDataset } from "../../require-authored.ts";
import { membersText } from "../authored-view.ts";
import type { CommandContext } from "../command.ts";
import { openFrom } from "../open.ts";
import { type DocumentFlags, withDocumentFormat, writeDocument } from "../output.ts";
import { wholeNumber } from "../paging.ts";
import { textTable } from "../text-table.ts";

interface DivideFlags extends DocumentFlags {
  readonly seed?: number;
  readonly disjointBy?: string;
  readonly stratifyBy?: string;
  readonly name?: string;
  readonly description?: string;
  readonly dryRun?: boolean;
}

type SplitFlags = DivideFlags & { readonly part: readonly PartRequest[] };
type SampleFlags = DivideFlags & { readonly size: PartRequest };

const sizes = "with a point a share of all members (0.7), else how many (70)";

/** `almanac datasets split` and `subsample`. */
export function defineSplits(command: Command, context: CommandContext): void {
  withDivideFlags(command.command("split"))
    .description(
      "divide a released dataset into parts: a dataset for each, and one that has them as children",
    )
    .requiredOption("--part <name=size...>", `the parts; ${sizes}`, partOf)
    .action(async (name: string, flags: SplitFlags) => {
      await using project = await openFrom(context, { access: accessOf(flags) });
      const dataset = await specOf(name, project);
      const split = await project.splitDataset({ dataset, parts: flags.part, ...requestOf(flags) });
      writeDocument({ kind: "split", value: split, text: await splitText(split) }, { ...context, flags });
    });
  withDivideFlags(command.command("subsample"))
    .description("draw a sample of a released dataset as a dataset")
    .requiredOption("--size <size>", `how large; ${sizes}`, (text) => sizeOf("sample", text))
    .action(async (name: string, { size, ...flags }: SampleFlags) => {
      await using project = await openFrom(context, { access: accessOf(flags) });
      const dataset = await specOf(name, project);
      const sample = await project.subsampleDataset({ dataset, size, ...requestOf(flags) });
      writeDocument({ kind: "sample", value: sample, text: sampleText(sample) }, { ...context, flags });
    });
}

const columnHelp =
  "a metadata column of files, a column of records, a facet of datasets, or feature:<target>/<name>.<column>";

function withDivideFlags(command: Command): Command {
  return withDocumentFormat(command)
    .argument("<dataset>", "RID@version, or a name that only one has with @version")
    .option("--seed <n>", "of the choice; the same gives the same (default: 0)", wholeNumber)
    .option("--disjoint-by <column>", `keep members together that have one value of it: ${columnHelp}`)
    .option("--stratify-by <column>", "have its values in every part in proportion; named likewise")
    .option("--name <name>", "name of what is made (default: from the dataset's)")
    .option("--description <text>", "what it is for, in Markdown")
    .option("--dry-run", "say what would be made; write nothing");
}

async function specOf(text: string, { catalog }: Project): Promise<DatasetSpec> {
  const { dataset, version } = await requireNamedDataset(text, catalog.authored);
  return { rid: dataset.rid, ...(version === undefined ? {} : { version }) };
}

function partOf(text: string, previous: readonly PartRequest[] = []): readonly PartRequest[] {
  const at = text.lastIndexOf("=");
  if (at <= 0)
    throw new AlmanacError("USAGE", `"${text}" is no part`, {
      hint: "write --part train=0.7 test=0.3",
    });
  return [...previous, sizeOf(text.slice(0, at), text.slice(at + 1))];
}

function sizeOf(name: string, text: string): PartRequest {
  if (/^\d+$/.test(text)) return { name, count: Number(text) };
  if (/^\d*\.\d+$/.test(text)) return { name, fraction: Number(text) };
  throw new AlmanacError("USAGE", `"${text}" is no size of a part`, { hint: sizes });
}

function accessOf({ dryRun }: DivideFlags): "read" | "write" {
  return dryRun === true ? "read" : "write";
}

function requestOf({ seed = 0, disjointBy, stratifyBy, name, description, dryRun = false }: DivideFlags) {
  return {
    ...{ seed, dryRun },
    ...(disjointBy === undefined ? {} : { disjointBy }),
    ...(stratifyBy === undefined ? {} : { stratifyBy }),
    ...(name === undefined ? {} : { name }),
    ...(description === undefined ? {} : { description }),
  };
}

/** Strata up to which a table has a column for each. */
const mostStrata = 8;

async function splitText(split: DatasetSplit): Promise<string> {
  const { parts, leftOut } = split;
  const strata = [...new Set(parts.flatMap((part) => Object.keys(part.strata)))].sort();
  const columns: readonly (readonly [string, (part: DatasetPart) => string])[] = [
    ...(split.rid === undefined ? [] : [["dataset", madeText] as const]),
    ["part", ({ name }) => name],
    ["type", ({ types }) => types.join(", ")],
    ["members", ({ members }) => String(members)],
    ...(split.disjointBy === undefined
      ? []
      : [["keys", ({ keys = 0 }: DatasetPart) => String(keys)] as const]),
    ...(strata.length > mostStrata
      ? [["strata", ({ strata: own }: DatasetPart) => String(Object.keys(own).length)] as const]
      : strata.map(
          (stratum) => [stratum, ({ strata: own }: DatasetPart) => String(own[stratum] ?? 0)] as const,
        )),
  ];
  const table = await textTable({
    headings: columns.map(([heading]) => heading),
    columns: columns.map(([, text]) => parts.map(text)),
    bold: false,
  });
  return [
    headline(split, `${membersText(split.members)} of ${split.of} in ${parts.length} parts`),
    table.trimEnd(),
    ...(leftOut === 0 ? [] : [`${leftOut} ${leftOut === 1 ? "member is" : "members are"} in none of them`]),
    ...dryRunLine(split),
  ].join("\n");
}

function sampleText(sample: DatasetSample): string {
  const keys = sample.keys === undefined ? "" : `, ${sample.keys} keys`;
  const made = `${sample.members} of ${sample.from} members of ${sample.of}${keys}`;
  return [headline(sample, made), ...dryRunLine(sample)].join("\n");
}

function headline(
  { seed, disjointBy, stratifyBy, ...made }: DatasetSplit | DatasetSample,
  what: string,
): string {
  const name = made.rid === undefined ? "" : `${madeText(made)}  `;
  const disjoint = disjointBy === undefined ? "" : `, disjoint by ${disjointBy}`;
  const stratified = stratifyBy === undefined ? "" : `, stratified by ${stratifyBy}`;
  return `${name}${what}, seed ${seed}${disjoint}${stratified}`;
}

function madeText({ rid, version }: MadeDataset): string {
  return rid === undefined ? "" : datasetSpecText({ rid, ...(version === undefined ? {} : { version }) });
}

function dryRunLine({ rid }: MadeDataset): readonly string[] {
  return rid === undefined ? ["dry run: nothing was written"] : [];
}
