/**
 * A text stored with an execution before its computation starts, so that a failed one has it too: the environment, a
 * lock file, the patch of changed code. An artifact of the kind `execution-metadata`.
 */
export interface CapturedDocument {
  /** File name, unique among the documents of an execution; slashes make folders. */
  readonly path: string;
  readonly text: string;
  readonly description: string;
}
