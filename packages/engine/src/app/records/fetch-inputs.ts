import { AlmanacError, isAlmanacError } from "../../core/errors.ts";
import type { RunDefinition } from "../../core/execution/definition.ts";
import { type InputAsset, isRemoteUrl, type LocalAsset } from "../../core/records/asset.ts";
import type { Clock } from "../../ports/clock.ts";
import type { EventSink } from "../../ports/events.ts";
import type { ExecutionFolder } from "../../ports/execution-folder.ts";
import { type FileProgress, transferProgress } from "../transfer-progress.ts";
import { type AssetFilePorts, assetFile, contentOf } from "./asset-file.ts";

/** Where the files of inputs come from, and who is told. */
export interface FetchPorts extends AssetFilePorts {
  readonly emit: EventSink;
  readonly worker: { readonly clock: Clock };
}

/** What of a definition names inputs. */
type ToFetch = Pick<RunDefinition, "rid" | "datasets" | "assets">;

/** Inputs brought at once. */
const broughtAtOnce = 4;

/** Into which folder, and until when. */
export interface FetchHow {
  readonly folder: Pick<ExecutionFolder, "bring" | "prepare">;
  readonly signal: AbortSignal;
}

/**
 * Brings the input files of an execution into its folder, each checked against the digest it was pinned with. Files are linked
 * at once, so that what is evicted from the cache meanwhile stays: nobody may write to them.
 * @returns the assets that are inputs as such; files of authored datasets are only put in their places
 * @throws FILE_MISSING, ARTIFACT_INVALID when one is not there or not what was pinned; what fetching throws. All inputs that
 * cannot be used are named
 */
export async function fetchInputs(
  { definition, ...how }: FetchHow & { readonly definition: ToFetch },
  ports: FetchPorts,
): Promise<readonly LocalAsset[]> {
  const { rid } = definition;
  const assets = [...definition.assets, ...datasetAssets(definition)];
  const totalBytes = assets
    .filter(({ url }) => isRemoteUrl(url))
    .reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
  const { emit, worker } = ports;
  const telling = transferProgress({ phase: "download", rid, totalBytes, emit, clock: worker.clock });
  const brought: (LocalAsset | AlmanacError)[] = [];
  for (let at = 0; at < assets.length; at += broughtAtOnce)
    brought.push(
      ...(await Promise.all(
        assets
          .slice(at, at + broughtAtOnce)
          .map((asset) => bringOrError(asset, { ...how, ports, progress: telling(asset.url) })),
      )),
    );
  const errors = brought.flatMap((one) => (one instanceof AlmanacError ? [one] : []));
  if (errors.length > 0) throw unusable(errors);
  return brought
    .slice(0, definition.assets.length)
    .flatMap((one) => (one instanceof AlmanacError ? [] : [one]));
}

/** The files of authored datasets as assets to bring. */
function datasetAssets({ datasets }: ToFetch): readonly InputAsset[] {
  return datasets.flatMap(({ files }) =>
    files.flatMap(({ asset, path, contentId, sizeBytes = 0 }) =>
      asset === undefined
        ? []
        : [{ ...asset, sizeBytes, sha256: contentId.slice("sha256:".length), place: path }],
    ),
  );
}

type BringHow = FetchHow & { readonly ports: FetchPorts; readonly progress: FileProgress };

async function bringOrError(asset: InputAsset, how: BringHow): Promise<LocalAsset | AlmanacError> {
  try {
    return await bringInput(asset, how);
  } catch (error) {
    how.signal.throwIfAborted();
    if (isAlmanacError(error)) return error;
    throw error;
  }
}

/**
 * Brings one input into the folder of a run.
 * @throws as `assetFile`
 */
export async function bringInput(asset: InputAsset, how: BringHow): Promise<LocalAsset> {
  const { folder, signal, progress, ports } = how;
  const { url, place } = asset;
  if (asset.cache !== false || !isRemoteUrl(url))
    return { ...asset, localPath: folder.bring(await assetFile(asset, how), place, "link") };
  const localPath = folder.prepare(place);
  await ports.remote.downloader.download(contentOf(asset), { partial: localPath, signal, progress });
  return { ...asset, localPath };
}

/** One error of all; that of one which may be there the next time, if there is such a one. */
function unusable(errors: readonly AlmanacError[]): AlmanacError {
  const first = errors.find(({ retryable }) => retryable) ?? errors[0];
  const problems = errors.map(({ message }) => message);
  return new AlmanacError(first?.code ?? "FILE_MISSING", `inputs cannot be used: ${problems.join("; ")}`, {
    hint: "bring back the files, or name others as inputs",
    facts: { problems },
    cause: first,
  });
}
