/** How a path of the repository differs from the commit that is checked out. */
export type ChangeKind = "modified" | "added" | "deleted" | "renamed" | "untracked" | "ignored" | "unmerged";

/** One difference between the commit that is checked out and what is on disk or staged. */
export interface CodeChange {
  /** From the repository's root, `/` between parts. */
  readonly path: string;
  readonly kind: ChangeKind;
  /** Where it was, of a renamed one. */
  readonly from?: string;
  /** True if changes inside of a submodule are meant, which a patch of this repository cannot hold. */
  readonly submodule?: boolean;
}

/** A file's repository, as git tells. */
export interface RepositoryFacts {
  readonly kind: "git";
  /** Absolute path of the working tree, links resolved. */
  readonly root: string;
  /** The file, from the root. */
  readonly path: string;
  /** Hash of the file as a git blob; of a notebook, of its source alone. */
  readonly blob: string;
  /** Undefined before the first commit. */
  readonly commit?: string;
  /** Last commit that changed the file; undefined when the commit that is checked out does not hold it. */
  readonly fileCommit?: string;
  readonly branch?: string;
  /** What `git describe --tags --always` says, without a mark of dirtiness. */
  readonly describe?: string;
  /** Https form of the remote, without credentials; undefined without a remote, or with one that has no such form. */
  readonly remote?: string;
  /** False if no known branch of a remote holds the commit; undefined without a remote or commit. */
  readonly pushed?: boolean;
  readonly shallow: boolean;
  /** Every difference outside of ignored folders; a notebook whose source is unchanged is none. */
  readonly changes: readonly CodeChange[];
}

/** Not in a repository, or no git program to ask. */
export interface NoRepository {
  readonly kind: "none" | "git-missing";
}

/** A file of code and where it comes from. */
export interface FileCode {
  /** Absolute, links resolved. */
  readonly path: string;
  readonly fileUrl: string;
  /** SHA-256 of its bytes; of a notebook, of its source alone. */
  readonly sha256: string;
  readonly repository: RepositoryFacts | NoRepository;
}
