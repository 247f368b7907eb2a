import { resolve } from "node:path";
import { AlmanacError } from "../../core/errors.ts";
import { type InputAsset, isRemoteUrl, resultsPath } from "../../core/records/asset.ts";
import type { FragmentStore } from "../../ports/fragment-store.ts";
import type { InputFiles } from "../../ports/input-files.ts";
import type { RemoteInputs } from "../../ports/remote-inputs.ts";
import type { FileProgress } from "../transfer-progress.ts";

/** Where the bytes of assets come from. */
export interface AssetFilePorts {
  readonly results: Pick<FragmentStore, "folder">;
  readonly files: Pick<InputFiles, "describe">;
  readonly remote: RemoteInputs;
  /** Absolute; paths of local files are relative to it. */
  readonly projectFolder: string;
}

/** What is known of an asset's content. */
export type AssetContent = Pick<InputAsset, "rid" | "url" | "sha256" | "sizeBytes">;

/** The file of an asset on this machine that is not fetched first; undefined for one that lies elsewhere. */
export function localPlace(
  { url }: Pick<AssetContent, "url">,
  { results, projectFolder }: Pick<AssetFilePorts, "results" | "projectFolder">,
): string | undefined {
  if (isRemoteUrl(url)) return undefined;
  const stored = resultsPath(url);
  return stored === undefined ? resolve(projectFolder, url) : results.folder(stored);
}

/**
 * A file of this machine with the content of an asset, checked against the digest that was recorded: of this project, of
 * its results, or fetched from elsewhere into the cache of inputs. Nobody may write to it.
 * @returns absolute path
 * @throws FILE_MISSING, ARTIFACT_INVALID when it is not there, or not what was recorded; what fetching throws
 */
export async function assetFile(
  asset: AssetContent,
  how: { readonly signal: AbortSignal; readonly progress: FileProgress; readonly ports: AssetFilePorts },
): Promise<string> {
  const { ports, signal, progress } = how;
  const file = localPlace(asset, ports);
  if (file === undefined) return ports.remote.cache.fetch(contentOf(asset), { signal, progress });
  const facts = await ports.files.describe(file);
  if (facts === undefined) throw missing(asset);
  if (facts.sha256 !== asset.sha256) throw changed(asset, facts.sha256);
  return file;
}

/** What is asked of a server. */
export function contentOf({ url, sha256, sizeBytes }: AssetContent) {
  return { url, sha256, sizeBytes };
}

function missing({ rid, url }: AssetContent): AlmanacError {
  return new AlmanacError("FILE_MISSING", `${rid}: ${url} is not there`, {
    hint: `almanac assets verify ${rid}`,
    facts: { rid, url },
  });
}

function changed({ rid, url, sha256 }: AssetContent, found: string): AlmanacError {
  return new AlmanacError("ARTIFACT_INVALID", `${rid}: ${url} has sha256 ${found}, not ${sha256}`, {
    hint: `almanac assets verify ${rid}`,
    facts: { rid, url, sha256, found },
  });
}
