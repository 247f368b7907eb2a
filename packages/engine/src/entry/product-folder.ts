import path from "node:path";
import { createProcessTrees } from "../adapters/process-tree/process-trees.ts";
import { createProductFolder } from "../adapters/product-folder/product-folder.ts";
import type { SharingOptions } from "../adapters/shared-products/shared-products.ts";
import { AlmanacError } from "../core/errors.ts";
import type { BlobStore } from "../ports/blob-store.ts";
import type { ProductStore } from "../ports/product-store.ts";

/** Products that are shared with others, and how. */
export interface SharedPlace extends SharingOptions {
  /** A folder that is there, or a store of blobs. */
  readonly place: string | BlobStore;
}

/** Products in a folder of this machine. */
export function productFolder(folder: string): ProductStore {
  return createProductFolder(folder, { owners: createProcessTrees() });
}

/** Own products, which are looked up among others' and left to them. @throws USAGE when the place is none that is known */
export function withShared(own: ProductStore, { place, ...options }: SharedPlace): ProductStore {
  const shared = typeof place === "string" ? folderAt(place) : place;
  return {
    place: own.place,
    collect: (policy) => own.collect(policy),
    // Loaded when it is opened: most builds share nothing, and start without it.
    open: async () => {
      const { shareProducts } = await import("../adapters/shared-products/shared-products.ts");
      return shareProducts(own, typeof shared === "string" ? await blobsIn(shared) : shared, options).open();
    },
  };
}

async function blobsIn(folder: string): Promise<BlobStore> {
  const { createBlobFolder } = await import("../adapters/blob-folder/blob-folder.ts");
  return createBlobFolder(folder);
}

/** What of an address is no folder gets its adapter here. */
function folderAt(place: string): string {
  if (!/^[a-z][a-z0-9+.-]+:\/\//i.test(place)) return path.resolve(place);
  throw new AlmanacError("USAGE", `shared products cannot be kept at ${place} yet`, {
    hint: "name a folder that others reach too",
  });
}
