import { readFileSync } from "node:fs";
import path from "node:path";
import { AlmanacError } from "../../core/errors.ts";
import { requireRid } from "../../core/identity/rid.ts";
import { parseDatasetSpec } from "../../core/records/dataset-version.ts";
import type { NewMember } from "../../ports/dataset-authoring.ts";

/** How a member is written. */
export const memberHelp = "RID, RID@version of a dataset, with =path for its place";

/**
 * Reads `RID[@version][=path]`.
 * @throws USAGE when it has not this form
 */
export function memberOf(text: string): NewMember {
  const at = text.indexOf("=");
  const [name, place] = at < 0 ? [text, undefined] : [text.slice(0, at), text.slice(at + 1)];
  const spec = parseDatasetSpec(name.trim());
  if (spec === undefined || spec.version === "draft")
    throw new AlmanacError("USAGE", `"${text}" does not name a member`, { hint: memberHelp });
  return { ...spec, ...(place === undefined ? {} : { path: place }) };
}

/**
 * Reads members from a file, one a line; empty lines and those that begin with # are passed over.
 * @param file absolute or relative to `cwd`; `-` is standard input
 * @throws FILE_MISSING, USAGE
 */
export function membersIn(file: string, cwd: string): readonly NewMember[] {
  return textOf(file, cwd)
    .split(/\r?\n/)
    .filter((line) => line.trim() !== "" && !line.startsWith("#"))
    .map(memberOf);
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

/** Reads RIDs. @throws USAGE */
export function ridsOf(texts: readonly string[] = []) {
  return texts.map(requireRid);
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
