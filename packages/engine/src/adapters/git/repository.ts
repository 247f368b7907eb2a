import { readFile } from "node:fs/promises";
import path from "node:path";
import type { CodeChange, NoRepository, RepositoryFacts } from "../../core/records/file-code.ts";
import { httpsRemote } from "../../core/records/https-remote.ts";
import { isNotebook, notebookSource } from "../../core/records/notebook-source.ts";
import { type GitProgram, refused } from "./git-program.ts";
import { type GitStatus, readStatus } from "./status.ts";

/** What git says where there is no working tree. */
const nowhere = /not a git repository|must be run in a work tree/;

/** A file in its working tree. */
interface Placed {
  readonly root: string;
  /** From the root, `/` between parts. */
  readonly path: string;
  readonly shallow: boolean;
}

async function place(git: GitProgram, file: string): Promise<Placed | NoRepository> {
  const call = {
    folder: path.dirname(file),
    args: ["rev-parse", "--is-shallow-repository", "--show-toplevel"],
  };
  const answer = await git.answer(call);
  if (answer === undefined) return { kind: "git-missing" };
  if (answer.code !== 0) {
    if (nowhere.test(answer.errors)) return { kind: "none" };
    throw refused(call, answer);
  }
  const [shallow, ...lines] = answer.bytes.toString().replace(/\n$/, "").split("\n");
  const root = path.normalize(lines.join("\n"));
  return { root, path: slashed(path.relative(root, file)), shallow: shallow === "true" };
}

function slashed(relative: string): string {
  return relative.split(path.sep).join("/");
}

/** Folders inside the working tree that hold no code; never one that holds the file itself. */
function excluded({ root, path: file }: Placed, outputFolders: readonly string[]): readonly string[] {
  return outputFolders
    .map((folder) => slashed(path.relative(root, folder)))
    .filter((inside) => inside !== "" && !inside.startsWith("..") && !path.isAbsolute(inside))
    .filter((inside) => !file.startsWith(`${inside}/`));
}

async function statusOf(
  git: GitProgram,
  placed: Placed,
  outputFolders: readonly string[],
): Promise<GitStatus> {
  const options = ["--branch", "-z", "--untracked-files=all", "--ignore-submodules=none", "--find-renames"];
  const without = excluded(placed, outputFolders).map((inside) => `:(top,exclude,literal)${inside}`);
  const bytes = await git.require({
    folder: placed.root,
    args: ["status", "--porcelain=v2", ...options, "--", ...without],
  });
  return readStatus(bytes.toString());
}

/** The remote called origin, else the only one. */
async function remoteName(git: GitProgram, { root }: Placed): Promise<string | undefined> {
  const names = (await git.require({ folder: root, args: ["remote"] }))
    .toString()
    .split("\n")
    .filter(Boolean);
  return names.includes("origin") || names.length !== 1 ? names.find((name) => name === "origin") : names[0];
}

async function remoteFacts(
  git: GitProgram,
  placed: Placed,
): Promise<Pick<RepositoryFacts, "remote" | "pushed">> {
  const { root: folder } = placed;
  const name = await remoteName(git, placed);
  if (name === undefined) return {};
  const [url, unpushed] = await Promise.all([
    git.ask({ folder, args: ["remote", "get-url", name] }),
    git.answer({ folder, args: ["rev-list", "-n", "1", "HEAD", "--not", `--remotes=${name}`] }),
  ]);
  const remote = httpsRemote(url ?? "");
  return {
    ...(remote === undefined ? {} : { remote }),
    // Without a commit it is refused.
    ...(unpushed?.code === 0 ? { pushed: unpushed.bytes.length === 0 } : {}),
  };
}

/** Blob of a path in the commit that is checked out; undefined when it is not in there. */
async function committedBlob(git: GitProgram, { root, path: file }: Placed): Promise<string | undefined> {
  const args = ["ls-tree", "-z", "--full-tree", "HEAD", "--", file];
  const [, , blob] = ((await git.ask({ folder: root, args })) ?? "").split(/[ \t]/);
  return blob;
}

async function rawBlob(git: GitProgram, { root, path: file }: Placed): Promise<string> {
  return (await git.require({ folder: root, args: ["hash-object", "--", file] })).toString().trim();
}

/** Blob of the file, by the repository's own digest; of a notebook, of its source alone. */
async function identityBlob(git: GitProgram, placed: Placed, raw: string): Promise<string> {
  if (!isNotebook(placed.path)) return raw;
  const source = notebookSource(await readFile(path.join(placed.root, placed.path), "utf8"));
  if (source === undefined) return raw;
  const bytes = await git.require({ folder: placed.root, args: ["hash-object", "--stdin"], input: source });
  return bytes.toString().trim();
}

/** True if a changed notebook has the source that was committed: only outputs and the like differ. */
async function isRunOnly(git: GitProgram, root: string, { path: file, kind }: CodeChange): Promise<boolean> {
  if (kind !== "modified" || !isNotebook(file)) return false;
  const committed = await git.answer({ folder: root, args: ["cat-file", "blob", `HEAD:${file}`] });
  if (committed?.code !== 0) return false;
  const source = notebookSource(committed.bytes.toString());
  return source !== undefined && source === notebookSource(await readFile(path.join(root, file), "utf8"));
}

/** The file's own change, when git was told not to look at it: ignored, or assumed unchanged. */
function hiddenChange(
  placed: Placed,
  blobs: { readonly raw: string; readonly committed: string | undefined },
) {
  if (blobs.committed === undefined) return [{ path: placed.path, kind: "ignored" as const }];
  return blobs.committed === blobs.raw ? [] : [{ path: placed.path, kind: "modified" as const }];
}

/**
 * Facts of a file's repository.
 * @param file absolute path, links resolved
 * @throws ENVIRONMENT_INVALID when git refuses
 */
export async function repositoryOf(
  git: GitProgram,
  { file, outputFolders }: { readonly file: string; readonly outputFolders: readonly string[] },
): Promise<RepositoryFacts | NoRepository> {
  const placed = await place(git, file);
  if ("kind" in placed) return placed;
  const { root, path: inside, shallow } = placed;
  const lastChange = ["--literal-pathspecs", "rev-list", "-n", "1", "HEAD", "--", inside];
  const [status, remote, committed, raw, last, describe] = await Promise.all([
    statusOf(git, placed, outputFolders),
    remoteFacts(git, placed),
    committedBlob(git, placed),
    rawBlob(git, placed),
    git.ask({ folder: root, args: lastChange }),
    git.ask({ folder: root, args: ["describe", "--tags", "--always"] }),
  ]);
  const told = status.changes.some((change) => change.path === inside);
  const all = [...status.changes, ...(told ? [] : hiddenChange(placed, { raw, committed }))];
  const runOnly = await Promise.all(all.map((change) => isRunOnly(git, root, change)));
  return {
    kind: "git",
    root,
    path: inside,
    shallow,
    ...remote,
    ...(status.commit === undefined ? {} : { commit: status.commit }),
    ...(status.branch === undefined ? {} : { branch: status.branch }),
    // The commit that removed a file from the repository does not hold it.
    ...(committed === undefined || last === undefined ? {} : { fileCommit: last }),
    ...(describe === undefined ? {} : { describe }),
    blob: await identityBlob(git, placed, raw),
    changes: all.filter((_, at) => runOnly[at] !== true),
  };
}
