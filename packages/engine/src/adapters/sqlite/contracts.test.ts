import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { testDatasetAuthoring } from "../../ports/dataset-authoring.contract.ts";
import { testDatasetCatalog } from "../../ports/dataset-catalog.contract.ts";
import { testExecutionCatalog } from "../../ports/execution-catalog.contract.ts";
import { testFeatureCatalog } from "../../ports/feature-catalog.contract.ts";
import { testReleasedDatasets } from "../../ports/released-datasets.contract.ts";
import { testRunCatalog } from "../../ports/run-catalog.contract.ts";
import { testValueCatalog } from "../../ports/value-catalog.contract.ts";
import { testVocabularyCatalog } from "../../ports/vocabulary-catalog.contract.ts";
import { type OpenCatalog, openCatalog } from "./open.ts";

async function openOnFile(): Promise<OpenCatalog> {
  const folder = mkdtempSync(join(tmpdir(), "almanac-catalog-"));
  const catalog = await openCatalog({ file: join(folder, "catalog.db"), create: true });
  const close = async (): Promise<void> => {
    await catalog.close();
    rmSync(folder, { recursive: true, force: true });
  };
  return { ...catalog, close };
}

const openInMemory = (): Promise<OpenCatalog> => openCatalog({ file: ":memory:" });

for (const [name, open] of [
  ["SQLite file", openOnFile],
  ["SQLite in memory", openInMemory],
] as const) {
  testDatasetCatalog(name, open);
  testDatasetAuthoring(name, open);
  testReleasedDatasets(name, open);
  testExecutionCatalog(name, open);
  testValueCatalog(name, open);
  testVocabularyCatalog(name, open);
  testFeatureCatalog(name, open);
  testRunCatalog(name, open);
}
