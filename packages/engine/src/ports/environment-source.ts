import type { InstalledPackage, LockFileEntry, MachineFacts } from "../core/records/environment-snapshot.ts";

/** A lock file that was found. */
export interface FoundLockFile extends LockFileEntry {
  /** Undefined for one that is too large to be kept, or no text. */
  readonly text: string | undefined;
}

/** Where lock files are looked for. */
export interface LockFileRequest {
  /** Absolute path of the code. */
  readonly file: string;
  /** Absolute folder of the project, the topmost to look in where there is no repository. */
  readonly projectFolder: string;
}

/** What computations run in: the machine, the runtime, what is installed. */
export interface EnvironmentSource {
  /** Facts that cannot be had on this system are empty or absent. */
  machine(): Promise<MachineFacts>;
  /**
   * Packages installed for code in a folder: the nearest tree of npm, and the environments of Python and conda that are
   * active or lie beside the code. By ecosystem and name.
   * @param folder absolute
   */
  packages(folder: string): Promise<readonly InstalledPackage[]>;
  /**
   * Lock files in the folder of the code and those above it, up to the repository's root, else to the project's folder,
   * else only there. Outermost first.
   * @throws FILE_UNREADABLE when one cannot be read
   */
  lockFiles(request: LockFileRequest): Promise<readonly FoundLockFile[]>;
}
