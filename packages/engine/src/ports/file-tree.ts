/** A file of a folder. */
export interface TreeFile {
  readonly name: string;
  /** @units bytes */
  readonly sizeBytes: number;
  /** Modification time in whole milliseconds since 1970. @units ms */
  readonly mtimeMs: number;
}

/** Something in a folder that looks like a wanted file, or a folder, and cannot be used. */
export interface TreeProblem {
  /** Absolute path. */
  readonly path: string;
  readonly code: "FILE_UNREADABLE" | "FILE_INVALID";
  readonly reason: string;
  /** True for a folder: nothing is known of what is below it. */
  readonly folder: boolean;
}

/** One folder of a tree. */
export interface TreeFolder {
  /** Absolute path. */
  readonly path: string;
  /** Files with the wanted ending, in code-unit order of their names. */
  readonly files: readonly TreeFile[];
  /** How many other files there are. */
  readonly ignored: number;
  readonly problems: readonly TreeProblem[];
}

/** What there is on disk. Synchronous, because a walk is a hundred thousand tiny calls. */
export interface FileTree {
  /**
   * Walks roots depth first, folder by folder, in code-unit order of names. A root may be a file too, whatever its
   * ending. A folder or file reached over several ways counts once; symbolic links are followed after all that is really
   * there, so that a link into the tree changes no path.
   * @param roots absolute paths
   * @param options.ending wanted end of file names, such as `.nc`
   * @throws ROOT_MISSING before the first folder, when a root does not exist
   */
  walk(roots: readonly string[], options: { readonly ending: string }): Iterable<TreeFolder>;
  /** What a root is; undefined if it does not exist. */
  kind(path: string): "file" | "folder" | undefined;
}
