import type { Command } from "commander";
import type {
  DatasetVersion,
  FrozenMember,
  Member,
  VersionDifference,
} from "../../core/records/authored-dataset.ts";
import { datasetSpecText, draftName } from "../../core/records/dataset-version.ts";
import type { RelatedDataset } from "../../ports/dataset-authoring.ts";
import { requireNamedDataset } from "../require-authored.ts";
import { memberLine } from "./authored-view.ts";
import type { CommandContext } from "./command.ts";
import { openFrom } from "./open.ts";
import {
  type DocumentFlags,
  type ListingFlags,
  withDocumentFormat,
  withFormat,
  writeDocument,
  writeListing,
} from "./output.ts";
import { limits, type PagingFlags, requireMatch, withPaging } from "./paging.ts";

const named = "RID, or a name that only one has";
const namedVersion = "RID or name, with @version or @draft; without: the draft";

/** Adds what reads authored datasets: `versions`, `members`, `diff`, `parents`, `children`. */
export function defineDatasetReading(command: Command, context: CommandContext): void {
  defineVersions(command.command("versions").description("list the released versions of a dataset"), context);
  defineMembers(command.command("members").description("list the members of a version"), context);
  defineDiff(command.command("diff").description("show what differs between two versions"), context);
  defineRelated(command.command("parents").description("list the datasets that have one as a member"), {
    ...{ context, direction: "parents" },
  });
  defineRelated(command.command("children").description("list the datasets that a version has as members"), {
    ...{ context, direction: "children" },
  });
}

function defineVersions(command: Command, context: CommandContext): void {
  withFormat(command)
    .argument("<dataset>", named)
    .action(async (text: string, flags: ListingFlags) => {
      await using project = await openFrom(context, { access: "read" });
      const { authored } = project.catalog;
      const { dataset } = await requireNamedDataset(text, authored);
      const items = await authored.versions(dataset.rid);
      await writeListing(
        { kind: "versions", items, total: items.length, columns: versionColumns },
        { ...context, flags },
      );
    });
}

const versionColumns = [
  { heading: "version", text: ({ version }: DatasetVersion) => version },
  { heading: "released", text: ({ releasedAt }: DatasetVersion) => releasedAt },
  { heading: "members", text: ({ memberCount }: DatasetVersion) => String(memberCount) },
  { heading: "made by", text: ({ madeBy }: DatasetVersion) => madeBy ?? "" },
  { heading: "digest", text: ({ digest }: DatasetVersion) => digest },
  { heading: "notes", text: ({ notes }: DatasetVersion) => notes },
];

function defineMembers(command: Command, context: CommandContext): void {
  withPaging(withFormat(command))
    .argument("<dataset>", namedVersion)
    .action(async (text: string, flags: ListingFlags & PagingFlags) => {
      await using project = await openFrom(context, { access: "read" });
      const { authored } = project.catalog;
      const { dataset, version = draftName } = await requireNamedDataset(text, authored);
      const page = { dataset: dataset.rid, version, ...limits(flags) };
      const items = await authored.members(page);
      const released = (await authored.versions(dataset.rid)).find((each) => each.version === version);
      const total = released?.memberCount ?? dataset.memberCount;
      requireMatch(total, flags);
      await writeListing({ kind: "members", items, total, columns: memberColumns }, { ...context, flags });
    });
}

type AnyMember = FrozenMember | Member;

const memberColumns = [
  { heading: "kind", text: ({ kind }: AnyMember) => kind },
  { heading: "rid", text: ({ rid }: AnyMember) => rid },
  { heading: "version", text: ({ version }: AnyMember) => version ?? "" },
  { heading: "path", text: ({ path }: AnyMember) => path ?? "" },
  { heading: "size", text: (member: AnyMember) => ("sizeBytes" in member ? String(member.sizeBytes) : "") },
  { heading: "checksum", text: (member: AnyMember) => ("checksum" in member ? member.checksum : "") },
];

function defineDiff(command: Command, context: CommandContext): void {
  withDocumentFormat(command)
    .argument("<dataset>", named)
    .argument("<from>", "version, or draft")
    .argument("[to]", "version, or draft", draftName)
    // allow-parameters: commander hands over one for each argument, then the options
    .action(async (text: string, from: string, to: string, flags: DocumentFlags) => {
      await using project = await openFrom(context, { access: "read" });
      const { authored } = project.catalog;
      const { rid } = (await requireNamedDataset(text, authored)).dataset;
      const difference = await authored.difference(rid, { from, to });
      const value = { dataset: rid, from, to, ...difference };
      writeDocument(
        { kind: "dataset-diff", value, text: differenceText(difference, { rid, from, to }) },
        { ...context, flags },
      );
    });
}

function differenceText(
  { added, removed, changed }: VersionDifference,
  { rid, from, to }: { readonly rid: string; readonly from: string; readonly to: string },
): string {
  return [
    `${rid} from ${from} to ${to}: ${added.length} added, ${removed.length} removed, ${changed.length} changed`,
    ...added.map((member) => `+ ${memberLine(member)}`),
    ...removed.map((member) => `- ${memberLine(member)}`),
    ...changed.flatMap(({ before, after }) => [`< ${memberLine(before)}`, `> ${memberLine(after)}`]),
  ].join("\n");
}

interface RelatedFlags extends ListingFlags {
  readonly recursive?: boolean;
}

function defineRelated(
  command: Command,
  { context, direction }: { readonly context: CommandContext; readonly direction: "parents" | "children" },
): void {
  withFormat(command)
    .argument(
      "<dataset>",
      direction === "children" ? namedVersion : "RID or name, with @version for those that have that one",
    )
    .option("--recursive", "theirs too")
    .action(async (text: string, flags: RelatedFlags) => {
      await using project = await openFrom(context, { access: "read" });
      const { authored } = project.catalog;
      const { dataset, version } = await requireNamedDataset(text, authored);
      const items = await authored[direction]({
        dataset: dataset.rid,
        ...(version === undefined ? {} : { version }),
        recursive: flags.recursive === true,
      });
      await writeListing(
        { kind: direction, noun: "datasets", items, total: items.length, columns: relatedColumns },
        { ...context, flags },
      );
    });
}

const relatedColumns = [
  { heading: "parent", text: ({ parent }: RelatedDataset) => datasetSpecText(parent) },
  { heading: "child", text: ({ child }: RelatedDataset) => datasetSpecText(child) },
  { heading: "depth", text: ({ depth }: RelatedDataset) => String(depth) },
];
