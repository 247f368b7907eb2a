import { copyFile, mkdir, rename, rm } from "node:fs/promises";
import path from "node:path";
import { localInputFiles } from "../adapters/files/input-files.ts";
import { AlmanacError } from "../core/errors.ts";
import { type Asset, resultsPath } from "../core/records/asset.ts";
import type { FragmentStore } from "../ports/fragment-store.ts";

/** Where the files of assets are. */
export interface AssetPlaces {
  /** Absolute folder of the project. */
  readonly folder: string;
  readonly results: FragmentStore;
}

/** What verifying one asset found. */
export interface VerifiedAsset {
  readonly rid: string;
  readonly fileName: string;
  readonly state: "good" | "missing" | "differs";
  readonly sha256: string | undefined;
}

/** Hashes the file of an asset again. @throws STORE_UNAVAILABLE when it cannot be read */
export async function verifyAsset(asset: Asset, places: AssetPlaces): Promise<VerifiedAsset> {
  const { rid, fileName } = asset;
  const facts = await localInputFiles().describe(fileOf(asset, places));
  if (facts === undefined) return { rid, fileName, state: "missing", sha256: undefined };
  return { rid, fileName, state: facts.sha256 === asset.sha256 ? "good" : "differs", sha256: facts.sha256 };
}

/**
 * Copies the file of an asset and checks the copy before anybody sees it under its name.
 * @param target absolute path of the copy
 * @throws FILE_MISSING when it is not there, ARTIFACT_INVALID when the copy has another digest than recorded
 */
export async function downloadAsset(
  asset: Asset,
  { target, places }: { readonly target: string; readonly places: AssetPlaces },
): Promise<void> {
  const source = fileOf(asset, places);
  const files = localInputFiles();
  if ((await files.describe(source)) === undefined)
    throw new AlmanacError("FILE_MISSING", `the file of asset ${asset.rid} is not there: ${asset.url}`, {
      hint: `almanac assets verify ${asset.rid}`,
    });
  await mkdir(path.dirname(target), { recursive: true });
  const temporary = `${target}.almanac-${process.pid}`;
  try {
    await copyFile(source, temporary);
    const copied = await files.describe(temporary);
    if (copied?.sha256 !== asset.sha256)
      throw new AlmanacError(
        "ARTIFACT_INVALID",
        `the file of asset ${asset.rid} has sha256 ${copied?.sha256}, not ${asset.sha256}`,
        { hint: `almanac assets verify ${asset.rid}`, facts: { rid: asset.rid } },
      );
    await rename(temporary, target);
  } finally {
    await rm(temporary, { force: true });
  }
}

function fileOf({ url }: Asset, { folder, results }: AssetPlaces): string {
  const stored = resultsPath(url);
  return stored === undefined ? path.resolve(folder, url) : results.folder(stored);
}
