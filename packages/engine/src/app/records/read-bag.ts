import type { Bags } from "../../ports/bags.ts";
import type { DatasetFolder } from "../../ports/dataset-reader.ts";
import { catalogOfBag } from "./bag-catalog.ts";
import { createDatasetReader } from "./dataset-reader.ts";

/**
 * The dataset of a bag, answering the same questions as a catalog. Files are not read; one that is not
 * there has no path.
 * @param folder absolute
 * @throws FILE_MISSING when there is no bag, BAG_INVALID when it is none of a dataset version
 */
export async function readBag(
  folder: string,
  bags: Pick<Bags, "contents" | "status">,
): Promise<DatasetFolder> {
  const contents = await bags.contents(folder);
  const missing = new Set((await bags.status(folder)).missing);
  const there = contents.assets.filter(({ place }) => !missing.has(place));
  const files = new Map(there.map(({ rid, place }) => [rid, `${folder}/${place}`]));
  const catalog = createDatasetReader(catalogOfBag(contents), {
    source: `the bag ${folder}`,
    fileOf: ({ rid }) => files.get(rid),
  });
  return { ...contents.root, folder, catalog };
}
