import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { chmodSync, existsSync, mkdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import path from "node:path";
import { test } from "node:test";
import { pathToFileURL } from "node:url";
import { isAlmanacError } from "../../core/errors.ts";
import type { FileCode, RepositoryFacts } from "../../core/records/file-code.ts";
import { testCodeSource } from "../../ports/code-source.contract.ts";
import { gitCodeSource } from "./code-source.ts";
import { newRepository, repositoryAt, temporaryFolder } from "./repository.harness.ts";

const environment = { ...process.env, GIT_CONFIG_GLOBAL: "/dev/null", GIT_CONFIG_NOSYSTEM: "1" };
const source = gitCodeSource({ environment });

testCodeSource("with git", source);
testCodeSource("without a git program", gitCodeSource({ environment: {}, program: "/nonexistent/git" }));

async function inspect(file: string, outputFolders: readonly string[] = []): Promise<FileCode> {
  return source.inspect({ file, outputFolders });
}

async function facts(file: string, outputFolders: readonly string[] = []): Promise<RepositoryFacts> {
  const { repository } = await inspect(file, outputFolders);
  assert.equal(repository.kind, "git");
  return repository as RepositoryFacts;
}

test("a committed file: its last commit, blob, description and branch", async (context) => {
  const { root, file, git, write, commit } = newRepository(context);
  git("tag", "v1.2");
  const first = git("rev-parse", "HEAD");
  write("other.ts", "x\n");
  const second = commit();
  git("remote", "add", "origin", "git@example.org:lab/ecs.git");
  assert.deepEqual(await facts(file), {
    kind: "git",
    root,
    path: "src/train.ts",
    commit: second,
    fileCommit: first,
    branch: "main",
    blob: git("rev-parse", "HEAD:src/train.ts"),
    describe: git("describe", "--tags"),
    remote: "https://example.org/lab/ecs",
    pushed: false,
    shallow: false,
    changes: [],
  });
  assert.match((await facts(file)).describe ?? "", /^v1\.2-1-g/);
});

test("a detached head has no branch, a repository without remote no address", async (context) => {
  const { file, git } = newRepository(context);
  git("checkout", "-q", "--detach");
  const { branch, remote, pushed, commit } = await facts(file);
  assert.deepEqual({ branch, remote, pushed }, { branch: undefined, remote: undefined, pushed: undefined });
  assert.equal(commit, git("rev-parse", "HEAD"));
});

test("a commit is pushed once a branch of the remote has it", async (context) => {
  const { file, git, write, commit } = newRepository(context);
  const bare = temporaryFolder(context);
  git("init", "-q", "--bare", bare);
  git("remote", "add", "origin", bare);
  assert.equal((await facts(file)).pushed, false);
  git("push", "-q", "origin", "main");
  assert.equal((await facts(file)).pushed, true);
  write("src/train.ts", "2\n");
  commit();
  assert.equal((await facts(file)).pushed, false);
});

test("with several remotes it is origin, a single one may have any name", async (context) => {
  const { file, git } = newRepository(context);
  git("remote", "add", "lab", "ssh://git@lab.example:2222/a/b.git");
  assert.equal((await facts(file)).remote, "https://lab.example/a/b");
  git("remote", "add", "mirror", "https://me:s3same@mirror.example/a/b.git");
  assert.equal((await facts(file)).remote, undefined);
  git("remote", "add", "origin", "https://me:s3same@origin.example/a/b.git");
  assert.equal((await facts(file)).remote, "https://origin.example/a/b");
});

test("a shallow clone says so, a worktree and a folder with odd names work", async (context) => {
  const { root, git, write, commit } = newRepository(context);
  write("src/train.ts", "2\n");
  const head = commit();
  const copy = path.join(temporaryFolder(context), "a copy \u00e9 [x]");
  git("clone", "-q", "--depth", "1", `file://${root}`, copy);
  const shallow = await facts(path.join(copy, "src/train.ts"));
  assert.deepEqual([shallow.shallow, shallow.fileCommit, shallow.pushed], [true, head, true]);
  const tree = path.join(temporaryFolder(context), "tree");
  git("worktree", "add", "-q", "-b", "second", tree);
  const other = await facts(path.join(tree, "src/train.ts"));
  assert.deepEqual([other.root, other.branch, other.fileCommit], [tree, "second", head]);
});

test("a file of a submodule belongs to the submodule; the repository around sees it as one path", async (context) => {
  const inner = newRepository(context);
  const outer = newRepository(context);
  outer.git("submodule", "--quiet", "add", `file://${inner.root}`, "libs/inner");
  outer.commit();
  const submodule = repositoryAt(path.join(outer.root, "libs/inner"));
  const file = path.join(submodule.root, "src/train.ts");
  assert.deepEqual((await facts(file)).root, submodule.root);
  submodule.write("src/train.ts", "changed\n");
  assert.deepEqual((await facts(file)).changes, [{ path: "src/train.ts", kind: "modified" }]);
  const seen = await facts(outer.file);
  assert.deepEqual(seen.changes, [{ path: "libs/inner", kind: "modified", submodule: true }]);
  const patch = await source.patch({ root: outer.root, commit: seen.commit, changes: seen.changes });
  assert.deepEqual(patch.omitted, [{ path: "libs/inner", reason: "submodule" }]);
});

test("every way to differ from the commit is seen", async (context) => {
  const { file, git, write, root, commit } = newRepository(context);
  for (const name of ["gone.ts", "old name.ts", "staged.ts", "dropped.ts"])
    write(name, `${name}\n`.repeat(9));
  write(".gitignore", "*.tmp\n");
  commit();
  write("src/train.ts", "changed\n");
  write("staged.ts", "changed\n");
  git("add", "staged.ts");
  write("added.ts", "new\n");
  git("add", "added.ts");
  write("deep/er/new \u00e9.ts", "new\n");
  write("seen.tmp", "not seen\n");
  git("mv", "old name.ts", "new name.ts");
  rmSync(path.join(root, "gone.ts"));
  git("rm", "-q", "--cached", "dropped.ts");
  const { changes } = await facts(file);
  assert.deepEqual(
    changes.toSorted((a, b) => (a.path < b.path ? -1 : 1)),
    [
      { path: "added.ts", kind: "added" },
      { path: "deep/er/new \u00e9.ts", kind: "untracked" },
      { path: "dropped.ts", kind: "modified" },
      { path: "gone.ts", kind: "deleted" },
      { path: "new name.ts", kind: "renamed", from: "old name.ts" },
      { path: "src/train.ts", kind: "modified" },
      { path: "staged.ts", kind: "modified" },
    ],
  );
});

test("what git was told not to look at is seen in the file itself", async (context) => {
  const { file, git, write } = newRepository(context);
  git("update-index", "--assume-unchanged", "src/train.ts");
  write("src/train.ts", "changed\n");
  assert.deepEqual((await facts(file)).changes, [{ path: "src/train.ts", kind: "modified" }]);
  write(".git/info/exclude", "*.local.ts\n");
  const ignored = write("my.local.ts", "1\n");
  const { changes, fileCommit } = await facts(ignored);
  assert.deepEqual(changes, [{ path: "my.local.ts", kind: "ignored" }]);
  assert.equal(fileCommit, undefined);
});

test("a file that was never committed has no commit, nor one that was removed again", async (context) => {
  const { file, git, write } = newRepository(context);
  const untracked = write("b.ts", "1\n");
  assert.equal((await facts(untracked)).fileCommit, undefined);
  git("rm", "-q", "--cached", "src/train.ts");
  git("commit", "-q", "-m", "removed");
  assert.equal((await facts(file)).fileCommit, undefined);
});

test("a repository before its first commit", async (context) => {
  const repository = repositoryAt(temporaryFolder(context));
  repository.git("init", "-q", "-b", "main");
  const file = repository.write("a.ts", "1\n");
  const found = await facts(file);
  assert.deepEqual([found.commit, found.fileCommit, found.describe], [undefined, undefined, undefined]);
  assert.deepEqual(found.changes, [{ path: "a.ts", kind: "untracked" }]);
  const { text } = await source.patch({ root: repository.root, commit: undefined, changes: found.changes });
  assert.match(text, /new file mode 100644[\s\S]*\+1\n/);
});

test("folders that the program writes are not looked at, unless the file is in there", async (context) => {
  const { file, root, write } = newRepository(context);
  write("results/a.nc", "x");
  const inside = write("results/run.ts", "x");
  const results = path.join(root, "results");
  const outside = temporaryFolder(context);
  assert.deepEqual((await facts(file, [results, outside, path.join(root, "absent")])).changes, []);
  assert.equal((await facts(inside, [results])).changes.length, 2);
});

test("a notebook that was only run again is as it was committed", async (context) => {
  const { write, commit, git } = newRepository(context);
  const cell = (outputs: readonly string[], text: string) => ({ cell_type: "code", source: [text], outputs });
  const notebook = (outputs: readonly string[], text = "a = 1") =>
    `${JSON.stringify({ cells: [cell(outputs, text)], metadata: {}, nbformat: 4, nbformat_minor: 5 })}\n`;
  const file = write("analysis.ipynb", notebook([]));
  commit();
  const before = await inspect(file);
  write("analysis.ipynb", notebook(["an output"]));
  const run = await inspect(file);
  assert.deepEqual(run, before);
  assert.match(git("status", "--porcelain"), /analysis\.ipynb/);
  write("analysis.ipynb", notebook(["an output"], "a = 2"));
  const changed = await facts(file);
  assert.deepEqual(changed.changes, [{ path: "analysis.ipynb", kind: "modified" }]);
  assert.notEqual(changed.blob, (before.repository as RepositoryFacts).blob);
});

test("no repository: the file's own address and digest", async (context) => {
  const file = path.join(temporaryFolder(context), "a b.ts");
  writeFileSync(file, "1\n");
  assert.deepEqual(await inspect(file), {
    path: file,
    fileUrl: pathToFileURL(file).href,
    sha256: createHash("sha256").update("1\n").digest("hex"),
    repository: { kind: "none" },
  });
});

test("no git program is an answer of its own", async (context) => {
  const { file } = newRepository(context);
  const empty = temporaryFolder(context);
  const without = gitCodeSource({ environment: { PATH: empty } });
  const { repository } = await without.inspect({ file, outputFolders: [] });
  assert.deepEqual(repository, { kind: "git-missing" });
});

test("a link is followed to where the code is; variables of another repository do not count", async (context) => {
  const { file, root } = newRepository(context);
  const elsewhere = newRepository(context);
  const link = path.join(temporaryFolder(context), "link.ts");
  symlinkSync(file, link);
  const misled = gitCodeSource({
    environment: { ...environment, GIT_DIR: path.join(elsewhere.root, ".git") },
  });
  const { repository } = await misled.inspect({ file: link, outputFolders: [] });
  assert.equal((repository as RepositoryFacts).root, root);
});

test("looking changes nothing in the repository", async (context) => {
  const { file, root, write } = newRepository(context);
  write("src/train.ts", "changed\n");
  write("new.bin", new Uint8Array([0, 1, 2]));
  const listing = () => repositoryAt(root).git("count-objects", "-v");
  const index = () => repositoryAt(root).git("hash-object", ".git/index");
  const before = [listing(), index()];
  const { changes, commit } = await facts(file);
  await source.patch({ root, commit, changes });
  assert.deepEqual([listing(), index()], before);
});

test("no hook or monitor of the repository runs", async (context) => {
  const { file, root, git, write } = newRepository(context);
  const witness = path.join(temporaryFolder(context), "ran");
  const script = `#!/bin/sh\ntouch "${witness}"\n`;
  for (const hook of [".git/hooks/post-index-change", ".git/monitor"]) chmodSync(write(hook, script), 0o755);
  git("config", "core.fsmonitor", path.join(root, ".git/monitor"));
  write("src/train.ts", "changed\n");
  const { changes, commit } = await facts(file);
  await source.patch({ root, commit, changes });
  assert.equal(existsSync(witness), false);
  git("add", "-A");
  assert.equal(existsSync(witness), true);
});

test("a repository that git refuses to read is an error, not the absence of one", async (context) => {
  const { file, root } = newRepository(context);
  rmSync(path.join(root, ".git/config"));
  mkdirSync(path.join(root, ".git/config"));
  chmodSync(path.join(root, ".git/config"), 0o755);
  await assert.rejects(inspect(file), (error) => isAlmanacError(error, "ENVIRONMENT_INVALID"));
});
