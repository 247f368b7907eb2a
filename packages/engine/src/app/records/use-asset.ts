import { AlmanacError } from "../../core/errors.ts";
import type { RunDefinition } from "../../core/execution/definition.ts";
import { inputsFolder } from "../../core/execution/run-fragment.ts";
import type { InputAsset, LocalAsset } from "../../core/records/asset.ts";
import { type AssetSpec, readAssetSpec } from "../../core/records/asset-spec.ts";
import { usedAssetsFile } from "../../core/records/staged-files.ts";
import type { AssetCatalog } from "../../ports/asset-catalog.ts";
import type { RunCatalog } from "../../ports/run-catalog.ts";
import { transferProgress } from "../transfer-progress.ts";
import type { Computation } from "../worker-ports.ts";
import { bringInput, type FetchPorts } from "./fetch-inputs.ts";
import { recordUsed } from "./record-used.ts";
import { assetInput } from "./resolve-inputs.ts";

/** What taking further inputs needs of the outside. */
export interface UseAssetPorts extends FetchPorts {
  readonly assets: Pick<AssetCatalog, "asset">;
  readonly runs: Pick<RunCatalog, "addInput">;
}

/** The run that takes inputs while it goes on. */
export interface UsingRun extends Pick<Computation, "folder" | "collected" | "signal"> {
  readonly definition: RunDefinition;
  /** Inputs that it began with. */
  readonly assets: readonly LocalAsset[];
}

/** Fetches an asset as a further input of a run. */
export type UseAsset = (spec: AssetSpec) => Promise<LocalAsset>;

/**
 * Takes assets as inputs of a run while it goes on: each is fetched, verified, linked into the folder and recorded as
 * input, in the catalog at once and in the results, so that a catalog made from those knows it too. One that is an input
 * already stays what it is.
 * @throws UNKNOWN_NAME when it is no asset; what fetching inputs throws
 */
export function usingAssets(run: UsingRun, ports: UseAssetPorts): UseAsset {
  const used = new Map(run.assets.map((asset) => [asset.rid, Promise.resolve(asset)]));
  return async (spec) => {
    const named = readAssetSpec(spec);
    if ("problem" in named) throw notUsable(named.problem);
    const known = used.get(named.rid);
    if (known !== undefined) return known;
    const taken = takeAsset(spec, { run, ports });
    used.set(named.rid, taken);
    try {
      return await taken;
    } catch (error) {
      // What could not be fetched may be there when it is asked for again.
      used.delete(named.rid);
      throw error;
    }
  };
}

async function takeAsset(
  spec: AssetSpec,
  { run, ports }: { readonly run: UsingRun; readonly ports: UseAssetPorts },
): Promise<LocalAsset> {
  const { definition, folder, signal } = run;
  const input = await assetInput(spec, ports);
  if ("problem" in input) throw notUsable(input.problem);
  const { rid, fileName, sizeBytes } = input.found;
  const asset: InputAsset = { ...input.found, place: `${inputsFolder}/${rid}/${fileName}` };
  const { emit, worker } = ports;
  const telling = { rid: definition.rid, totalBytes: sizeBytes, emit, clock: worker.clock };
  const progress = transferProgress({ phase: "download", ...telling })(asset.url);
  const local = await bringInput(asset, { folder, signal, ports, progress });
  await ports.runs.addInput(definition.rid, rid);
  recordUsed(run, { file: usedAssetsFile, input: asset });
  return local;
}

function notUsable(problem: string): AlmanacError {
  return new AlmanacError("UNKNOWN_NAME", problem, { hint: "almanac assets list" });
}
