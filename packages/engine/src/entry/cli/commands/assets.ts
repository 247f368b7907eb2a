import type { Command } from "commander";
import { AlmanacError } from "../../../core/errors.ts";
import { requireRid } from "../../../core/identity/rid.ts";
import type { Asset, AssetRole } from "../../../core/records/asset.ts";
import {
  type AssetKind,
  type ColumnType,
  type MetadataColumn,
  requireAssetKind,
} from "../../../core/records/asset-kind.ts";
import { assetTypeNames, assetTypeVocabulary } from "../../../core/records/asset-types.ts";
import type { Catalog } from "../../project.ts";
import { requireAsset } from "../../require-asset.ts";
import { defineAssetFileVerbs } from "../asset-file-verbs.ts";
import type { CommandContext, CommandModule } from "../command.ts";
import { defineDelete } from "../delete-verbs.ts";
import { openFrom } from "../open.ts";
import {
  type DocumentFlags,
  type ListingFlags,
  withDocumentFormat,
  withFormat,
  writeDocument,
  writeListing,
} from "../output.ts";
import { limits, type PagingFlags, requireMatch, withPaging } from "../paging.ts";

interface ListFlags extends ListingFlags, PagingFlags {
  readonly kind?: readonly string[];
  readonly type?: readonly string[];
  readonly execution?: string;
  readonly role?: AssetRole;
}

/** `almanac assets list|show|kinds|declare|add|verify|download`. */
export const { define }: CommandModule = {
  define: (command, context) => {
    defineList(command.command("list").description("list assets in order of RIDs"), context);
    defineShow(command.command("show").description("show one asset and who uses it"), context);
    defineKinds(command.command("kinds").description("list asset kinds with their columns"), context);
    defineDelete(command.command("delete"), { noun: "asset", context });
    defineDeclare(command.command("declare").description("declare an asset kind"), context);
    defineAssetFileVerbs(command, context);
  },
};

function defineList(command: Command, context: CommandContext): void {
  withPaging(withFormat(command))
    .option("--kind <kind...>", "of these kinds")
    .option("--type <type...>", "with one of these types")
    .option("--execution <rid>", "inputs and outputs of one execution")
    .option("--role <role>", `with one of the roles ${roles.join(", ")}`, requireRole)
    .action(async (flags: ListFlags) => {
      await using project = await openFrom(context, { access: "read" });
      const { kind, type, execution, role } = flags;
      const found = await project.catalog.assets.list({
        ...(kind === undefined ? {} : { kind }),
        ...(type === undefined ? {} : { type: await typesOf(type, project.catalog) }),
        ...(execution === undefined ? {} : { execution: requireRid(execution) }),
        ...(role === undefined ? {} : { role }),
        ...limits(flags),
      });
      requireMatch(found.total, flags);
      await writeListing({ kind: "assets", ...found, columns }, { terminal: context.terminal, flags });
    });
}

/** Names of types by any of their spellings. @throws UNKNOWN_NAME */
async function typesOf(
  spellings: readonly string[],
  { assets, vocabularies }: Pick<Catalog, "assets" | "vocabularies">,
): Promise<readonly string[]> {
  const [kinds, assetTypes] = [await assets.kinds(), await vocabularies.terms(assetTypeVocabulary)];
  const found = assetTypeNames(spellings, { kinds, assetTypes });
  if (found.ok) return found.value;
  throw new AlmanacError("UNKNOWN_NAME", found.error.join("; "), {
    hint: `almanac vocab show ${assetTypeVocabulary}`,
    facts: { types: spellings },
  });
}

const columns = [
  { heading: "rid", text: ({ rid }: Asset) => rid },
  { heading: "kind", text: ({ kind }: Asset) => kind },
  { heading: "file", text: ({ fileName }: Asset) => fileName },
  { heading: "bytes", text: ({ sizeBytes }: Asset) => String(sizeBytes) },
  { heading: "types", text: ({ types }: Asset) => types.join(" ") },
  { heading: "made by", text: ({ madeBy }: Asset) => madeBy ?? "" },
  { heading: "description", text: ({ description }: Asset) => description },
];

const roles = ["Input", "Output"] as const satisfies readonly AssetRole[];

function requireRole(text: string): AssetRole {
  const found = roles.find((role) => role.toLowerCase() === text.toLowerCase());
  if (found !== undefined) return found;
  throw new AlmanacError("USAGE", `there is no role "${text}"`, { hint: `roles: ${roles.join(", ")}` });
}

function defineShow(command: Command, context: CommandContext): void {
  withDocumentFormat(command)
    .argument("<rid>", "asset")
    .action(async (text: string, flags: DocumentFlags) => {
      await using project = await openFrom(context, { access: "read" });
      const asset = await requireAsset(text, project.catalog.assets);
      const uses = await project.catalog.assets.uses(asset.rid);
      const lines = [
        `${asset.rid}  ${asset.kind}  ${asset.fileName}  ${asset.sizeBytes} bytes`,
        ...(asset.description === "" ? [] : [asset.description]),
        `sha256  ${asset.sha256}`,
        `types   ${asset.types.join(", ")}`,
        `at      ${asset.url}`,
        ...Object.entries(asset.metadata).map(([name, value]) => `${name} = ${JSON.stringify(value)}`),
        ...uses.map(({ execution, role }) => `${role}  of execution ${execution}`),
      ];
      writeDocument(
        { kind: "asset", value: { ...asset, uses }, text: lines.join("\n") },
        { terminal: context.terminal, flags },
      );
    });
}

function defineKinds(command: Command, context: CommandContext): void {
  withFormat(command).action(async (flags: ListingFlags) => {
    await using project = await openFrom(context, { access: "read" });
    const items = await project.catalog.assets.kinds();
    const listing = { kind: "asset-kinds", noun: "asset kinds", items, total: items.length };
    await writeListing({ ...listing, columns: kindColumns }, { terminal: context.terminal, flags });
  });
}

const kindColumns = [
  { heading: "name", text: ({ name }: AssetKind) => name },
  { heading: "columns", text: ({ columns: all }: AssetKind) => all.map(columnText).join(", ") },
  { heading: "description", text: ({ description }: AssetKind) => description },
];

function columnText({ name, type, required }: MetadataColumn): string {
  return `${name}:${type}${required ? "!" : ""}`;
}

interface DeclareFlags {
  readonly column?: readonly MetadataColumn[];
  readonly description?: string;
}

function defineDeclare(command: Command, context: CommandContext): void {
  command
    .argument("<name>", "name of the kind")
    .option("--description <text>", "what assets of this kind are")
    .option(
      "--column <name:type>",
      `metadata column of type ${types.join(", ")}; name:type! is required`,
      columnOf,
    )
    .action(async (name: string, { column = [], description = "" }: DeclareFlags) => {
      const kind = requireAssetKind({ name, description, columns: column });
      await using project = await openFrom(context, { access: "write" });
      await project.catalog.assets.declareKind(kind);
      context.terminal.out(`asset kind ${name} declared\n`);
    });
}

const types = ["text", "number", "boolean", "json"] as const satisfies readonly ColumnType[];

function columnOf(text: string, previous: readonly MetadataColumn[] = []): readonly MetadataColumn[] {
  const [, name = "", kind = "", mark = ""] = /^([^:]+):([a-z]+)(!?)$/.exec(text) ?? [];
  const type = types.find((each) => each === kind);
  if (type === undefined)
    throw new AlmanacError("USAGE", `"${text}" is no column`, {
      hint: `write --column name:type with a type of ${types.join(", ")}, and ! behind it if it is required`,
    });
  return [...previous, { name, type, required: mark === "!" }];
}
