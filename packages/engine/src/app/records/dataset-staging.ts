import type { ExecutionContext } from "../../core/execution/context.ts";
import type { ExecutionDefinition } from "../../core/execution/definition.ts";
import { insidePath } from "../../core/execution/relative-path.ts";
import { folderDatasets } from "../../core/records/folder-datasets.ts";
import { stageDataset } from "../../core/records/stage-datasets.ts";
import type { StagedDataset, StagedFile } from "../../core/records/staged-dataset.ts";
import { stagedDatasetsFile } from "../../core/records/staged-files.ts";
import type { ExecutionFolder } from "../../ports/execution-folder.ts";

/** What stages datasets: in the catalog only when the execution is published. */
export type DatasetStaging = Pick<ExecutionContext, "createDataset" | "addFiles">;

/** What staging datasets works with. */
export interface DatasetStagingParts {
  readonly definition: Pick<ExecutionDefinition, "allowed">;
  readonly folder: Pick<ExecutionFolder, "append">;
  /** True if the manifest has this path. */
  readonly isRegistered: (path: string) => boolean;
  /** Announces a file of staged rows to the manifest. */
  readonly announce: (path: string) => string;
  /** A given path as the manifest has it, if such a file is registered. */
  readonly registered: (given: string) => string | undefined;
}

/** The members of a context that stage datasets in the execution's folder. */
export function datasetStaging(parts: DatasetStagingParts): DatasetStaging {
  const { definition, folder, registered } = parts;
  const staged = { files: 0, datasets: 0 };
  const append = (files: readonly StagedFile[], datasets: readonly StagedDataset[]) => {
    if (!parts.isRegistered(stagedDatasetsFile)) parts.announce(stagedDatasetsFile);
    const lines = [...files.map((file) => ({ file })), ...datasets.map((dataset) => ({ dataset }))];
    folder.append(stagedDatasetsFile, lines.map((line) => `${JSON.stringify(line)}\n`).join(""));
    staged.files += files.length;
    staged.datasets += datasets.length;
    return { dataset: staged.datasets - 1 };
  };
  const rules = { allowed: definition.allowed, registered, inside: insidePath };
  return {
    createDataset: (dataset) => append([], [stageDataset(dataset, { ...rules, staged: staged.datasets })]),
    addFiles: (given, about = {}) => {
      const { files, datasets } = folderDatasets(given, { about, start: staged });
      return append(
        files,
        datasets.map((dataset, at) => recheck(dataset, staged.datasets + at)),
      );
    },
  };

  /** Types that were given are checked as those of any dataset. */
  function recheck(dataset: StagedDataset, position: number): StagedDataset {
    const { types } = stageDataset({ ...dataset, members: [] }, { ...rules, staged: position });
    return { ...dataset, types };
  }
}
