import { getAuthored, type NamedDataset } from "../app/records/named-dataset.ts";
import { AlmanacError } from "../core/errors.ts";
import { nearestNames } from "../core/identity/nearest-names.ts";
import type { DatasetAuthoring } from "../ports/dataset-authoring.ts";

/**
 * The authored dataset that must be there.
 * @throws UNKNOWN_NAME with the nearest names; USAGE as `getAuthored`
 */
export async function requireNamedDataset(
  text: string,
  authored: Pick<DatasetAuthoring, "dataset" | "list">,
): Promise<NamedDataset> {
  const found = await getAuthored(text, authored);
  if (found !== undefined) return found;
  const near = await nearestAuthored(text, authored);
  throw new AlmanacError("UNKNOWN_NAME", `there is no authored dataset "${text}"`, {
    hint: near.length > 0 ? `nearest: ${near.join(", ")}` : "almanac datasets list --origin authored",
    facts: { name: text, nearest: near },
  });
}

/** Names of authored datasets that are like one, whatever version is named with it. */
export async function nearestAuthored(
  text: string,
  authored: Pick<DatasetAuthoring, "list">,
): Promise<readonly string[]> {
  const { items } = await authored.list({});
  return nearestNames(text.replace(/@.*$/, ""), new Set(items.map(({ name }) => name)));
}
