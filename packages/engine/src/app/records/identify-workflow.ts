import { sha256Hex } from "../../core/identity/digest.ts";
import type { CapturedDocument } from "../../core/records/captured.ts";
import { dirtyChanges, dirtyCode, interactiveCode } from "../../core/records/code-changes.ts";
import { decideWorkflow, type GivenWorkflow, needsDetection } from "../../core/records/decide-workflow.ts";
import type { CodeChange, FileCode } from "../../core/records/file-code.ts";
import type { CodeState, PatchOmission, WorkflowIdentity } from "../../core/records/workflow.ts";
import type { WorkflowVariables } from "../../core/records/workflow-variables.ts";
import type { CodeSourceReader } from "../../ports/code-source.ts";

/** Which code is to be identified, and how strictly. */
export interface IdentifyRequest {
  /** Absolute path of the script, notebook or module; `ALMANAC_NOTEBOOK_PATH` stands in for it. */
  readonly file?: string | undefined;
  /** Texts of the cells that an interactive session has executed, in order. */
  readonly cells?: readonly string[] | undefined;
  readonly given?: GivenWorkflow | undefined;
  readonly variables: WorkflowVariables;
  /** True for `--allow-dirty` and for dry runs. */
  readonly allowDirty: boolean;
  /** Patterns of paths that are no code, from the repository's root. */
  readonly ignore: readonly string[];
  /** Absolute folders that the program itself writes. */
  readonly outputFolders: readonly string[];
}

/** Which code runs, its state, what to store with the execution, and what the user should know. */
export interface IdentifiedWorkflow {
  readonly workflow: WorkflowIdentity;
  readonly code: CodeState;
  readonly documents: readonly CapturedDocument[];
  readonly warnings: readonly string[];
}

/** What was found by looking. */
interface Looked {
  readonly file?: FileCode;
  readonly changes: readonly CodeChange[];
  readonly session?: CapturedDocument;
}

/** Paths left out of a patch that a warning each is for. */
const namedOmissions = 5;

const digestOfText = (text: string): string => sha256Hex(new TextEncoder().encode(text));

function sessionDocument(cells: readonly string[]): CapturedDocument {
  return {
    path: "session.json",
    text: `${JSON.stringify(cells, null, 1)}\n`,
    description: "Cells that the interactive session had executed",
  };
}

async function look(request: IdentifyRequest, code: CodeSourceReader): Promise<Looked> {
  const { given = {}, variables, ignore, outputFolders } = request;
  if (!needsDetection({ given, variables })) return { changes: [] };
  const path = request.file ?? variables.notebookPath;
  if (path === undefined)
    return {
      changes: [],
      ...(request.cells === undefined ? {} : { session: sessionDocument(request.cells) }),
    };
  const file = await code.inspect({ file: path, outputFolders });
  return { file, changes: file.repository.kind === "git" ? dirtyChanges(file.repository, ignore) : [] };
}

function refuseDirty(request: IdentifyRequest, { file, changes, session }: Looked): void {
  if (request.allowDirty || request.variables.allowDirty) return;
  if (session !== undefined) throw interactiveCode();
  if (changes.length > 0 && file?.repository.kind === "git") throw dirtyCode(file.repository.root, changes);
}

/** The patch from the commit to what runs; undefined when nothing differs. */
async function patchOf({ file, changes }: Looked, code: CodeSourceReader) {
  if (changes.length === 0 || file?.repository.kind !== "git") return undefined;
  const { root, commit } = file.repository;
  const { text, omitted } = await code.patch({ root, commit, changes });
  const document: CapturedDocument = {
    path: "code.patch",
    text,
    description: `Changes of the code since ${commit ?? "nothing was committed"}; git apply --binary applies them`,
  };
  const state = { patchDigest: digestOfText(text), ...(omitted.length === 0 ? {} : { patchOmits: omitted }) };
  return { document, state, warnings: omissionWarnings(omitted) };
}

/** What is left out of the patch: the first paths, and how many more; the record names all. */
function omissionWarnings(omitted: readonly PatchOmission[]): readonly string[] {
  const named = omitted.slice(0, namedOmissions);
  const more = omitted.length - named.length;
  return [
    ...named.map(({ path, reason }) => `${path} is left out of the stored patch (${reason})`),
    ...(more === 0
      ? []
      : [`${more} more paths are left out of the stored patch; code.patchOmits names them`]),
  ];
}

/**
 * Identifies the code of a run by the first source that knows it: values given, container, wrapper, git, interactive
 * session, file. Nothing is written.
 * @throws CODE_DIRTY when it differs from its commit and that is not allowed; USAGE when no source knows it;
 * FILE_MISSING, FILE_UNREADABLE, ENVIRONMENT_INVALID of the port
 */
export async function identifyWorkflow(
  request: IdentifyRequest,
  { code }: { readonly code: CodeSourceReader },
): Promise<IdentifiedWorkflow> {
  const looked = await look(request, code);
  refuseDirty(request, looked);
  const { file, changes, session } = looked;
  const decided = decideWorkflow({
    given: request.given ?? {},
    variables: request.variables,
    file,
    changes,
    cells: session === undefined ? undefined : { sha256: digestOfText(session.text) },
  });
  const patch = await patchOf(looked, code);
  return {
    workflow: decided.workflow,
    code: { ...decided.code, ...patch?.state },
    documents: [
      ...(session === undefined ? [] : [session]),
      ...(patch === undefined ? [] : [patch.document]),
    ],
    warnings: [...decided.warnings, ...(patch?.warnings ?? [])],
  };
}
