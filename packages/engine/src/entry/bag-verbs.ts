import { statSync } from "node:fs";
import path from "node:path";
import type { ReaderPorts } from "../app/records/dataset-reader.ts";
import type { BagExport, ExportedBag, ExportPorts } from "../app/records/export-bag.ts";
import type { ImportedBag, ImportPorts } from "../app/records/import-bag.ts";
import { Defect } from "../core/errors.ts";
import type { Asset } from "../core/records/asset.ts";
import type { Bags } from "../ports/bags.ts";
import type { DatasetFolder, ReadOnlyDatasets } from "../ports/dataset-reader.ts";
import { type DurableObserver, unobserved } from "../ports/durable.ts";
import type { FragmentStore } from "../ports/fragment-store.ts";
import type { RemoteInputs } from "../ports/remote-inputs.ts";

/** Dataset versions as folders that need no catalog. */
export interface BagVerbs {
  /** Bags in folders: status, verification, completion. */
  bags(): Promise<Bags>;
  /** Writes a bag of a released version. @throws UNKNOWN_NAME, CONFLICT, FILE_MISSING, ARTIFACT_INVALID */
  exportBag(request: BagExport): Promise<ExportedBag>;
  /**
   * Takes over the dataset of a bag, checked first. Twice is once.
   * @param request.folder absolute
   * @throws FILE_MISSING, BAG_INVALID naming everything that is wrong; CONFLICT when the catalog has something else
   */
  importBag(request: { readonly folder: string; readonly signal: AbortSignal }): Promise<ImportedBag>;
  /** Authored datasets of this catalog, for reading only. */
  datasetReader(): Promise<ReadOnlyDatasets>;
  /**
   * The dataset of a bag, answering the same questions as a catalog; its files are not checked.
   * @param folder absolute, or relative to the project's
   * @throws FILE_MISSING, BAG_INVALID
   */
  openBag(folder: string): Promise<DatasetFolder>;
}

/** Bags without a project: looked at and checked, not completed. */
export async function bagsAlone(): Promise<Pick<Bags, "status" | "verify">> {
  const { createBags } = await import("../adapters/bag/bags.ts");
  const fetch = (): never => {
    throw new Defect("bags without a project fetch nothing");
  };
  return createBags({ observer: unobserved, cache: { fetch } });
}

/** What bags of a project are made with. */
export interface BagVerbParts {
  readonly catalog: ReaderPorts &
    Pick<ExportPorts, "assets" | "executions" | "vocabularies"> &
    Pick<ImportPorts, "imports" | "assets">;
  /** Absolute. */
  readonly folder: string;
  readonly results: FragmentStore;
  readonly remote: RemoteInputs;
  readonly observer: DurableObserver;
}

/** Bags of a project; what they need is loaded when they are asked for. */
export function bagVerbs({ catalog, folder, results, remote, observer }: BagVerbParts): BagVerbs {
  const places = { results, projectFolder: folder };
  const bags: BagVerbs["bags"] = async () => {
    const { createBags } = await import("../adapters/bag/bags.ts");
    return createBags({ observer, cache: remote.cache });
  };
  const datasetReader: BagVerbs["datasetReader"] = async () => {
    const [{ createDatasetReader }, { localPlace }] = await Promise.all([
      import("../app/records/dataset-reader.ts"),
      import("../app/records/asset-file.ts"),
    ]);
    const fileOf = (asset: Asset): string | undefined => localPlace(asset, places);
    return createDatasetReader(catalog, { source: "the catalog", fileOf });
  };
  return {
    bags,
    datasetReader,
    exportBag: async (request) => {
      const { exportBag } = await import("../app/records/export-bag.ts");
      const { assets, executions, vocabularies } = catalog;
      const ports = { assets, executions, vocabularies, places };
      return exportBag(request, { ...ports, reader: await datasetReader(), bags: await bags() });
    },
    importBag: async (request) => {
      const [{ importBag }, { openFragmentStore }, { localInputFiles }] = await Promise.all([
        import("../app/records/import-bag.ts"),
        import("../adapters/files/fragment-store.ts"),
        import("../adapters/files/input-files.ts"),
      ]);
      return importBag(request, {
        ...{ imports: catalog.imports, assets: catalog.assets, bags: await bags(), ...places },
        asStore: (bag) => ({
          store: openFragmentStore(path.dirname(bag), observer),
          fragment: path.basename(bag),
        }),
        sizeOf: (file) => statSync(file, { throwIfNoEntry: false })?.size,
        digestOfFile: async (file) => (await localInputFiles().describe(file))?.sha256,
      });
    },
    openBag: async (bag) => {
      const { readBag } = await import("../app/records/read-bag.ts");
      return readBag(path.resolve(folder, bag), await bags());
    },
  };
}
