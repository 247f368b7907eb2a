import { compareCodeUnits } from "../identity/compare.ts";

/** Where the identity of the code came from. */
export type CodeSource = "given" | "container" | "wrapper" | "git" | "interactive" | "file";

/** Which code: what a workflow is known by. One per (url, checksum). */
export interface WorkflowIdentity {
  readonly name: string;
  /** Terms of the vocabulary of workflow types. */
  readonly types: readonly string[];
  readonly url: string;
  readonly checksum: string;
  readonly version?: string;
  readonly description: string;
}

/** Something in the repository whose state the patch does not hold, and why. */
export interface PatchOmission {
  readonly path: string;
  /** `large`: too many bytes; `secret`: it holds or is named like a key; `submodule`: changes inside of one; `unreadable`. */
  readonly reason: "large" | "secret" | "submodule" | "unreadable";
}

/** The state of the code when an execution was recorded. */
export interface CodeState {
  readonly source: CodeSource;
  /** Commit that was checked out. */
  readonly commit?: string;
  /** Last commit that changed the file; the URL names it. */
  readonly fileCommit?: string;
  /** Branch that was checked out; absent on a detached head. */
  readonly branch?: string;
  readonly dirty: boolean;
  /** Paths from the repository's root, in code-unit order. */
  readonly dirtyPaths: readonly string[];
  /** SHA-256 of the stored patch from `commit` to what ran. */
  readonly patchDigest?: string;
  readonly patchOmits?: readonly PatchOmission[];
  /** False if the commit is on no branch of a remote that is known here; absent without a remote. */
  readonly pushed?: boolean;
  /** True if history is cut off: `fileCommit` may be newer than the last change. */
  readonly shallow?: boolean;
}

/** A property in which a workflow registered again differs from what is registered. */
export interface WorkflowDifference {
  readonly property: "name" | "description" | "types";
  readonly registered: string;
  readonly given: string;
}

/**
 * In what a workflow that is registered already differs when it comes again. Nothing of it is updated: the differences
 * are told. What is not given, an empty description or no types, does not differ; nor does the version, which moves
 * with the repository while the file stays.
 */
export function workflowDifferences(
  registered: Pick<WorkflowIdentity, "name" | "description" | "types">,
  given: Pick<WorkflowIdentity, "name" | "description" | "types">,
): readonly WorkflowDifference[] {
  const texts = ({ name, description, types }: typeof given) => ({
    ...{ name, description },
    types: types.toSorted(compareCodeUnits).join(", "),
  });
  const [before, now] = [texts(registered), texts(given)];
  return (["name", "description", "types"] as const).flatMap((property) =>
    now[property] === "" || now[property] === before[property]
      ? []
      : [{ property, registered: before[property], given: now[property] }],
  );
}
