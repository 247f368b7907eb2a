import type { CatalogSnapshot } from "../core/records/catalog-snapshot.ts";

/** Snapshots of one catalog. */
export interface Snapshots {
  /**
   * Makes a consistent copy of the catalog, checks it, and only then gives it its name.
   * @throws CONFLICT when another snapshot has the name, USAGE when it is no name
   * @throws DISK_FULL; nothing is left then
   */
  create(given: { readonly name?: string; readonly description: string }): Promise<CatalogSnapshot>;
  /** Newest first. @throws DOCUMENT_INVALID when one cannot be read */
  list(): Promise<readonly CatalogSnapshot[]>;
  /**
   * The snapshot of this id or name, and where its catalog is.
   * @throws UNKNOWN_NAME naming those there are
   */
  require(text: string): Promise<{ readonly snapshot: CatalogSnapshot; readonly file: string }>;
  /** Hashes the copy again. @returns false when it is not what was stored */
  verify(text: string): Promise<boolean>;
  /** Removes one at once. @throws UNKNOWN_NAME */
  remove(text: string): Promise<CatalogSnapshot>;
}
