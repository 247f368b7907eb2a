import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import type { TestContext } from "node:test";
import { createBags } from "../../adapters/bag/bags.ts";
import { openFragmentStore } from "../../adapters/files/fragment-store.ts";
import { openCatalog } from "../../adapters/sqlite/open.ts";
import { testDatasetReader } from "../../ports/dataset-reader.contract.ts";
import { unobserved } from "../../ports/durable.ts";
import { fillWithDatasets } from "../../ports/sample-datasets.contract.ts";
import { localPlace } from "./asset-file.ts";
import { createDatasetReader } from "./dataset-reader.ts";
import { exportBag } from "./export-bag.ts";
import { readBag } from "./read-bag.ts";

/** A catalog in memory with the sample datasets, its results in a folder. */
async function sampleProject(t: TestContext) {
  const folder = mkdtempSync(join(tmpdir(), "almanac-reader-"));
  const catalog = await openCatalog({ file: ":memory:" });
  t.after(async () => {
    await catalog.close();
    rmSync(folder, { recursive: true });
  });
  const results = openFragmentStore(join(folder, "results"), unobserved);
  const sample = await fillWithDatasets(catalog, (fragment, { path, text }) => {
    const file = join(results.folder(fragment), path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
  });
  const places = { results, projectFolder: folder };
  const reader = createDatasetReader(catalog, {
    source: "the catalog",
    fileOf: (asset) => localPlace(asset, places),
  });
  return { folder, catalog, sample, reader, places };
}

testDatasetReader("catalog", sampleProject);

testDatasetReader("bag", async (t) => {
  const { folder, catalog, sample, reader, places } = await sampleProject(t);
  const fetch = async (): Promise<never> => {
    throw new Error("nothing is elsewhere");
  };
  const bags = createBags({ observer: unobserved, cache: { fetch } });
  const bag = join(folder, "bag");
  const { signal } = new AbortController();
  const spec = { rid: sample.all, version: "0.2.0" };
  await exportBag({ spec, folder: bag, files: "all", signal }, { ...catalog, reader, bags, places });
  const { problems } = await bags.verify(bag, { signal });
  if (problems.length > 0) throw new Error(JSON.stringify(problems));
  return { sample, reader: (await readBag(bag, bags)).catalog };
});
