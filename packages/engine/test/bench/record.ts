import type { Figure } from "./figure.ts";
import { datasetFigures } from "./record-datasets.ts";
import { featureFigures } from "./record-features.ts";
import { fileFigures } from "./record-files.ts";
import { largeFigures } from "./record-large.ts";
import { lineageFigures } from "./record-lineage.ts";

/** What recording runs costs beside computing. */
export async function run(): Promise<readonly Figure[]> {
  return [
    ...(await featureFigures()),
    ...(await fileFigures()),
    ...(await largeFigures()),
    ...(await lineageFigures()),
    ...(await datasetFigures()),
  ];
}
