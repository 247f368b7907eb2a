import { getAuthored } from "../app/records/named-dataset.ts";
import { AlmanacError } from "../core/errors.ts";
import { nearestNames } from "../core/identity/nearest-names.ts";
import { datasetSpecText } from "../core/records/dataset-version.ts";
import type { DatasetCatalog, DatasetSummary } from "../ports/dataset-catalog.ts";
import type { Catalog } from "./project.ts";

/**
 * The dataset of an id or RID, of an authored one also of a name that only it has; with a version, that one if solving
 * could see it.
 * @throws USAGE naming the RIDs when several have the name
 */
export async function getDataset(
  name: string,
  { datasets, authored }: Pick<Catalog, "datasets" | "authored">,
): Promise<DatasetSummary | undefined> {
  const byId = (await datasets.list({ names: [name], limit: 1 })).items[0];
  if (byId !== undefined) return byId;
  const named = await getAuthored(name, authored);
  if (named === undefined) return undefined;
  const { dataset, version } = named;
  const id = datasetSpecText({ rid: dataset.rid, ...(version === undefined ? {} : { version }) });
  return (await datasets.list({ names: [id], limit: 1 })).items[0];
}

/**
 * The dataset that must be there.
 * @throws UNKNOWN_NAME with the nearest ids that the solver sees; USAGE as `getDataset`
 */
export async function requireDataset(
  name: string,
  catalog: Pick<Catalog, "datasets" | "authored">,
): Promise<DatasetSummary> {
  const found = await getDataset(name, catalog);
  if (found !== undefined) return found;
  const close = nearestNames(name, await datasetIds(catalog.datasets));
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
