import type { Command } from "commander";
import { parseFile } from "../../core/catalog/parse-file.ts";
import type { SourceType } from "../../core/catalog/source-type.ts";
import { builtInSourceTypes } from "../../core/catalog/source-types.ts";
import type { CommandContext } from "./command.ts";
import { openFrom } from "./open.ts";
import { type Column, type ListingFlags, withFormat, writeListing } from "./output.ts";

/** A source type as it is listed. */
interface ListedType {
  readonly name: string;
  readonly origin: "built in" | "configuration" | "released";
  /** Prefix, identity facets and version, as they stand in an id. */
  readonly id: string;
  /** When files are opened. */
  readonly opening: SourceType["opening"];
  readonly paths: readonly string[];
  readonly facets: SourceType["facets"];
  readonly requiredAttributes: readonly string[];
  /** With `--path`: the id that the path gives, or why it gives none. */
  readonly path?: { readonly id?: string; readonly facets?: object; readonly reason?: string };
}

/** `almanac datasets types [--path FILE]`: those that are declared, and the names of released datasets with facets. */
export function defineTypes(command: Command, context: CommandContext): void {
  withFormat(command)
    .option("--path <file>", "say what each makes of this path, which need not exist")
    .action(async (flags: ListingFlags & { readonly path?: string }) => {
      await using project = await openFrom(context, { access: "none" });
      const items = [
        ...project.sourceTypes.all.map((type) => listed(type, flags.path)),
        ...(await project.releasedTypes()).map(listedReleased),
      ];
      const columns = flags.path === undefined ? plain : tried;
      await writeListing(
        { kind: "source-types", noun: "source types", items, total: items.length, columns },
        { terminal: context.terminal, flags },
      );
    });
}

function listed(type: SourceType, path: string | undefined): ListedType {
  return {
    name: type.name,
    origin: Object.hasOwn(builtInSourceTypes, type.name) ? "built in" : "configuration",
    id: [type.idPrefix, ...type.identityFacets.map((name) => `{${name}}`), "{version}"].join("."),
    opening: type.opening,
    paths: type.paths.map(({ folders, file }) => `${folders}${file}`),
    facets: type.facets,
    requiredAttributes: type.requiredAttributes,
    ...(path === undefined ? {} : { path: triedPath(type, path) }),
  };
}

/** One whose datasets were put together here: there are no files to look for. */
function listedReleased({ name, opening, facets }: SourceType): ListedType {
  const origin = "released";
  return { name, origin, id: "RID@{version}", opening, paths: [], facets, requiredAttributes: [] };
}

function triedPath(type: SourceType, path: string): NonNullable<ListedType["path"]> {
  const parsed = parseFile(type, { path });
  return parsed.ok
    ? { id: parsed.value.id, facets: parsed.value.facets }
    : { reason: type.opening === "always" ? "files of this type are always opened" : parsed.error.message };
}

const name: Column<ListedType> = { heading: "type", text: (type) => type.name };

const plain: readonly Column<ListedType>[] = [
  name,
  { heading: "origin", text: ({ origin }) => origin },
  { heading: "opened", text: ({ opening }) => (opening === "always" ? "always" : "when needed") },
  { heading: "id", text: ({ id }) => id },
];

const tried: readonly Column<ListedType>[] = [
  name,
  { heading: "what the path gives", text: ({ path }) => path?.id ?? path?.reason ?? "" },
];
