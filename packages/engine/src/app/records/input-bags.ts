import { AlmanacError, Defect } from "../../core/errors.ts";
import type { InputDataset, PinnedDataset, RunDefinition } from "../../core/execution/definition.ts";
import { inputsFolder } from "../../core/execution/run-fragment.ts";
import type { Rid } from "../../core/identity/rid.ts";
import type { Json } from "../../core/json.ts";
import type { DatasetFolder, ReleasedSpec } from "../../core/records/dataset-reading.ts";
import { datasetSpecText, draftName } from "../../core/records/dataset-version.ts";
import { type InputSpec, inputSpecText, readInputSpec } from "../../core/records/input-spec.ts";
import { authoredType } from "../../core/records/released-type.ts";
import { usedDatasetsFile } from "../../core/records/staged-files.ts";
import type { DatasetAuthoring } from "../../ports/dataset-authoring.ts";
import type { ExecutionFolder } from "../../ports/execution-folder.ts";
import type { RunCatalog } from "../../ports/run-catalog.ts";
import { type ExportPorts, exportBag, type FilesInBag } from "./export-bag.ts";
import { getAuthored } from "./named-dataset.ts";
import { readBag } from "./read-bag.ts";
import { recordUsed, type UsedIn } from "./record-used.ts";
import type { UseAsset } from "./use-asset.ts";

/** What bags of inputs need of the outside. */
export interface InputBagPorts {
  readonly bagging: ExportPorts;
  readonly authored: Pick<DatasetAuthoring, "dataset" | "list">;
  readonly runs: Pick<RunCatalog, "addInputDataset">;
}

/** Into which folder, and until when. */
export interface InputBagHow {
  readonly definition: RunDefinition;
  readonly folder: Pick<ExecutionFolder, "path">;
  readonly signal: AbortSignal;
}

type UsingHow = InputBagHow & UsedIn;

/**
 * Makes bags of the authored datasets that are inputs: first without files, and, once the inputs are in their places, of
 * those that lack files then, which records and features refer to. A draft has none.
 * @throws what `exportBag` throws
 */
export async function bagInputs(
  { definition, folder, signal }: InputBagHow,
  { bagging, files: which }: Pick<InputBagPorts, "bagging"> & { readonly files: "none" | "all" },
): Promise<void> {
  for (const { authored, version, files } of definition.datasets) {
    if (authored === undefined || authored.draft === true) continue;
    const spec = { rid: authored.rid, version };
    if (which === "all" && !(await lacksFiles(folder, { authored, spec, bagging }))) continue;
    const below = `${folderOf(spec)}/`;
    const places = new Map(
      files.flatMap(({ asset, path }) =>
        asset === undefined ? [] : [[asset.rid, path.slice(below.length)] as const],
      ),
    );
    await bagInto(folder, { spec, places, files: which, signal, bagging });
  }
}

async function lacksFiles(
  { path }: Pick<ExecutionFolder, "path">,
  {
    authored: { materialize },
    spec,
    bagging,
  }: {
    readonly authored: PinnedDataset;
    readonly spec: ReleasedSpec;
    readonly bagging: ExportPorts;
  },
): Promise<boolean> {
  return materialize !== false && (await bagging.bags.status(`${path}/${folderOf(spec)}`)).missing.length > 0;
}

/** Place of an input below the folder of an execution. */
function folderOf(spec: ReleasedSpec): string {
  return `${inputsFolder}/${datasetSpecText(spec)}`;
}

async function bagInto(
  { path }: Pick<ExecutionFolder, "path">,
  {
    spec,
    places,
    files,
    signal,
    bagging,
  }: {
    readonly spec: ReleasedSpec;
    readonly places: ReadonlyMap<Rid, string>;
    readonly files: FilesInBag;
    readonly signal: AbortSignal;
    readonly bagging: ExportPorts;
  },
): Promise<void> {
  await exportBag(
    { spec: { ...spec, places }, folder: `${path}/${folderOf(spec)}`, files, link: true, signal },
    bagging,
  );
}

/**
 * Finds the folder of a dataset that is an input; one that is none becomes one while the run goes on: each of its files
 * is taken as an input, then its version, in the catalog at once and in the results.
 */
export function usingDatasets(
  how: UsingHow,
  { useAsset, ...ports }: InputBagPorts & { readonly useAsset: UseAsset },
): (spec: InputSpec) => Promise<DatasetFolder> {
  const used = new Map<string, Promise<DatasetFolder>>();
  return async (given) => {
    const spec = await releasedSpec(given, ports.authored);
    const name = datasetSpecText(spec);
    const known = used.get(name);
    if (known !== undefined) return known;
    const taken = take(spec, { how, useAsset, ports });
    used.set(name, taken);
    try {
      return await taken;
    } catch (error) {
      // What could not be fetched may be there when it is asked for again.
      used.delete(name);
      throw error;
    }
  };
}

async function take(
  spec: ReleasedSpec,
  {
    how,
    useAsset,
    ports: { bagging, runs },
  }: { readonly how: UsingHow; readonly useAsset: UseAsset; readonly ports: InputBagPorts },
): Promise<DatasetFolder> {
  const { definition, folder, signal } = how;
  const isInput = definition.datasets.some(
    ({ authored, version }) => authored?.rid === spec.rid && version === spec.version,
  );
  if (!isInput) {
    for await (const { kind, rid } of bagging.reader.members({ ...spec, recursive: true }))
      if (kind === "asset") await useAsset(rid);
    await bagInto(folder, { spec, places: new Map(), files: "all", signal, bagging });
    const input = await usedDataset(spec, bagging);
    await runs.addInputDataset(definition.rid, input);
    recordUsed(how, { file: usedDatasetsFile, input });
  }
  return readBag(`${folder.path}/${folderOf(spec)}`, bagging.bags);
}

/** The version as an input, without its files: each of them is recorded as one by itself. */
async function usedDataset({ rid, version }: ReleasedSpec, { reader }: ExportPorts): Promise<InputDataset> {
  const dataset = await reader.dataset(rid);
  const released = (await reader.versions(rid)).find((each) => each.version === version);
  if (dataset === undefined || released === undefined)
    throw new Defect(`${rid}@${version} went while it was read`);
  return {
    ...{ requirement: authoredType, sourceType: authoredType, id: `${rid}@${version}`, version, files: [] },
    facets: dataset.facets,
    authored: { rid, digest: released.digest },
  };
}

/** @throws UNKNOWN_NAME, USAGE when it is no released version of an authored dataset */
async function releasedSpec(given: InputSpec, authored: InputBagPorts["authored"]): Promise<ReleasedSpec> {
  const spec = readInputSpec(given as Json);
  if (typeof spec === "object" && "problem" in spec)
    throw new AlmanacError("USAGE", spec.problem, { hint: "useDataset takes RID@version" });
  const text = inputSpecText(spec);
  const found = await getAuthored(text, authored);
  if (found === undefined)
    throw new AlmanacError("UNKNOWN_NAME", `there is no authored dataset "${text}"`, {
      hint: "almanac datasets list --origin authored",
      facts: { name: text },
    });
  const { dataset, version } = found;
  if (version !== undefined && version !== draftName) return { rid: dataset.rid, version };
  throw new AlmanacError("USAGE", `"${text}" names no released version of the dataset ${dataset.rid}`, {
    hint: `almanac datasets versions ${dataset.rid}`,
    facts: { name: text },
  });
}
