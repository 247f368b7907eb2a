import { AlmanacError } from "../core/errors.ts";
import { nearestNames } from "../core/identity/nearest-names.ts";
import type { DatasetCatalog, DatasetSummary } from "../ports/dataset-catalog.ts";

/** The dataset of an id or RID, or undefined. */
export async function getDataset(
  name: string,
  datasets: Pick<DatasetCatalog, "list">,
): Promise<DatasetSummary | undefined> {
  return (await datasets.list({ names: [name], limit: 1 })).items[0];
}

/**
 * The dataset of an id or RID.
 * @throws UNKNOWN_NAME with the nearest ids that the solver sees
 */
export async function requireDataset(
  name: string,
  datasets: Pick<DatasetCatalog, "list" | "snapshot">,
): Promise<DatasetSummary> {
  const found = await getDataset(name, datasets);
  if (found !== undefined) return found;
  const close = nearestNames(name, await datasetIds(datasets));
  throw new AlmanacError("UNKNOWN_NAME", `there is no dataset "${name}"`, {
    hint: close.length > 0 ? `nearest: ${close.join(", ")}` : "almanac datasets list",
    facts: { name, nearest: close },
  });
}

/** Ids of all datasets that the solver sees. */
export async function datasetIds(datasets: Pick<DatasetCatalog, "snapshot">): Promise<readonly string[]> {
  const { tables } = await datasets.snapshot();
  return [...tables.values()].flatMap(({ ids }) => ids);
}
