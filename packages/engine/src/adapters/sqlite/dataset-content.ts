import type { Dataset, DatasetFile, Facets } from "../../core/catalog/dataset.ts";
import { buildTable } from "../../core/catalog/snapshot-builder.ts";
import { datasetAt } from "../../core/catalog/table-rows.ts";
import type { InputDataset } from "../../core/execution/definition.ts";
import { compareCodeUnits } from "../../core/identity/compare.ts";

/** What a dataset is, as the view `dataset_content` says it. */
export interface DatasetContent {
  readonly facets: Facets;
  readonly files: readonly (readonly [
    path: string,
    contentId: string,
    start: string | null,
    end: string | null,
    calendar: string | null,
  ])[];
}

/** Content ids of the files, in path order. */
export function contentIdsIn({ files }: DatasetContent): readonly string[] {
  return files.toSorted(([a], [b]) => compareCodeUnits(a, b)).map(([, contentId]) => contentId);
}

/** The input dataset of this content: what a snapshot of the catalog would have pinned. */
export function inputOfContent(
  { facets, files }: DatasetContent,
  { requirement, sourceType, id }: Pick<InputDataset, "requirement" | "sourceType" | "id">,
): InputDataset {
  const dataset: Dataset = { sourceType, id, facets, finalised: true, files: files.map(fileOf) };
  const table = buildTable({ name: sourceType, identityFacets: ["instance_id"] }, [dataset]);
  const { finalised: _, ...shown } = datasetAt(table, 0);
  return { requirement, ...shown, version: shown.facets["version"] ?? "" };
}

function fileOf([path, contentId, start, end, calendar]: DatasetContent["files"][number]): DatasetFile {
  return {
    ...{ path, contentId },
    ...(start === null ? {} : { start }),
    ...(end === null ? {} : { end }),
    ...(calendar === null ? {} : { calendar }),
  };
}
