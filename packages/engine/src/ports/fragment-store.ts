/** Facts about one file of a fragment. */
export interface StoredFile {
  /** Inside the fragment, forward slashes. */
  readonly path: string;
  readonly sizeBytes: number;
  /** `<size>:<mtime in ns>:<inode>`; a file whose stamp stands has not changed. */
  readonly stamp: string;
  /** True for a link that leads out of the fragment. */
  readonly outside: boolean;
}

/** A file to put into a promoted fragment. */
export interface PromotedFile {
  /** Inside the fragment; from a store it has the same path there. */
  readonly path: string;
  /** What it must hold, so that a file that is there already need not be written again. */
  readonly sha256: string;
  readonly from: PromotedSource | { readonly bytes: Uint8Array };
}

/** How a fragment is promoted. */
export interface PromoteOptions {
  /** True: a differing fragment that is there is replaced. */
  readonly replace: boolean;
  /** True: several processes may promote the same at once, each in a folder of its own; the first puts it in place. */
  readonly shared?: boolean;
  /** Ends it between two pieces; the next promotion goes on with the files that are whole. */
  readonly signal?: AbortSignal;
  /** Told of each file how many of its bytes are in place. Must not throw. */
  readonly progress?: (path: string, doneBytes: number) => void;
}

/** A file of another store, or of another fragment of the same one. */
export interface PromotedSource {
  readonly store: FragmentStore;
  readonly fragment: string;
  /** True: nobody writes to it any more, so that it may be linked instead of copied where the file system can. */
  readonly linkable: boolean;
  /** True: its bytes are on disk already. */
  readonly synced: boolean;
}

/**
 * A tree of execution folders by fragment: scratch or results. All paths given are checked to stay inside
 * (ARTIFACT_INVALID). Names that begin with a dot belong to the store.
 */
export interface FragmentStore {
  /** Bytes of one file, or undefined when absent. @throws STORE_UNAVAILABLE when unreadable */
  read(fragment: string, path: string): Promise<Uint8Array | undefined>;
  /** Every regular file of a fragment, in path order; empty when there is none. Links to folders are not followed. */
  list(fragment: string): Promise<readonly StoredFile[]>;
  /** SHA-256 of a file in hex, trusted while size, mtime and inode stand. @throws FILE_MISSING, STORE_UNAVAILABLE */
  digest(fragment: string, path: string): Promise<string>;
  /** Absolute folder of a fragment, whether it is there or not; only local stores have files there. */
  folder(fragment: string): string;
  /** Absolute local path of a file, or undefined when the store is not on this machine. */
  localFile(fragment: string, path: string): string | undefined;
  /**
   * Builds the whole fragment in a temporary folder, fsyncs, and renames it once. Of what an interrupted promotion of this
   * fragment left, large files that are whole are used, the rest is removed. What is copied is held to its digest. A fragment that holds just these contents is kept; a differing one is replaced only if
   * `replace`. Files become read-only.
   * @throws ARTIFACT_INVALID when another content is there and may not be replaced
   * @throws STORE_UNAVAILABLE, DISK_FULL; the signal's reason
   */
  promote(fragment: string, files: readonly PromotedFile[], options: PromoteOptions): Promise<void>;
  /** Every fragment that holds an `execution.json`, in order. */
  fragments(): AsyncIterable<string>;
  /**
   * Every fragment of which anything is there, in order: whole ones, those without an `execution.json`, and what an
   * interrupted removal left.
   */
  remains(): AsyncIterable<string>;
  /**
   * Removes a file, or a folder with all that is in it, at once, and folders that are empty then; absent: no effect. What
   * processes that are gone were building in its place goes, too.
   */
  discard(path: string): void;
  /** Removes a fragment, what an interrupted removal left of it, and folders that are empty then; absent: no effect. */
  remove(fragment: string): Promise<void>;
}
