import type { Asset } from "../records/asset.ts";
import { placeFiles } from "../records/bag-paths.ts";
import type { InputFile } from "./definition.ts";
import { inputsFolder } from "./run-fragment.ts";

/** A file of an authored dataset, or of a dataset below it. */
export interface FileOfDataset {
  readonly asset: Pick<Asset, "rid" | "kind" | "fileName" | "url" | "sizeBytes" | "sha256">;
  /** Its place in the dataset, that of the child before it; its name where it has none. Two files may have one. */
  readonly path: string;
}

/**
 * The files of an authored dataset as inputs, each once, with their places inside the folder of an execution.
 * @param name the dataset as it is named, `RID@version`
 * @throws USAGE naming every path that cannot be a place
 */
export function authoredInputFiles(name: string, files: readonly FileOfDataset[]): readonly InputFile[] {
  const places = placeFiles(files.map(({ asset: { rid }, path }) => ({ rid, path })));
  const assets = new Map(files.map(({ asset }) => [asset.rid, asset]));
  return [...assets.values()].map(({ rid, kind, fileName, url, sizeBytes, sha256 }) => ({
    path: `${inputsFolder}/${name}/${places.get(rid)}`,
    sizeBytes,
    contentId: `sha256:${sha256}`,
    asset: { rid, kind, fileName, url },
  }));
}
