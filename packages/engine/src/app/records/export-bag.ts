import type { BagContents } from "../../core/provenance/bag-contents.ts";
import type { Bags, PayloadFile, WrittenBag } from "../../ports/bags.ts";
import { type AssetFilePorts, localPlace } from "./asset-file.ts";
import { type GatherPorts, gatherBag } from "./gather-bag.ts";

/** Which files of a bag are brought: all; those of this machine, others are to be fetched; none. */
export type FilesInBag = "all" | "local" | "none";

/** What to export, and how. */
export interface BagExport {
  readonly spec: Parameters<typeof gatherBag>[0];
  /** Absolute. */
  readonly folder: string;
  readonly files: FilesInBag;
  /** True: read-only files are linked; only where nobody will write to them. */
  readonly link?: boolean;
  readonly signal: AbortSignal;
}

/** What exporting needs. */
export interface ExportPorts extends GatherPorts {
  readonly bags: Bags;
  readonly places: Pick<AssetFilePorts, "results" | "projectFolder">;
}

/** What exporting did. */
export interface ExportedBag {
  readonly done: WrittenBag;
  readonly contents: BagContents;
}

/**
 * Writes a bag of a released version. One that is there and says the same is kept.
 * @throws UNKNOWN_NAME when there is no such version; what gathering and `Bags.write` throw
 */
export async function exportBag(
  { spec, folder, files, link = false, signal }: BagExport,
  ports: ExportPorts,
): Promise<ExportedBag> {
  const contents = await gatherBag(spec, ports);
  const payload = contents.assets.map((asset): PayloadFile => {
    const { place, sizeBytes, sha256, url } = asset;
    const file = localPlace(asset, ports.places);
    return {
      ...{ place, sizeBytes, sha256 },
      origin: file === undefined ? { url } : { file },
      bring: files === "all" || (files === "local" && file !== undefined),
    };
  });
  const done = await ports.bags.write(folder, { contents, files: payload }, { signal, link });
  return { done, contents };
}
