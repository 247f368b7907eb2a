/** Where a catalog's schema stands. */
export interface CatalogStatus {
  /** Name of the newest migration applied; undefined for an empty file. */
  readonly version: string | undefined;
  /** Migrations this program has that the catalog lacks. */
  readonly pending: readonly string[];
  /** True when the catalog has migrations that this program does not know. */
  readonly newer: boolean;
  readonly sizeBytes: number;
  readonly counts: Readonly<Record<string, number>>;
}

/** Keeping the catalog itself. */
export interface CatalogAdmin {
  status(): Promise<CatalogStatus>;
  /** Applies pending migrations; a file with data is backed up first (five kept). @returns names applied */
  migrate(): Promise<readonly string[]>;
  /** Consistent copy to a file that does not exist yet. */
  backup(path: string): Promise<void>;
}
