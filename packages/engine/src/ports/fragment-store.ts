/** Facts about one file of a fragment. */
export interface StoredFile {
  /** Inside the fragment, forward slashes. */
  readonly path: string;
  readonly sizeBytes: number;
}

/** A file to put into a promoted fragment: from the source fragment, or given bytes. */
export interface PromotedFile {
  /** Path inside the destination fragment. */
  readonly path: string;
  /** Absolute file to take it from, or its bytes. */
  readonly from: { readonly file: string; readonly linkable: boolean } | { readonly bytes: Uint8Array };
}

/** A tree of execution folders by fragment: scratch or results. All paths given are checked to stay inside. */
export interface FragmentStore {
  /** Bytes of one file, or undefined when absent. @throws STORE_UNAVAILABLE when unreadable */
  read(fragment: string, path: string): Promise<Uint8Array | undefined>;
  /** Every file of a fragment, in path order; empty when there is none. */
  list(fragment: string): Promise<readonly StoredFile[]>;
  /** SHA-256 of a file in hex, trusted while size, mtime and inode stand. */
  digest(fragment: string, path: string): Promise<string>;
  /** Local absolute folder, for stores that have one. */
  folder(fragment: string): string;
  /**
   * Builds the whole fragment in a temporary folder, fsyncs, and renames it once. An equal fragment that is there
   * already is kept; a differing one is replaced only if `replace`. @throws STORE_UNAVAILABLE, DISK_FULL
   */
  promote(
    fragment: string,
    files: readonly PromotedFile[],
    options: { readonly replace: boolean },
  ): Promise<void>;
  /** Every fragment that holds an `execution.json`, in order. */
  fragments(): AsyncIterable<string>;
  /** Removes a fragment and folders that are empty then. */
  remove(fragment: string): Promise<void>;
}
