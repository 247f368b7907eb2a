import type { CapturedDocument } from "../../core/records/captured.ts";
import type { GivenWorkflow } from "../../core/records/decide-workflow.ts";
import type { IdentifiedWorkflow } from "./identify-workflow.ts";

/** Which code is to be identified. */
export interface CodeToCapture {
  /** Absolute path of the script, notebook or module. */
  readonly file?: string | undefined;
  /** Texts of the cells that an interactive session has executed, in order, where there is no file. */
  readonly cells?: readonly string[] | undefined;
  readonly given?: GivenWorkflow | undefined;
  /** Absolute folders that the code itself writes: no change in them makes it dirty. */
  readonly writes?: readonly string[] | undefined;
  /** True for `--allow-dirty` and for dry runs. */
  readonly allowDirty: boolean;
}

/** What is found out about the code of a run and its surroundings before it is recorded. */
export interface CodeCapture {
  /** @throws CODE_DIRTY listing what differs from the commit */
  identify(code: CodeToCapture): Promise<IdentifiedWorkflow>;
  /** The environment by an allow-list, with the packages installed for the code. @param file absolute */
  environment(file: string | undefined): Promise<CapturedDocument>;
  /** Lock files found beside the code; without code, those of the project. @param file absolute */
  lockFiles(file: string | undefined): Promise<readonly CapturedDocument[]>;
  /** Words of a command line without what looks like a secret, to be recorded. */
  words(commandLine: readonly string[]): readonly string[];
}
