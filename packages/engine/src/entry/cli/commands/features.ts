import type { Command } from "commander";
import { AlmanacError } from "../../../core/errors.ts";
import { type Rid, requireRid } from "../../../core/identity/rid.ts";
import { type FeatureDefinition, type FeatureValue, featureName } from "../../../core/records/feature.ts";
import type { FeatureSelector } from "../../../core/records/feature-selector.ts";
import { requireFeature } from "../../feature-verbs.ts";
import { type NamingCatalog, requireNamed } from "../../named-record.ts";
import { type ColumnFlags, columnsOf, columnText, withColumns } from "../column-flags.ts";
import type { CommandContext, CommandModule } from "../command.ts";
import { defineDelete } from "../delete-verbs.ts";
import { openFrom } from "../open.ts";
import {
  type DocumentFlags,
  formatOf,
  type ListingFlags,
  withDocumentFormat,
  withFormat,
  writeDocument,
  writeListing,
} from "../output.ts";
import { type PagingFlags, requireMatch, withPaging } from "../paging.ts";

/** `almanac features list|show|define|values`. */
export const { define }: CommandModule = {
  define: (command, context) => {
    defineList(command.command("list").description("list features"), context);
    defineShow(command.command("show").description("show one feature and its columns"), context);
    defineDefine(command.command("define").description("declare a feature"), context);
    defineDelete(command.command("delete"), { noun: "feature", context });
    defineValues(command.command("values").description("list the values of a feature"), context);
  },
};

function defineList(command: Command, context: CommandContext): void {
  withFormat(command).action(async (flags: ListingFlags) => {
    await using project = await openFrom(context, { access: "read" });
    const all = await project.catalog.features.features();
    const items = all.map((feature) => ({ feature: featureName(feature), ...feature }));
    const listing = { kind: "features", items, total: items.length, columns };
    await writeListing(listing, { terminal: context.terminal, flags });
  });
}

type Item = FeatureDefinition & { readonly feature: string };

const columns = [
  { heading: "feature", text: ({ feature }: Item) => feature },
  { heading: "of", text: ({ target }: Item) => target.kind },
  { heading: "columns", text: ({ columns: all }: Item) => all.map(columnText).join(" ") },
  { heading: "description", text: ({ description }: Item) => description },
];

const named = "<target>/<name>, such as cmip6/quality";

function defineShow(command: Command, context: CommandContext): void {
  withDocumentFormat(command)
    .argument("<feature>", named)
    .action(async (name: string, flags: DocumentFlags) => {
      await using project = await openFrom(context, { access: "read" });
      const feature = await requireFeature(name, project.catalog);
      const count = await project.catalog.features.count(name);
      const text = [
        `${name}  of each ${feature.target.kind} ${feature.target.name}`,
        ...(feature.description === "" ? [] : [feature.description]),
        ...feature.columns.map((column) => `  ${columnText(column)}`),
        `${count.values} values of ${count.targets} targets`,
      ].join("\n");
      const value = { feature: name, ...feature, ...count };
      writeDocument({ kind: "feature", value, text }, { terminal: context.terminal, flags });
    });
}

interface DefineFlags extends ColumnFlags {
  readonly description?: string;
  readonly kind?: FeatureDefinition["target"]["kind"];
}

const kinds = ["dataset", "asset", "record"] as const;

function defineDefine(command: Command, context: CommandContext): void {
  withColumns(
    command
      .argument("<feature>", "<target>/<name>; the target is a source type, asset kind or record type")
      .option("--description <text>", "what it says of its targets")
      .option(
        "--kind <kind>",
        `what the target is, if several have its name: ${kinds.join(", ")}`,
        requireKind,
      ),
  ).action(async (name: string, flags: DefineFlags) => {
    await using project = await openFrom(context, { access: "write" });
    const { description, kind } = flags;
    const feature = await project.defineFeature({
      ...{ name, columns: columnsOf(flags) },
      ...(description === undefined ? {} : { description }),
      ...(kind === undefined ? {} : { kind }),
    });
    context.terminal.out(`feature ${name} of each ${feature.target.kind} ${feature.target.name}\n`);
  });
}

function requireKind(text: string): (typeof kinds)[number] {
  const found = kinds.find((kind) => kind === text);
  if (found !== undefined) return found;
  throw new AlmanacError("USAGE", `there is no kind of target "${text}"`, {
    hint: `kinds: ${kinds.join(", ")}`,
  });
}

interface ValuesFlags extends ListingFlags, PagingFlags {
  readonly target?: readonly string[];
  readonly take?: FeatureSelector;
}

function defineValues(command: Command, context: CommandContext): void {
  withPaging(withFormat(command))
    .argument("<feature>", named)
    .option("--target <rid...>", "of these targets; datasets also by id or name")
    .option(
      "--take <which>",
      "one value of each target: newest, first, execution:RID, workflow:RID (its newest), majority or majority:COLUMN",
      readSelector,
    )
    .action(async (feature: string, flags: ValuesFlags) => {
      await using project = await openFrom(context, { access: "read" });
      const { target, take } = flags;
      const reading = {
        feature,
        ...(target === undefined ? {} : { targets: await targetsOf(target, project.catalog) }),
        ...(take === undefined ? {} : { selector: take }),
      };
      const { columns: own } = await requireFeature(feature, project.catalog);
      if (formatOf(flags) === "csv" && flags.limit === undefined && flags.offset === undefined) {
        for await (const text of project.featureTable(reading)) context.terminal.out(text);
        return;
      }
      const { items, total } = await paged(project.featureValues(reading), flags);
      requireMatch(total, flags);
      const listing = { kind: "feature-values", noun: "values", items, total, columns: valueColumns(own) };
      await writeListing(listing, { terminal: context.terminal, flags });
    });
}

/** @throws UNKNOWN_NAME, USAGE */
async function targetsOf(texts: readonly string[], catalog: NamingCatalog): Promise<readonly Rid[]> {
  const rids: Rid[] = [];
  for (const text of texts)
    rids.push((await requireNamed(text, { catalog, what: "dataset, asset or record" })).rid);
  return rids;
}

function valueColumns(own: FeatureDefinition["columns"]) {
  return [
    { heading: "target", text: ({ target }: FeatureValue) => target },
    { heading: "execution", text: ({ execution }: FeatureValue) => execution },
    ...own.map(({ name }) => ({
      heading: name,
      text: ({ values }: FeatureValue) => {
        const value = values[name] ?? null;
        return value === null ? "" : typeof value === "string" ? value : JSON.stringify(value);
      },
    })),
  ];
}

async function paged(
  values: AsyncIterable<FeatureValue>,
  { offset = 0, limit = Number.POSITIVE_INFINITY }: PagingFlags,
): Promise<{ readonly items: readonly FeatureValue[]; readonly total: number }> {
  const items: FeatureValue[] = [];
  let total = 0;
  for await (const value of values) {
    if (total >= offset && items.length < limit) items.push(value);
    total += 1;
  }
  return { items, total };
}

/** Reads `--take`. @throws USAGE */
function readSelector(text: string): FeatureSelector {
  const [by = "", ...rest] = text.split(":");
  const about = rest.join(":");
  if ((by === "newest" || by === "first") && about === "") return { by };
  if (by === "execution" && about !== "") return { by, execution: requireRid(about) };
  if (by === "workflow" && about !== "") return { by, workflow: requireRid(about) };
  if (by === "majority") return about === "" ? { by } : { by, column: about };
  throw new AlmanacError("USAGE", `"${text}" does not say which value to take`, {
    hint: "newest, first, execution:RID, workflow:RID, majority or majority:COLUMN",
  });
}
