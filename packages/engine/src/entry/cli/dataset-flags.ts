import { readFileSync } from "node:fs";
import path from "node:path";
import { AlmanacError } from "../../core/errors.ts";
import type { Rid } from "../../core/identity/rid.ts";
import { draftName, parseDatasetSpec } from "../../core/records/dataset-version.ts";
import type { NewMember } from "../../ports/dataset-authoring.ts";
import { getNamed, type NamingCatalog } from "../named-record.ts";

/** How a member is written. */
export const memberHelp = "RID, or name of a dataset, with @version of a dataset and =path for its place";

/**
 * Reads `RID[@version][=path]`, or a name in the place of the RID. Whether the catalog has a RID is not looked at.
 * @throws USAGE when it names nothing, or a draft
 */
async function memberOf(text: string, catalog: NamingCatalog): Promise<NewMember> {
  const at = text.indexOf("=");
  const [name, place] = at < 0 ? [text, undefined] : [text.slice(0, at), text.slice(at + 1)];
  const spec = (await getNamed(name.trim(), catalog)) ?? parseDatasetSpec(name.trim());
  if (spec === undefined || spec.version === draftName)
    throw new AlmanacError("USAGE", `"${text}" does not name a member`, { hint: memberHelp });
  return { ...spec, ...(place === undefined ? {} : { path: place }) };
}

/**
 * Members as they are named on the command line and in a file.
 * @throws USAGE when one names nothing, a draft, or several datasets
 */
export async function membersOf(
  texts: readonly string[],
  catalog: NamingCatalog,
): Promise<readonly NewMember[]> {
  const members: NewMember[] = [];
  for (const text of texts) members.push(await memberOf(text, catalog));
  return members;
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
