import type { DatasetSplit, SplitDatasetRequest, SplitPorts } from "../app/records/split-dataset.ts";
import type { DatasetSample, SubsampleDatasetRequest } from "../app/records/subsample-dataset.ts";
import { systemClock } from "./system-clock.ts";

/** Parts and samples of released datasets. */
export interface SplitVerbs {
  /**
   * Splits a released version into datasets, the parts, and one that has them as children.
   * @throws UNKNOWN_NAME for the dataset, its version or a column; SPLIT_REFUSED naming everything that makes it impossible
   */
  splitDataset(request: Omit<SplitDatasetRequest, "at">): Promise<DatasetSplit>;
  /** Draws a sample of a released version as a dataset. @throws as `splitDataset` */
  subsampleDataset(request: Omit<SubsampleDatasetRequest, "at">): Promise<DatasetSample>;
}

/** Parts and samples in a project; what they need is loaded when they are asked for. */
export function splitVerbs(catalog: SplitPorts): SplitVerbs {
  const now = (): { readonly at: string } => ({ at: systemClock.now() });
  return {
    splitDataset: async (request) => {
      const { splitDataset } = await import("../app/records/split-dataset.ts");
      return splitDataset({ ...request, ...now() }, catalog);
    },
    subsampleDataset: async (request) => {
      const { subsampleDataset } = await import("../app/records/subsample-dataset.ts");
      return subsampleDataset({ ...request, ...now() }, catalog);
    },
  };
}
