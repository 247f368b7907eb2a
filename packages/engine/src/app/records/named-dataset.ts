import { AlmanacError } from "../../core/errors.ts";
import { parseRid } from "../../core/identity/rid.ts";
import type { AuthoredDataset } from "../../core/records/authored-dataset.ts";
import { draftName, isVersion } from "../../core/records/dataset-version.ts";
import type { DatasetAuthoring } from "../../ports/dataset-authoring.ts";

/** An authored dataset as a person names it. */
export interface NamedDataset {
  readonly dataset: AuthoredDataset;
  /** `major.minor.patch` or `draft`, if one was named. */
  readonly version?: string;
}

/**
 * The authored dataset of a RID, or of a name that only one has; `@version` or `@draft` may follow. The version is not
 * looked for.
 * @returns undefined when there is none
 * @throws USAGE when several have the name, or what follows the `@` is no version
 */
export async function getAuthored(
  text: string,
  authored: Pick<DatasetAuthoring, "dataset" | "list">,
): Promise<NamedDataset | undefined> {
  const at = text.lastIndexOf("@");
  const [name, version] = at < 0 ? [text, undefined] : [text.slice(0, at), text.slice(at + 1)];
  const rid = parseRid(name);
  const dataset =
    (rid === undefined ? undefined : await authored.dataset(rid)) ?? (await onlyOne(name, authored));
  if (dataset === undefined) return undefined;
  if (version === undefined) return { dataset };
  if (version !== draftName && !isVersion(version))
    throw new AlmanacError("USAGE", `"${version}" in "${text}" is not a version`, {
      hint: `a version is major.minor.patch, or draft: almanac datasets versions ${dataset.rid}`,
    });
  return { dataset, version };
}

async function onlyOne(
  name: string,
  authored: Pick<DatasetAuthoring, "list">,
): Promise<AuthoredDataset | undefined> {
  const { items } = await authored.list({ names: [name] });
  if (items.length < 2) return items[0];
  throw new AlmanacError("USAGE", `${items.length} datasets have the name "${name}"`, {
    hint: `name one by its RID: ${items.map(({ rid }) => rid).join(", ")}`,
    facts: { name, rids: items.map(({ rid }) => rid) },
  });
}
