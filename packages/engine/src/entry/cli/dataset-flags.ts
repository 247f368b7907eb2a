import { readFileSync } from "node:fs";
import path from "node:path";
import { AlmanacError } from "../../core/errors.ts";
import type { Rid } from "../../core/identity/rid.ts";
import { draftName } from "../../core/records/dataset-version.ts";
import type { NewMember } from "../../ports/dataset-authoring.ts";
import { getNamed, type NamingCatalog } from "../named-record.ts";

/** Texts that an error names. */
const namedTexts = 20;

/** How a member is written. */
export const memberHelp = "RID, or name of a dataset, with @version of a dataset and =path for its place";

/**
 * Reads `RID[@version][=path]`, or a name in the place of the RID.
 * @returns undefined when there is nothing of the name
 * @throws USAGE when it names a draft, or is no name
 */
async function memberOf(text: string, catalog: NamingCatalog): Promise<NewMember | undefined> {
  const at = text.indexOf("=");
  const [name, place] = at < 0 ? [text, undefined] : [text.slice(0, at), text.slice(at + 1)];
  const spec = await getNamed(name.trim(), catalog);
  if (name.trim() === "" || spec?.version === draftName)
    throw new AlmanacError("USAGE", `"${text}" does not name a member`, { hint: memberHelp });
  if (spec === undefined) return undefined;
  return { ...spec, ...(place === undefined ? {} : { path: place }) };
}

/**
 * Members as they are named on the command line and in a file.
 * @throws UNKNOWN_NAME naming all that there is nothing of; USAGE when one names a draft, or several datasets
 */
export async function membersOf(
  texts: readonly string[],
  catalog: NamingCatalog,
): Promise<readonly NewMember[]> {
  const members: NewMember[] = [];
  const unknown: string[] = [];
  for (const text of texts) {
    const member = await memberOf(text, catalog);
    if (member === undefined) unknown.push(text);
    else members.push(member);
  }
  if (unknown.length === 0) return members;
  const named = unknown.slice(0, namedTexts).map((text) => `"${text}"`);
  const more = unknown.length > named.length ? `, and ${unknown.length - named.length} more` : "";
  throw new AlmanacError("UNKNOWN_NAME", `there is no asset, record or dataset ${named.join(", ")}${more}`, {
    hint: "almanac assets list, almanac datasets list",
    facts: { names: unknown },
  });
}

/**
 * Texts of members in a file, one a line; empty lines and those that begin with # are passed over.
 * @param file absolute or relative to `cwd`; `-` is standard input; undefined: none
 * @throws FILE_MISSING
 */
export function membersIn(file: string | undefined, cwd: string): readonly string[] {
  if (file === undefined) return [];
  return textOf(file, cwd)
    .split(/\r?\n/)
    .filter((line) => line.trim() !== "" && !line.startsWith("#"));
}

function textOf(file: string, cwd: string): string {
  try {
    return readFileSync(file === "-" ? 0 : path.resolve(cwd, file), "utf8");
  } catch (error) {
    if (!(error instanceof Error) || !("code" in error)) throw error;
    throw new AlmanacError("FILE_MISSING", `the list of members ${file} cannot be read: ${error.message}`, {
      facts: { file },
      cause: error,
    });
  }
}

/** RIDs of what is named. @throws USAGE as `membersOf` */
export async function ridsOf(texts: readonly string[], catalog: NamingCatalog): Promise<readonly Rid[]> {
  return (await membersOf(texts, catalog)).flatMap((member) => ("rid" in member ? member.rid : []));
}

/**
 * Reads facets as `name=value`.
 * @throws USAGE when one has not this form
 */
export function facetsOf(texts: readonly string[]): Readonly<Record<string, string>> {
  return Object.fromEntries(
    texts.map((text) => {
      const at = text.indexOf("=");
      if (at < 1)
        throw new AlmanacError("USAGE", `"${text}" is no facet`, { hint: "write it as name=value" });
      return [text.slice(0, at), text.slice(at + 1)];
    }),
  );
}
