import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import path from "node:path";
import { test } from "node:test";
import { gitCodeSource } from "../../adapters/git/code-source.ts";
import { newRepository, temporaryFolder } from "../../adapters/git/repository.harness.ts";
import { isAlmanacError } from "../../core/errors.ts";
import { readWorkflowVariables } from "../../core/records/workflow-variables.ts";
import { type IdentifyRequest, identifyWorkflow } from "./identify-workflow.ts";

const environment = { ...process.env, GIT_CONFIG_GLOBAL: "/dev/null", GIT_CONFIG_NOSYSTEM: "1" };
const ports = { code: gitCodeSource({ environment }) };

async function identify(request: Partial<IdentifyRequest>, variables: Readonly<Record<string, string>> = {}) {
  const asked = { allowDirty: false, ignore: [], outputFolders: [], ...request };
  return identifyWorkflow({ ...asked, variables: readWorkflowVariables(variables) }, ports);
}

const sha256 = (text: string) => createHash("sha256").update(text).digest("hex");
const dirty = (error: unknown) => isAlmanacError(error, "CODE_DIRTY");

test("clean code: an identity, nothing to store", async (context) => {
  const { file, git } = newRepository(context);
  git("remote", "add", "origin", "git@example.org:lab/ecs.git");
  const { workflow, code, documents, warnings } = await identify({ file });
  assert.equal(workflow.url, `https://example.org/lab/ecs/blob/${git("rev-parse", "HEAD")}/src/train.ts`);
  assert.equal(workflow.name, "train");
  assert.deepEqual([code.dirty, documents, warnings.length], [false, [], 1]);
  assert.match(warnings.join(), /not pushed/);
});

test("dirty code is refused, or runs with its paths and patch recorded", async (context) => {
  const { file, root, write } = newRepository(context);
  write("other/helper.ts", "1\n");
  await assert.rejects(identify({ file }), (error) => {
    assert.ok(isAlmanacError(error, "CODE_DIRTY"));
    assert.match(error.message, new RegExp(`${root}.*\\n +untracked +other/helper.ts`));
    return true;
  });
  for (const allowed of [
    await identify({ file, allowDirty: true }),
    await identify({ file }, { ALMANAC_ALLOW_DIRTY: "TRUE" }),
  ]) {
    const [patch] = allowed.documents;
    assert.deepEqual(allowed.code.dirtyPaths, ["other/helper.ts"]);
    assert.equal(patch?.path, "code.patch");
    assert.equal(allowed.code.patchDigest, sha256(patch?.text ?? ""));
    assert.match(allowed.workflow.version ?? "", /-dirty$/);
  }
});

test("what the configuration ignores does not make code dirty", async (context) => {
  const { file, root, write } = newRepository(context);
  write("notes/a.md", "1\n");
  write("results/a.nc", "1\n");
  await assert.rejects(identify({ file, ignore: ["*.md"] }), dirty);
  const outputFolders = [path.join(root, "results")];
  assert.equal((await identify({ file, ignore: ["*.md"], outputFolders })).code.dirty, false);
});

test("in a container, or with values given, nobody looks", async (context) => {
  const missing = path.join(temporaryFolder(context), "none.ts");
  const variables = {
    ALMANAC_IN_CONTAINER: "true",
    ALMANAC_IMAGE_NAME: "i",
    ALMANAC_IMAGE_DIGEST: "sha256:1",
  };
  assert.equal((await identify({ file: missing }, variables)).workflow.url, "i@sha256:1");
  const given = { url: "https://x", checksum: "1" };
  assert.equal((await identify({ file: missing, given })).code.source, "given");
  await assert.rejects(identify({ file: missing }), (error) => isAlmanacError(error, "FILE_MISSING"));
});

test("the notebook that a wrapper names stands in for the file", async (context) => {
  const { file } = newRepository(context);
  assert.equal((await identify({}, { ALMANAC_NOTEBOOK_PATH: file })).code.source, "git");
  await assert.rejects(identify({}), (error) => isAlmanacError(error, "USAGE"));
});

test("an interactive session stores its cells and counts as dirty", async () => {
  const cells = ["a = 1", "a + 1"];
  await assert.rejects(identify({ cells }), dirty);
  const { workflow, code, documents } = await identify({ cells, allowDirty: true });
  assert.deepEqual([workflow.url, code.dirty], ["interactive:", true]);
  assert.deepEqual(JSON.parse(documents[0]?.text ?? ""), cells);
  assert.equal(workflow.checksum, sha256(documents[0]?.text ?? ""));
});
