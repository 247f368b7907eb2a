/** What a check found; `output` is for people and empty when there is nothing to say. */
export interface Verdict {
  readonly ok: boolean;
  readonly output: string;
}

/** One part of `npm run lint`. */
export interface Check {
  readonly name: string;
  /** @param root absolute folder of a tree laid out like this repository */
  readonly run: (root: string) => Promise<Verdict>;
}

/** Folders of the repository's own files. Others, such as a project of a reader's own inside the clone, are nobody's business. */
export const ownFolders = [".ci", "docs", "packages", "scripts"] as const;
