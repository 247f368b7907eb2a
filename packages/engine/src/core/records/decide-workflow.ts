import { AlmanacError } from "../errors.ts";
import { containerLacks, type DeclaredCode, declaredByVariables } from "./declared-code.ts";
import type { CodeChange, FileCode, RepositoryFacts } from "./file-code.ts";
import type { CodeSource, CodeState, WorkflowIdentity } from "./workflow.ts";
import type { WorkflowVariables } from "./workflow-variables.ts";

/** What the user says about the workflow; everything given wins. */
export type GivenWorkflow = {
  readonly [name in keyof WorkflowIdentity]?: WorkflowIdentity[name] | undefined;
};

/** The cells that an interactive session has executed. */
export interface InteractiveCells {
  /** SHA-256 of the document that stores them. */
  readonly sha256: string;
}

/** Everything known when a workflow's identity is decided. */
export interface WorkflowEvidence {
  readonly given: GivenWorkflow;
  readonly variables: WorkflowVariables;
  /** Undefined when no file is known, or the identity needs none. */
  readonly file?: FileCode | undefined;
  /** What differs from the commit, after the ignore list. */
  readonly changes: readonly CodeChange[];
  readonly cells?: InteractiveCells | undefined;
}

/** Which code, in what state, and what the user should know about it. */
export interface DecidedWorkflow {
  readonly workflow: WorkflowIdentity;
  readonly code: CodeState;
  readonly warnings: readonly string[];
}

const unset = (text: string | undefined): boolean => text === undefined || text === "";

/** True if URL and checksum are not both stated by the user or the environment, so that the code must be looked at. */
export function needsDetection({ given, variables }: Pick<WorkflowEvidence, "given" | "variables">): boolean {
  const declared = declaredByVariables(variables);
  return unset(given.url ?? declared?.url) || unset(given.checksum ?? declared?.checksum);
}

/** Address of a file at a commit, its path escaped part by part. */
function blobUrl({ remote, fileCommit, path }: RepositoryFacts): string | undefined {
  if (remote === undefined || fileCommit === undefined) return undefined;
  return `${remote}/blob/${fileCommit}/${path.split("/").map(encodeURIComponent).join("/")}`;
}

function fileName(path: string): string {
  const name = path.split(/[\\/]/).at(-1) ?? path;
  return name.replace(/(?<=.)\.[^.]+$/, "");
}

function detectedInFile(file: FileCode, dirty: boolean): DeclaredCode {
  const name = fileName(file.path);
  const { repository } = file;
  if (repository.kind !== "git") return { source: "file", url: file.fileUrl, checksum: file.sha256, name };
  const { describe, blob, commit } = repository;
  return {
    source: "git",
    url: blobUrl(repository) ?? file.fileUrl,
    checksum: blob,
    name,
    ...(describe === undefined ? {} : { version: dirty ? `${describe}-dirty` : describe }),
    ...(commit === undefined ? {} : { commit }),
  };
}

/** What is found by looking: the file's repository, an interactive session, the file alone. */
function detected({ file, cells, changes }: WorkflowEvidence): DeclaredCode | undefined {
  if (file !== undefined) return detectedInFile(file, changes.length > 0);
  if (cells === undefined) return undefined;
  return { source: "interactive", url: "interactive:", checksum: cells.sha256, name: "session" };
}

function noCode(): AlmanacError {
  return new AlmanacError("USAGE", "nothing tells which code this run is of", {
    hint: "name the file that holds it, or give a URL and a checksum (ALMANAC_WORKFLOW_URL, ALMANAC_WORKFLOW_CHECKSUM)",
  });
}

/** What of a repository's facts the state of the code holds. */
function repositoryState({ fileCommit, branch, pushed, shallow }: RepositoryFacts) {
  return {
    ...(fileCommit === undefined ? {} : { fileCommit }),
    ...(branch === undefined ? {} : { branch }),
    ...(pushed === undefined ? {} : { pushed }),
    ...(shallow ? { shallow } : {}),
  };
}

const lookedAt: ReadonlySet<CodeSource> = new Set(["git", "file", "interactive"]);

/**
 * The state of the code. Where URL and checksum are of two sources and one of them was looked at, it is the state of that
 * one: what ran is there.
 */
function stateOf({ file, changes }: WorkflowEvidence, sources: readonly DeclaredCode[]): CodeState {
  const looked = sources.find(({ source }) => lookedAt.has(source));
  const { source, commit } = looked ?? sources[0] ?? { source: "given" as const };
  const repository = source === "git" && file?.repository.kind === "git" ? file.repository : undefined;
  return {
    source,
    ...(commit === undefined ? {} : { commit }),
    ...(repository === undefined ? {} : repositoryState(repository)),
    dirty: source === "interactive" || (source === "git" && changes.length > 0),
    dirtyPaths: source === "git" ? changes.map(({ path }) => path) : [],
  };
}

/**
 * Decides the identity of the code. URL and checksum each come from the first source that has them: values given, the
 * variables of a container, those of a wrapper, git, an interactive session, the file alone. Name and version come from
 * the sources that URL and checksum are of.
 * @throws USAGE when no source tells URL and checksum
 */
export function decideWorkflow(evidence: WorkflowEvidence): DecidedWorkflow {
  const { given, variables } = evidence;
  const stated: DeclaredCode = {
    source: "given",
    ...(unset(given.url) ? {} : { url: given.url as string }),
    ...(unset(given.checksum) ? {} : { checksum: given.checksum as string }),
  };
  const all = [stated, declaredByVariables(variables), detected(evidence)].filter((one) => one !== undefined);
  const [ofUrl, ofChecksum] = [
    all.find(({ url }) => url !== undefined),
    all.find(({ checksum }) => checksum !== undefined),
  ];
  if (ofUrl?.url === undefined || ofChecksum?.checksum === undefined) throw noCode();
  const used = [...new Set([ofUrl, ofChecksum])];
  const version = given.version ?? used.find((one) => one.version !== undefined)?.version;
  const code = stateOf(evidence, used);
  const workflow: WorkflowIdentity = {
    name: given.name ?? used.find((one) => one.name !== undefined)?.name ?? fileName(ofUrl.url),
    types: given.types ?? [],
    url: ofUrl.url,
    checksum: ofChecksum.checksum,
    ...(version === undefined ? {} : { version }),
    description: given.description ?? "",
  };
  return { workflow, code, warnings: warningsOf(evidence, code) };
}

function repositoryWarnings({ repository, path }: FileCode): readonly string[] {
  if (repository.kind === "none")
    return [`${path} is in no git repository: its digest alone tells which code ran`];
  if (repository.kind !== "git")
    return [`there is no git program: whether ${path} is as it was committed is not known`];
  const { remote, commit, fileCommit, pushed } = repository;
  return [
    ...(fileCommit === undefined ? [`${path} has never been committed: no URL leads to it`] : []),
    ...(remote === undefined
      ? [`the repository of ${path} has no remote with a web address: the URL is of this machine`]
      : []),
    ...(pushed === false ? [`commit ${commit?.slice(0, 12)} is not pushed: nobody else can see it yet`] : []),
  ];
}

function warningsOf({ variables, file }: WorkflowEvidence, { source }: CodeState): readonly string[] {
  const lacks = source === "given" ? undefined : containerLacks(variables);
  const looked = file !== undefined && (source === "git" || source === "file");
  return [...(lacks === undefined ? [] : [lacks]), ...(looked ? repositoryWarnings(file) : [])];
}
