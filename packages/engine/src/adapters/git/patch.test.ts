import assert from "node:assert/strict";
import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { test } from "node:test";
import { gitCodeSource } from "./code-source.ts";
import { newRepository, repositoryAt, type TestRepository, temporaryFolder } from "./repository.harness.ts";

const environment = { ...process.env, GIT_CONFIG_GLOBAL: "/dev/null", GIT_CONFIG_NOSYSTEM: "1" };
const source = gitCodeSource({ environment });

async function patchOf({ root, file }: TestRepository & { readonly file: string }) {
  const { repository } = await source.inspect({ file, outputFolders: [] });
  if (repository.kind !== "git") throw new Error("no repository");
  const { commit, changes } = repository;
  return source.patch({ root, commit, changes });
}

test("the patch turns a clone of the commit into what ran, byte by byte", async (context) => {
  const repository = newRepository(context);
  const { root, git, write, commit } = repository;
  write("gone.ts", "gone\n");
  write("old.ts", "long enough to be found again\n".repeat(5));
  write("both.ts", "1\n");
  write("image.bin", new Uint8Array([0, 1, 2, 3]));
  commit();
  const latin = new Uint8Array([0x61, 0xe9, 0x0a]);
  write("src/train.ts", "changed\n");
  write("both.ts", "staged\n");
  git("add", "both.ts");
  write("both.ts", "staged and changed\n");
  write("image.bin", new Uint8Array([0, 255, 254, 0, 7]));
  write("new \u00e9/raw.bin", new Uint8Array([0, 9, 8]));
  write("latin.txt", latin);
  rmSync(path.join(root, "gone.ts"));
  git("mv", "old.ts", "renamed.ts");
  write("gone-again.ts", "1\n");
  git("add", "gone-again.ts");
  rmSync(path.join(root, "gone-again.ts"));
  const { text, omitted } = await patchOf(repository);
  assert.deepEqual(omitted, []);
  const copy = repositoryAt(path.join(temporaryFolder(context), "copy"));
  git("clone", "-q", root, copy.root);
  const patch = path.join(temporaryFolder(context), "code.patch");
  writeFileSync(patch, text);
  copy.git("apply", "--binary", patch);
  for (const name of [
    "src/train.ts",
    "both.ts",
    "image.bin",
    "new \u00e9/raw.bin",
    "latin.txt",
    "renamed.ts",
  ])
    assert.deepEqual(readFileSync(path.join(copy.root, name)), readFileSync(path.join(root, name)), name);
  for (const name of ["gone.ts", "old.ts", "gone-again.ts"])
    assert.equal(existsSync(path.join(copy.root, name)), false, name);
});

test("the patch is the same twice, whatever the user's settings of git are", async (context) => {
  const repository = newRepository(context);
  const { git, write } = repository;
  write("src/train.ts", "changed\n");
  const { text } = await patchOf(repository);
  for (const [name, value] of [
    ["diff.noprefix", "true"],
    ["diff.external", "false"],
    ["color.ui", "always"],
    ["diff.context", "0"],
    ["core.quotePath", "false"],
  ] as const)
    git("config", name, value);
  assert.equal((await patchOf(repository)).text, text);
});

test("large files and keys are named and left out", async (context) => {
  const repository = newRepository(context);
  const { write } = repository;
  write("data.bin", new Uint8Array(6 * 1024 * 1024));
  write(".env", "PLAIN=1\n");
  write("src/train.ts", `const key = "${"AKIA"}ABCDEFGHIJKLMNOP";\n`);
  write("new.ts", "fine\n");
  const { text, omitted } = await patchOf(repository);
  assert.deepEqual(
    omitted.toSorted((a, b) => (a.path < b.path ? -1 : 1)),
    [
      { path: ".env", reason: "secret" },
      { path: "data.bin", reason: "large" },
      { path: "src/train.ts", reason: "secret" },
    ],
  );
  assert.match(text, /\+fine/);
  assert.doesNotMatch(text, /AKIA|PLAIN|data\.bin/);
});

test("of many files so many are taken as fit into 64 MiB", async (context) => {
  const repository = newRepository(context);
  const names = Array.from({ length: 14 }, (_, at) => `data/${String(at).padStart(2, "0")}.bin`);
  for (const name of names) repository.write(name, new Uint8Array(5 * 1024 * 1024));
  repository.write("last.ts", "last\n");
  const { text, omitted } = await patchOf(repository);
  assert.deepEqual(
    omitted,
    names.slice(12).map((path) => ({ path, reason: "large" })),
  );
  assert.match(text, /\+last/);
});

test("a changed submodule commit is in the patch, a nested repository is named", async (context) => {
  const inner = newRepository(context);
  const repository = newRepository(context);
  repository.git("submodule", "--quiet", "add", `file://${inner.root}`, "inner");
  repository.commit();
  const submodule = repositoryAt(path.join(repository.root, "inner"));
  submodule.write("src/train.ts", "2\n");
  submodule.git("config", "user.name", "A");
  const head = submodule.commit();
  const nested = repositoryAt(path.join(repository.root, "nested"));
  nested.write("x.ts", "1\n");
  nested.git("init", "-q");
  nested.commit();
  const { text, omitted } = await patchOf(repository);
  assert.match(text, new RegExp(`\\+Subproject commit ${head}`));
  assert.deepEqual(omitted, [{ path: "nested/", reason: "submodule" }]);
});
