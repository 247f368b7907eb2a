import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, type TestContext, test } from "node:test";
import { pathToFileURL } from "node:url";
import {
  newRepository,
  repositoryAt,
  type TestRepository,
  temporaryFolder,
} from "../../adapters/git/repository.harness.ts";
import type { RunReport } from "../../app/records/run-once.ts";
import type { WorkflowIdentity } from "../../core/records/workflow.ts";
import type { Project } from "../project.ts";
import { open } from "./open.ts";
import { type RunModelOptions, runModel } from "./run.ts";

// Every source of a workflow's identity, and every way in which code differs from its commit, through real recorded runs.

const sha256 = (bytes: string | Uint8Array): string => createHash("sha256").update(bytes).digest("hex");

async function projectWith(t: TestContext, environment: Readonly<Record<string, string>>): Promise<Project> {
  const folder = mkdtempSync(join(tmpdir(), "almanac-sources-"));
  writeFileSync(join(folder, "almanac.config.json"), "{}");
  const git = { GIT_CONFIG_GLOBAL: "/dev/null", GIT_CONFIG_NOSYSTEM: "1" };
  const project = await open({
    ...{ folder, access: "create" },
    environment: { PATH: process.env["PATH"], ...git, ...environment },
  });
  t.after(async () => {
    await project[Symbol.asyncDispose]();
    rmSync(folder, { recursive: true, force: true });
  });
  return project;
}

/** A run of a file's code. */
async function runOf(
  t: TestContext,
  code: string | undefined,
  {
    environment = {},
    ...more
  }: Partial<RunModelOptions> & { readonly environment?: Readonly<Record<string, string>> } = {},
): Promise<RunReport> {
  const project = await projectWith(t, environment);
  const report = await runModel({
    project,
    ...(code === undefined ? {} : { code }),
    model: () => {},
    ...more,
  });
  assert.equal(report.state, "published", report.failure?.message);
  const { rid, ...recorded } = report.definition.workflow;
  const registered = await project.catalog.workflows.workflow(rid);
  assert.deepEqual(
    [registered?.url, registered?.checksum, registered?.version],
    [recorded.url, recorded.checksum, recorded.version],
  );
  const patch = report.stored.find(({ fileName }) => fileName === "code.patch");
  const { patchDigest } = report.definition.code;
  assert.equal(patch?.sha256, patchDigest, "a patch is stored if, and only if, there is one");
  return report;
}

/** What tells which code ran. */
function identity({ definition }: RunReport): readonly unknown[] {
  const { url, checksum, version }: WorkflowIdentity = definition.workflow;
  return [definition.code.source, url, checksum, version];
}

const container = {
  ...{ ALMANAC_IN_CONTAINER: "True", ALMANAC_IMAGE_NAME: "hub/ecs", ALMANAC_IMAGE_DIGEST: "sha256:11" },
  ...{ ALMANAC_GIT_COMMIT: "abc", ALMANAC_VERSION: "2.0", ALMANAC_SOURCE_URL: "https://example.org/lab/ecs" },
};
const wrapper = { ALMANAC_WORKFLOW_URL: "https://example.org/w", ALMANAC_WORKFLOW_CHECKSUM: "w1" };

function published(repository: TestRepository): void {
  repository.git("remote", "add", "origin", "git@example.org:lab/ecs.git");
}

describe("the identity of a workflow, source by source", () => {
  test("values given win over variables and git", async (t) => {
    const { file } = newRepository(t);
    const workflow = { url: "https://given", checksum: "g", version: "9" };
    const environment = { ...container, ...wrapper };
    assert.deepEqual(identity(await runOf(t, file, { workflow, environment })), [
      "given",
      "https://given",
      "g",
      "9",
    ]);
  });

  test("a container at its digest, without one at the commit of its repository", async (t) => {
    const { file } = newRepository(t);
    const environment = { ...container, ...wrapper };
    assert.deepEqual(identity(await runOf(t, file, { environment })), [
      "container",
      "hub/ecs@sha256:11",
      "sha256:11",
      "2.0",
    ]);
    const { ALMANAC_IMAGE_DIGEST: _, ...undigested } = environment;
    const [source, url, checksum] = identity(await runOf(t, file, { environment: undigested }));
    assert.deepEqual([source, url, checksum], ["container", "https://example.org/lab/ecs/commit/abc", "abc"]);
  });

  test("a wrapper goes before git", async (t) => {
    const { file } = newRepository(t);
    const found = identity(await runOf(t, file, { environment: wrapper }));
    assert.deepEqual(found.slice(0, 3), ["wrapper", "https://example.org/w", "w1"]);
  });

  test("git, of a remote by ssh: the blob at the last commit of the file, not of the repository", async (t) => {
    const repository = newRepository(t);
    published(repository);
    const { git, write, commit, file } = repository;
    const last = git("rev-parse", "HEAD");
    git("tag", "v1");
    write("other.ts", "2\n");
    commit();
    const report = await runOf(t, file);
    const url = `https://example.org/lab/ecs/blob/${last}/src/train.ts`;
    assert.deepEqual(identity(report), [
      "git",
      url,
      git("rev-parse", "HEAD:src/train.ts"),
      git("describe", "--tags", "--always"),
    ]);
    assert.match(report.remarks.join(), /not pushed/);
  });

  test("git, of a notebook: its source alone, whatever it was run to", async (t) => {
    const repository = newRepository(t);
    published(repository);
    const notebook = (outputs: readonly string[], count: number | null): string =>
      JSON.stringify({
        cells: [{ cell_type: "code", source: "1 + 1", outputs, execution_count: count, metadata: {} }],
        metadata: { kernelspec: { name: "deno" } },
        ...{ nbformat: 4, nbformat_minor: 5 },
      });
    const file = repository.write("a b.ipynb", notebook([], null));
    repository.commit();
    const first = await runOf(t, file);
    repository.write("a b.ipynb", notebook(["2"], 7));
    const again = await runOf(t, file);
    assert.equal(again.definition.code.dirty, false, "it was only run again");
    assert.equal(again.definition.workflow.checksum, first.definition.workflow.checksum);
  });

  test("no remote, never committed, detached, shallow, worktree, submodule", async (t) => {
    const local = newRepository(t);
    const report = await runOf(t, local.file);
    assert.equal(report.definition.workflow.url, pathToFileURL(local.file).href);
    assert.match(report.remarks.join(), /remote/);
    published(local);
    const fresh = local.write("never.ts", "1\n");
    const never = await runOf(t, fresh, { allowDirty: true });
    assert.equal(never.definition.workflow.url, pathToFileURL(fresh).href);
    rmSync(fresh);
    const head = local.git("rev-parse", "HEAD");
    const url = `https://example.org/lab/ecs/blob/${head}/src/train.ts`;
    local.git("checkout", "-q", "--detach");
    const detached = await runOf(t, local.file);
    assert.deepEqual([detached.definition.workflow.url, detached.definition.code.branch], [url, undefined]);
    const tree = join(temporaryFolder(t), "tree");
    local.git("worktree", "add", "-q", "-b", "second", tree);
    assert.equal((await runOf(t, join(tree, "src/train.ts"))).definition.workflow.url, url);
    const copy = repositoryAt(join(temporaryFolder(t), "copy"));
    local.git("clone", "-q", "--depth", "1", `file://${local.root}`, copy.root);
    copy.git("remote", "set-url", "origin", "ssh://git@example.org/lab/ecs.git");
    const shallow = (await runOf(t, join(copy.root, "src/train.ts"))).definition;
    assert.deepEqual([shallow.workflow.url, shallow.code.shallow], [url, true]);
    const outer = newRepository(t);
    outer.git("submodule", "--quiet", "add", `file://${local.root}`, "libs/inner");
    outer.commit();
    const inner = repositoryAt(join(outer.root, "libs/inner"));
    inner.git("remote", "set-url", "origin", "https://user:secret@example.org/lab/ecs");
    const inside = await runOf(t, join(inner.root, "src/train.ts"));
    assert.equal(inside.definition.workflow.url, url, "of the submodule, without its credentials");
  });

  test("no repository: the file and its digest; no file at all is an error", async (t) => {
    const file = join(temporaryFolder(t), "alone.ts");
    writeFileSync(file, "1\n");
    const report = await runOf(t, file);
    assert.deepEqual(identity(report), ["file", pathToFileURL(file).href, sha256("1\n"), undefined]);
    assert.match(report.remarks.join(), /no git repository/);
    await assert.rejects(runOf(t, undefined), { code: "USAGE" });
  });

  test("no git program: the file and its digest, with a warning", async (t) => {
    const { file } = newRepository(t);
    const environment = { PATH: temporaryFolder(t) };
    const report = await runOf(t, file, { environment });
    assert.deepEqual(identity(report).slice(0, 2), ["file", pathToFileURL(file).href]);
    assert.match(report.remarks.join(), /git/);
  });
});

describe("code that differs from its commit is refused, or recorded with paths and patch", () => {
  const changes: Readonly<Record<string, (repository: TestRepository) => string>> = {
    modified: ({ write }) => {
      write("src/train.ts", "changed\n");
      return "src/train.ts";
    },
    staged: ({ write, git }) => {
      write("src/train.ts", "changed\n");
      git("add", "-A");
      return "src/train.ts";
    },
    added: ({ write, git }) => {
      write("src/new.ts", "1\n");
      git("add", "-A");
      return "src/new.ts";
    },
    untracked: ({ write }) => {
      write("src/new.ts", "1\n");
      return "src/new.ts";
    },
    renamed: ({ git }) => {
      git("mv", "lib/other.ts", "lib/renamed.ts");
      return "lib/renamed.ts";
    },
    deleted: ({ root }) => {
      rmSync(join(root, "lib/other.ts"));
      return "lib/other.ts";
    },
    "in another folder": ({ write }) => {
      write("lib/other.ts", "changed\n");
      return "lib/other.ts";
    },
  };
  for (const [what, change] of Object.entries(changes))
    test(what, async (t) => {
      const repository = newRepository(t);
      repository.write("lib/other.ts", "export const other = 1;\n");
      repository.commit();
      const path = change(repository);
      await assert.rejects(runOf(t, repository.file), (error: Error) => {
        assert.match(error.message, new RegExp(path));
        return "code" in error && error.code === "CODE_DIRTY";
      });
      const { definition, stored } = await runOf(t, repository.file, { allowDirty: true });
      assert.deepEqual([definition.code.dirty, definition.code.dirtyPaths], [true, [path]]);
      assert.ok(stored.some(({ fileName }) => fileName === "code.patch"));
      const tried = await runOf(t, repository.file, { environment: { ALMANAC_ALLOW_DIRTY: "TRUE" } });
      assert.equal(tried.definition.code.dirty, true);
      assert.equal(readFileSync(join(repository.root, ".git/HEAD"), "utf8"), "ref: refs/heads/main\n");
    });

  test("what the repository ignores makes nothing dirty", async (t) => {
    const repository = newRepository(t);
    repository.write(".gitignore", "*.tmp\n");
    repository.commit();
    repository.write("x.tmp", "1\n");
    assert.equal((await runOf(t, repository.file)).definition.code.dirty, false);
  });
});
