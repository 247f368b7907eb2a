import type { Json } from "../json.ts";
import type { InputAsset } from "../records/asset.ts";
import type { ExecutionContext, RegisterOptions } from "./context.ts";
import type { RunDefinition } from "./definition.ts";

/** An input file of a run, on this machine. Read-only: it may be the file itself that others use too. */
export interface LocalAsset extends InputAsset {
  /** Absolute path inside the execution's folder. */
  readonly localPath: string;
}

/** Types, metadata or description of a registered file, given later; what is named replaces what was there. */
export type FileChanges = Pick<RegisterOptions, "types" | "metadata" | "description">;

/** What the code of a recorded run gets: its inputs, its configuration, and the only ways to leave results. */
export interface RunContext extends ExecutionContext<RunDefinition> {
  /** The resolved configuration. */
  readonly config: Readonly<Record<string, Json>>;
  /** Input files, in the order they were named. */
  readonly assets: readonly LocalAsset[];
  /**
   * The input with this RID or file name.
   * @throws UNKNOWN_NAME when there is none, or several have the name
   */
  asset(name: string): LocalAsset;
  /**
   * Changes what is told of a file that was registered.
   * @throws ARTIFACT_INVALID when it was never registered, or its kind does not allow the metadata
   */
  changeFile(path: string, changes: FileChanges): void;
  /**
   * Registers every file below an existing folder, their relative paths kept.
   * @param path place inside the execution's folder
   * @returns absolute paths inside the folder, in path order
   */
  registerFolder(
    folder: string,
    path: string,
    options: Omit<RegisterOptions, "name"> & { readonly mode: "link" | "copy" },
  ): readonly string[];
}
