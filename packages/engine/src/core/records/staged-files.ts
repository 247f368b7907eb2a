/** The file of an execution's folder that holds its feature records: one JSON object a line. */
export const stagedFeaturesFile = "features.jsonl";

/** The file of an execution's folder that holds the assets it took as inputs while it went on: one JSON object a line. */
export const usedAssetsFile = "used-assets.jsonl";

/** The file of an execution's folder that holds the datasets it took as inputs while it went on: one JSON object a line. */
export const usedDatasetsFile = "used-datasets.jsonl";

/** The file of an execution's folder that holds the datasets it makes: one JSON object a line. */
export const stagedDatasetsFile = "datasets.jsonl";

const recordFolder = "records";

/** Kind of the artifacts that staged rows are. */
const kind = "execution-metadata";

/** Types of the artifacts that staged rows are. */
export const stagedTypes = {
  features: "staged-features",
  records: "staged-records",
  inputs: "used-assets",
  inputDatasets: "used-datasets",
  datasets: "staged-datasets",
} as const;

/** The table of one record type in an execution's folder. */
export function recordTableFile(type: string): string {
  return `${recordFolder}/${type}.csv`;
}

/** The record type that a table is of; undefined for any other path. */
export function recordTypeOfFile(path: string): string | undefined {
  return new RegExp(`^${recordFolder}/([A-Za-z][A-Za-z0-9_.-]*)\\.csv$`).exec(path)?.[1];
}

/** As what a file of staged rows is registered; undefined for any other path. */
export function stagedFileOptions(
  path: string,
): { readonly kind: string; readonly types: readonly string[]; readonly description: string } | undefined {
  if (path === stagedFeaturesFile)
    return { kind, types: [stagedTypes.features], description: "Feature records of this execution" };
  if (path === usedAssetsFile)
    return { kind, types: [stagedTypes.inputs], description: "Inputs taken while the execution went on" };
  if (path === usedDatasetsFile)
    return {
      ...{ kind, types: [stagedTypes.inputDatasets] },
      description: "Datasets taken as inputs while the execution went on",
    };
  if (path === stagedDatasetsFile)
    return { kind, types: [stagedTypes.datasets], description: "Datasets that this execution makes" };
  const type = recordTypeOfFile(path);
  return type === undefined
    ? undefined
    : { kind, types: [stagedTypes.records], description: `Rows of ${type} that this execution makes` };
}
