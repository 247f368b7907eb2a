import type { Rid } from "../identity/rid.ts";
import type { Json } from "../json.ts";
import type { LocalAsset } from "../records/asset.ts";
import type { AssetSpec } from "../records/asset-spec.ts";
import type { ReadOnlyDatasets } from "../records/dataset-reading.ts";
import type { InputSpec } from "../records/input-spec.ts";
import type { ExecutionContext, RegisterOptions } from "./context.ts";
import type { RunDefinition } from "./definition.ts";
import type { Failure } from "./outcome.ts";
import type { ExecutionState } from "./state.ts";

/** Types, metadata or description of a registered file, given later; what is named replaces what was there. */
export type FileChanges = Pick<RegisterOptions, "types" | "metadata" | "description">;

/** A part of a run that is recorded as an execution of its own. */
export interface NestedRun {
  /** Place among the parts. */
  readonly sequence?: number;
  readonly description?: string;
  /** Default: the configuration of the whole. */
  readonly config?: Readonly<Record<string, Json>>;
  /** Local files as inputs. */
  readonly inputs?: readonly string[];
  /** Assets as inputs, by RID. */
  readonly assets?: readonly AssetSpec[];
  /** Datasets as inputs, named as those of a run are; drafts where the whole may have them. */
  readonly datasets?: readonly InputSpec[];
  readonly run: (execution: RunContext) => unknown;
}

/** How a part ended. */
export interface NestedEnd {
  readonly rid: Rid;
  readonly state: ExecutionState;
  readonly failure?: Failure;
}

/** A file that an earlier run had registered before it was interrupted. */
export interface FileLeft extends Required<Pick<RegisterOptions, "name" | "kind" | "types" | "description">> {
  /** Inside the earlier run's folder, and inside this one's once it is taken over. */
  readonly path: string;
  /** Absolute, in the earlier run's folder: to be read, not written. */
  readonly localPath: string;
  readonly sizeBytes: number;
}

/** What a run took over from the one that it resumes. */
export interface TakenOver {
  /** Registered in this run now. */
  readonly files: readonly string[];
  /** Feature records staged in this run now. */
  readonly features: number;
  /** Rows in this run's record tables now. */
  readonly rows: number;
  /** Scalars and series of this run now. */
  readonly values: number;
}

/** The run that is resumed: what it had left when it was interrupted. */
export interface ResumedRun {
  readonly rid: Rid;
  readonly files: readonly FileLeft[];
  /** How many feature records it had staged. */
  readonly features: number;
  /** Record types it had begun tables of. */
  readonly recordTypes: readonly string[];
  /** How many scalars and series it had given. */
  readonly values: number;
  /**
   * Makes what is left a part of this run, each thing once: files are copied and registered as they were, with name, kind,
   * types, metadata and description; feature records and rows are staged, scalars and series given. A value that this run gives too stands instead.
   * @param choice.files paths; default: all of them. A file may have been cut off in the middle: only the code knows
   * @param choice.staged false: feature records, rows and values stay behind
   * @throws UNKNOWN_NAME when a file is not among what is left, ARTIFACT_INVALID when this run has its path or name by now
   */
  takeOver(choice?: { readonly files?: readonly string[]; readonly staged?: boolean }): TakenOver;
}

/** What the code of a recorded run gets: its inputs, its configuration, and the only ways to leave results. */
export interface RunContext extends ExecutionContext<RunDefinition> {
  /** The resolved configuration. */
  readonly config: Readonly<Record<string, Json>>;
  /** What there is of the run that this one resumes; undefined when it resumes none. */
  readonly resumed: ResumedRun | undefined;
  /** Input files, in the order they were named. */
  readonly assets: readonly LocalAsset[];
  /** Authored datasets of the catalog, for reading only: the questions that the bag of an input answers too. */
  readonly catalog: ReadOnlyDatasets;
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
   * Runs a part as a recorded execution of its own, published when it has ended. One that fails fails alone: its end
   * says so.
   * @throws RUN_INVALID before anything of it is written
   */
  nested(part: NestedRun): Promise<NestedEnd>;
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
