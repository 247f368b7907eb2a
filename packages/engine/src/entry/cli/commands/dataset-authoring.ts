import { type Command, Option } from "commander";
import { AlmanacError } from "../../../core/errors.ts";
import { requireVersion, type VersionBump } from "../../../core/records/dataset-version.ts";
import { requireNamedDataset } from "../../require-authored.ts";
import { systemClock } from "../../system-clock.ts";
import { authoredLine, membersText } from "../authored-view.ts";
import type { CommandContext } from "../command.ts";
import { facetsOf, memberHelp, membersIn, membersOf, ridsOf } from "../dataset-flags.ts";
import { defineDatasetReading } from "../dataset-reading.ts";
import { openFrom } from "../open.ts";
import { type DocumentFlags, withDocumentFormat, writeDocument } from "../output.ts";

const named = "RID, or a name that only one has";

interface DescribingFlags extends DocumentFlags {
  readonly description?: string;
  readonly type?: readonly string[];
  readonly facet?: readonly string[];
}

interface CreateFlags extends DescribingFlags {
  readonly member?: readonly string[];
  readonly membersFrom?: string;
  readonly release?: true | string;
  readonly notes?: string;
}

interface ChangeFlags extends DescribingFlags {
  readonly name?: string;
  readonly add?: readonly string[];
  readonly addFrom?: string;
  readonly remove?: readonly string[];
}

interface ReleaseFlags extends DocumentFlags {
  readonly bump?: VersionBump;
  readonly to?: string;
  readonly notes?: string;
  readonly recursive?: boolean;
}

/** `almanac datasets create|change|release|versions|members|diff|parents|children`. */
export function defineAuthoring(command: Command, context: CommandContext): void {
  defineCreate(command.command("create").description("put a dataset together, as a draft"), context);
  defineChange(
    command.command("change").description("change the draft of a dataset, or what is said of it"),
    context,
  );
  defineRelease(
    command.command("release").description("freeze the draft of a dataset as a version"),
    context,
  );
  defineDatasetReading(command, context);
}

function withDescribing(command: Command): Command {
  return withDocumentFormat(command)
    .option("--description <text>", "Markdown")
    .option("--type <type...>", "terms of the vocabulary Dataset_Type, or synonyms")
    .option("--facet <name=value...>", "facets, kept with the dataset");
}

function defineCreate(command: Command, context: CommandContext): void {
  withDescribing(command)
    .argument("[name]", "what people call it; default: its RID")
    .option("--member <member...>", memberHelp)
    .option("--members-from <file>", "members, one a line; - for standard input")
    .option("--release [version]", "release it at once, as 0.1.0 or this version")
    .option("--notes <text>", "of the release")
    .action(async (name: string | undefined, flags: CreateFlags) => {
      const texts = [...(flags.member ?? []), ...membersIn(flags.membersFrom, context.terminal.cwd)];
      await using project = await openFrom(context, { access: "write" });
      const members = await membersOf(texts, project.catalog);
      const [made] = await project.catalog.authored.create([
        {
          ...(name === undefined ? {} : { name }),
          ...{ description: flags.description ?? "", types: flags.type ?? [], members },
          ...(flags.facet === undefined ? {} : { facets: facetsOf(flags.facet) }),
          at: systemClock.now(),
          ...releaseOf(flags),
        },
      ]);
      if (made === undefined) return;
      writeDocument(
        { kind: "dataset", value: made, text: `made ${authoredLine(made)}` },
        { ...context, flags },
      );
    });
}

function releaseOf({ release, notes }: CreateFlags): object {
  if (release === undefined) return {};
  const version = release === true ? {} : { version: requireVersion(release) };
  return { release: { ...version, ...(notes === undefined ? {} : { notes }) } };
}

function defineChange(command: Command, context: CommandContext): void {
  withDescribing(command)
    .argument("<dataset>", named)
    .option("--add <member...>", memberHelp)
    .option("--add-from <file>", "members to add, one a line; - for standard input")
    .option("--remove <member...>", "members to take out, by RID or name")
    .option("--name <text>", "another name")
    .action(async (text: string, flags: ChangeFlags) => {
      const { add = [], addFrom, remove = [], name, description, type: types, facet } = flags;
      const added = [...add, ...membersIn(addFrom, context.terminal.cwd)];
      const said = {
        ...(name === undefined ? {} : { name }),
        ...(description === undefined ? {} : { description }),
        ...(types === undefined ? {} : { types }),
        ...(facet === undefined ? {} : { facets: facetsOf(facet) }),
      };
      const hasMembers = added.length + remove.length > 0;
      if (!hasMembers && Object.keys(said).length === 0)
        throw new AlmanacError("USAGE", "nothing to change was named", {
          hint: "--add RID, --remove RID, --name, --description, --type or --facet",
        });
      await using project = await openFrom(context, { access: "write" });
      const { authored } = project.catalog;
      const { rid } = await requireDraft(text, authored);
      const members = {
        add: await membersOf(added, project.catalog),
        remove: await ridsOf(remove, project.catalog),
      };
      if (Object.keys(said).length > 0) await authored.describe(rid, said);
      const value = await authored.change(rid, members);
      writeDocument({ kind: "dataset", value, text: authoredLine(value) }, { ...context, flags });
    });
}

function defineRelease(command: Command, context: CommandContext): void {
  withDocumentFormat(command)
    .argument("<dataset>", named)
    .addOption(
      new Option("--bump <part>", "which part of the version is raised").choices(["major", "minor", "patch"]),
    )
    .option("--to <version>", "exactly this version, such as 1.0.0")
    .option("--notes <text>", "what is new in it")
    .option("--recursive", "release its children first where they have changed")
    .action(async (text: string, { bump, to, notes, recursive = false, ...flags }: ReleaseFlags) => {
      if (bump !== undefined && to !== undefined)
        throw new AlmanacError("USAGE", "--bump and --to exclude each other", { hint: "give one of them" });
      await using project = await openFrom(context, { access: "write" });
      const { authored } = project.catalog;
      const { rid } = await requireDraft(text, authored);
      const released = await authored.release(rid, {
        ...(bump === undefined ? {} : { bump }),
        ...(to === undefined ? {} : { version: requireVersion(to) }),
        ...(notes === undefined ? {} : { notes }),
        ...{ recursive, at: systemClock.now() },
      });
      const lines = released.map(
        ({ dataset, version, memberCount, digest }) =>
          `released ${dataset}@${version}  (${membersText(memberCount)}, digest ${digest.slice(0, 12)})`,
      );
      writeDocument({ kind: "release", value: { released }, text: lines.join("\n") }, { ...context, flags });
    });
}

/** A dataset whose draft is meant. @throws UNKNOWN_NAME; USAGE when a released version is named */
async function requireDraft(text: string, authored: Parameters<typeof requireNamedDataset>[1]) {
  const { dataset, version } = await requireNamedDataset(text, authored);
  if (version === undefined || version === "draft") return dataset;
  throw new AlmanacError("USAGE", `${text} is a released version, which never changes`, {
    hint: `name the dataset: ${dataset.rid}`,
  });
}
