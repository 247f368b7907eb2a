import { chmod, copyFile, mkdir, rename, rm } from "node:fs/promises";
import path from "node:path";
import { localInputFiles } from "../adapters/files/input-files.ts";
import { type AssetFilePorts, assetFile, contentOf, localPlace } from "../app/records/asset-file.ts";
import type { FileProgress } from "../app/transfer-progress.ts";
import { AlmanacError, isAlmanacError } from "../core/errors.ts";
import type { Asset } from "../core/records/asset.ts";
import type { Project } from "./project.ts";

/** Where the files of assets are. */
export type AssetPlaces = Pick<Project, "folder" | "results" | "remote">;

/** Until when, and who is told. */
export interface AssetHow {
  readonly places: AssetPlaces;
  readonly signal: AbortSignal;
  readonly progress: (asset: Asset) => FileProgress;
}

/** What verifying one asset found. */
export interface VerifiedAsset {
  readonly rid: string;
  readonly fileName: string;
  /** `unreachable`: it lies elsewhere and cannot be had now. */
  readonly state: "good" | "missing" | "differs" | "unreachable";
  /** As it was recorded. */
  readonly sha256: string;
  /** What its file has now, where there is one on this machine. */
  readonly found: string | undefined;
  /** Why it is not good. */
  readonly reason: string;
}

function portsOf({ folder, results, remote }: AssetPlaces): AssetFilePorts {
  return { results, remote, files: localInputFiles(), projectFolder: folder };
}

/**
 * Hashes the file of an asset again. One that lies elsewhere is fetched anew, not into the cache: what is there now is
 * asked for, not what was there once.
 * @throws STORE_UNAVAILABLE, DISK_FULL; the signal's reason
 */
export async function verifyAsset(asset: Asset, how: AssetHow): Promise<VerifiedAsset> {
  const { rid, fileName, sha256 } = asset;
  const known = { rid, fileName, sha256 };
  const file = localPlace(asset, portsOf(how.places));
  if (file === undefined) return { ...known, ...(await verifyRemote(asset, how)) };
  const found = (await localInputFiles().describe(file))?.sha256;
  if (found === undefined) return { ...known, state: "missing", found, reason: `${asset.url} is not there` };
  if (found === sha256) return { ...known, state: "good", found, reason: "" };
  return { ...known, state: "differs", found, reason: `it has sha256 ${found}, not ${sha256}` };
}

async function verifyRemote(
  asset: Asset,
  { places, signal, progress }: AssetHow,
): Promise<Pick<VerifiedAsset, "state" | "found" | "reason">> {
  const folder = path.join(places.remote.cache.folder, "verifying");
  await mkdir(folder, { recursive: true });
  const partial = path.join(folder, `${asset.rid}-${process.pid}`);
  try {
    await places.remote.downloader.download(contentOf(asset), {
      ...{ partial, signal },
      progress: progress(asset),
    });
    return { state: "good", found: asset.sha256, reason: "" };
  } catch (error) {
    if (isAlmanacError(error, "ARTIFACT_INVALID"))
      return { state: "differs", found: foundIn(error), reason: error.message };
    if (isAlmanacError(error, "DOWNLOAD_REFUSED"))
      return { state: "missing", found: undefined, reason: error.message };
    if (isAlmanacError(error, "DOWNLOAD_FAILED"))
      return { state: "unreachable", found: undefined, reason: error.message };
    throw error;
  } finally {
    await rm(partial, { force: true });
  }
}

function foundIn({ facts }: AlmanacError): string | undefined {
  return typeof facts["found"] === "string" ? facts["found"] : undefined;
}

/**
 * Brings the file of an asset to a place of the user's, and checks it before anybody sees it under its name: of a local one
 * a copy, of a remote one what the cache has.
 * @param how.target absolute path
 * @throws FILE_MISSING when it is not there, ARTIFACT_INVALID when it has another digest than recorded; what fetching throws
 */
export async function downloadAsset(
  asset: Asset,
  how: AssetHow & { readonly target: string },
): Promise<void> {
  const { target, places, signal } = how;
  const source = await assetFile(asset, { ports: portsOf(places), signal, progress: how.progress(asset) });
  await mkdir(path.dirname(target), { recursive: true });
  const temporary = `${target}.almanac-${process.pid}`;
  try {
    await copyFile(source, temporary);
    const copied = (await localInputFiles().describe(temporary))?.sha256;
    if (copied !== asset.sha256)
      throw new AlmanacError(
        "ARTIFACT_INVALID",
        `the copy of asset ${asset.rid} has sha256 ${copied}, not ${asset.sha256}`,
        { hint: `almanac assets verify ${asset.rid}`, facts: { rid: asset.rid } },
      );
    // What it was copied from may be read-only for everybody.
    await chmod(temporary, 0o644);
    await rename(temporary, target);
  } finally {
    await rm(temporary, { force: true });
  }
}
