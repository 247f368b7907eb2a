import { lstatSync, type Stats } from "node:fs";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import type { CodeChange } from "../../core/records/file-code.ts";
import { holdsSecret, isSecretFile } from "../../core/records/secret-shapes.ts";
import type { PatchOmission } from "../../core/records/workflow.ts";
import type { CodePatch, PatchRequest } from "../../ports/code-source.ts";
import type { GitProgram } from "./git-program.ts";

/** A file with more bytes than this is data rather than code. */
const largestBytes = 5 * 1024 * 1024;

/** So many bytes of changed files are taken in all: a patch is held in memory, and stored with each run. */
const mostBytes = 64 * 1024 * 1024;

/** An index and a store of objects of our own: the repository's are read and not written. */
interface Aside {
  readonly folder: string;
  readonly variables: Readonly<Record<string, string>>;
}

async function aside(git: GitProgram, root: string): Promise<Aside> {
  const objects = await git.require({ folder: root, args: ["rev-parse", "--git-path", "objects"] });
  const folder = await mkdtemp(path.join(tmpdir(), "almanac-patch-"));
  await mkdir(path.join(folder, "objects"));
  await writeFile(path.join(folder, "attributes"), "* -diff\n");
  const theirs = path.resolve(root, objects.toString().replace(/\n$/, ""));
  return {
    folder,
    variables: {
      GIT_INDEX_FILE: path.join(folder, "index"),
      GIT_OBJECT_DIRECTORY: path.join(folder, "objects"),
      GIT_ALTERNATE_OBJECT_DIRECTORIES: JSON.stringify(theirs),
    },
  };
}

function lstatIfPresent(file: string): Stats | undefined {
  return lstatSync(file, { throwIfNoEntry: false });
}

/** What is known of a changed path's content. */
interface Content {
  readonly omit?: PatchOmission["reason"];
  readonly bytes: number;
}

/** Whether a changed path's content is left out, and why. @param where.left bytes that may still be taken */
async function contentOf(
  change: CodeChange,
  { root, left }: { readonly root: string; readonly left: number },
): Promise<Content> {
  const file = path.join(root, change.path);
  const stat = lstatIfPresent(file);
  if (stat?.isDirectory() === true) return directoryContent(change);
  if (stat?.isFile() !== true) return { bytes: 0 };
  if (stat.size > Math.min(largestBytes, left)) return { omit: "large", bytes: 0 };
  const omit = isSecretFile(change.path) ? "secret" : await secrecyOf(file);
  return omit === undefined ? { bytes: stat.size } : { omit, bytes: 0 };
}

/** A folder stands for a submodule, or for a repository inside of this one. */
function directoryContent({ submodule, path: at }: CodeChange): Content {
  return submodule === true || at.endsWith("/") ? { omit: "submodule", bytes: 0 } : { bytes: 0 };
}

/** Why a file's content is not taken: it holds a key, or cannot be read. */
async function secrecyOf(file: string): Promise<"secret" | "unreadable" | undefined> {
  try {
    return holdsSecret((await readFile(file)).toString("latin1")) ? "secret" : undefined;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "EACCES" || code === "EPERM") return "unreadable";
    throw error;
  }
}

async function omissions({ root, changes }: PatchRequest): Promise<readonly PatchOmission[]> {
  const found: PatchOmission[] = [];
  let left = mostBytes;
  for (const change of changes) {
    const { omit, bytes } = await contentOf(change, { root, left });
    left -= bytes;
    if (omit !== undefined) found.push({ path: change.path, reason: omit });
  }
  return found;
}

/** Brings the index of our own to what is on disk, for the changed paths. */
async function stage(
  git: GitProgram,
  { root, commit }: PatchRequest,
  staging: Aside & { readonly paths: readonly string[] },
) {
  const { variables, paths } = staging;
  const tree = commit === undefined ? ["--empty"] : [commit];
  await git.require({ folder: root, args: ["read-tree", ...tree], variables });
  await git.require({
    folder: root,
    args: ["update-index", "--add", "--remove", "--replace", "-z", "--stdin"],
    input: paths.map((one) => `${one}\0`).join(""),
    variables,
  });
}

function decoded(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch (error) {
    if (error instanceof TypeError) return undefined;
    throw error;
  }
}

/** Compares the index of our own with the commit; files that are no UTF-8 in git's binary form. */
async function compare(
  git: GitProgram,
  { root, commit }: PatchRequest,
  { folder, variables }: Aside,
): Promise<string> {
  const empty = { folder: root, args: ["hash-object", "-t", "tree", "--stdin"], variables };
  const from = commit ?? (await git.require(empty)).toString().trim();
  const options = [
    "--cached",
    "-p",
    "--binary",
    "--full-index",
    "-U3",
    "-M",
    "--no-ext-diff",
    "--no-textconv",
    "--no-color",
  ];
  const diff = async (...settings: readonly string[]): Promise<Buffer> =>
    git.require({ folder: root, args: [...settings, "diff-index", ...options, from], variables });
  const text = decoded(await diff());
  return text ?? (await diff("-c", `core.attributesFile=${path.join(folder, "attributes")}`)).toString();
}

/**
 * A patch from a commit to what is on disk. Staged through an index and a store of objects in a temporary folder.
 * @throws ENVIRONMENT_INVALID when git refuses
 */
export async function patchOf(git: GitProgram, request: PatchRequest): Promise<CodePatch> {
  const omitted = await omissions(request);
  // The commit of a submodule is in the patch even if what changed inside of it is not.
  const left = new Set(
    omitted
      .filter(({ reason, path: at }) => reason !== "submodule" || at.endsWith("/"))
      .map((one) => one.path),
  );
  const paths = request.changes.flatMap((change) => [
    ...(change.from === undefined ? [] : [change.from]),
    ...(left.has(change.path) ? [] : [change.path]),
  ]);
  const own = await aside(git, request.root);
  try {
    await stage(git, request, { ...own, paths });
    return { text: await compare(git, request, own), omitted };
  } finally {
    await rm(own.folder, { recursive: true, force: true });
  }
}
