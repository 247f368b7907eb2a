import path from "node:path";
import { createBlobFolder } from "../adapters/blob-folder/blob-folder.ts";
import { createProcessTrees } from "../adapters/process-tree/process-trees.ts";
import { createProductFolder } from "../adapters/product-folder/product-folder.ts";
import { type SharingOptions, shareProducts } from "../adapters/shared-products/shared-products.ts";
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
  return shareProducts(own, typeof place === "string" ? blobsAt(place) : place, options);
}

/** What of an address is no folder gets its adapter here. */
function blobsAt(place: string): BlobStore {
  if (!/^[a-z][a-z0-9+.-]+:\/\//i.test(place)) return createBlobFolder(path.resolve(place));
  throw new AlmanacError("USAGE", `shared products cannot be kept at ${place} yet`, {
    hint: "name a folder that others reach too",
  });
}
