import { getAuthored } from "../app/records/named-dataset.ts";
import { AlmanacError } from "../core/errors.ts";
import { requireRid } from "../core/identity/rid.ts";
import { type DatasetSpec, parseDatasetSpec } from "../core/records/dataset-version.ts";
import type { Catalog } from "./project.ts";
import { nearestAuthored } from "./require-authored.ts";
import { getDataset } from "./require-dataset.ts";

/** What of a catalog tells which record is meant. */
export type NamingCatalog = Pick<Catalog, "kindOf" | "authored" | "datasets">;

/**
 * The record that a person names: any by its RID, with `@version` a version of a dataset, and datasets also by their id, or
 * by a name that only one has. A RID that a record has goes before a name that looks like one.
 * @returns undefined when there is none
 * @throws USAGE naming the RIDs when several datasets have the name, or when what follows the `@` is no version
 */
export async function getNamed(text: string, catalog: NamingCatalog): Promise<DatasetSpec | undefined> {
  const spec = parseDatasetSpec(text);
  if (spec !== undefined && (await catalog.kindOf(spec.rid)) !== undefined) return spec;
  const named = await getAuthored(text, catalog.authored);
  if (named !== undefined)
    return {
      rid: named.dataset.rid,
      ...(named.version === undefined ? {} : { version: named.version }),
    };
  const ingested = await getDataset(text, catalog);
  return ingested === undefined ? undefined : { rid: requireRid(ingested.rid) };
}

/**
 * The record that must be there.
 * @param what of what kinds it may be, for the message
 * @throws UNKNOWN_NAME with the nearest names; USAGE as `getNamed`
 */
export async function requireNamed(
  text: string,
  { catalog, what }: { readonly catalog: NamingCatalog; readonly what: string },
): Promise<DatasetSpec> {
  const found = await getNamed(text, catalog);
  if (found !== undefined) return found;
  const nearest = await nearestAuthored(text, catalog.authored);
  throw new AlmanacError("UNKNOWN_NAME", `there is no ${what} "${text}"`, {
    hint:
      nearest.length > 0
        ? `nearest: ${nearest.join(", ")}`
        : "almanac executions list, almanac assets list, almanac datasets list",
    facts: { name: text, nearest },
  });
}
