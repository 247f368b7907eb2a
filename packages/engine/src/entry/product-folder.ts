import { createProcessTrees } from "../adapters/process-tree/process-trees.ts";
import { createProductFolder } from "../adapters/product-folder/product-folder.ts";
import type { ProductStore } from "../ports/product-store.ts";

/** Products in a folder of this machine. */
export function productFolder(folder: string): ProductStore {
  return createProductFolder(folder, { owners: createProcessTrees() });
}
