import type { CodeChange, FileCode } from "../core/records/file-code.ts";
import type { PatchOmission } from "../core/records/workflow.ts";

/** A file to be looked at. */
export interface CodeFileRequest {
  /** Absolute path. */
  readonly file: string;
  /** Absolute folders that hold no code (what the program itself writes): changes in them are not looked for. */
  readonly outputFolders: readonly string[];
}

/** The changes to make a patch of. */
export interface PatchRequest {
  /** Working tree of the repository. */
  readonly root: string;
  /** Undefined before the first commit: the patch is then from nothing. */
  readonly commit: string | undefined;
  readonly changes: readonly CodeChange[];
}

/** From a commit to what is on disk. */
export interface CodePatch {
  /** What `git apply` takes; UTF-8, files that are not are in its binary form. */
  readonly text: string;
  readonly omitted: readonly PatchOmission[];
}

/** Where code comes from. */
export interface CodeSourceReader {
  /**
   * Looks at a file and its repository. Nothing in the repository is written.
   * @throws FILE_MISSING, FILE_UNREADABLE, FILE_INVALID when it is a folder; ENVIRONMENT_INVALID when git refuses
   */
  inspect(request: CodeFileRequest): Promise<FileCode>;
  /**
   * The changes as a patch: staged or not, untracked, renamed and deleted files, binary ones too. Files that are large or
   * hold what looks like a key are left out and named.
   * @throws ENVIRONMENT_INVALID when git refuses
   */
  patch(request: PatchRequest): Promise<CodePatch>;
}
