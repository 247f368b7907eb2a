import assert from "node:assert/strict";
import { test } from "node:test";
import { isAlmanacError } from "../errors.ts";
import { dirtyChanges, dirtyCode } from "./code-changes.ts";
import { decideWorkflow, needsDetection, type WorkflowEvidence } from "./decide-workflow.ts";
import type { FileCode, RepositoryFacts } from "./file-code.ts";
import { workflowDifferences } from "./workflow.ts";
import { readWorkflowVariables } from "./workflow-variables.ts";

const repository: RepositoryFacts = {
  kind: "git",
  root: "/r",
  path: "src/a b.ts",
  blob: "b10b",
  commit: "c2",
  fileCommit: "c1",
  branch: "main",
  describe: "v1-2-gc2",
  remote: "https://example.org/lab/ecs",
  pushed: true,
  shallow: false,
  changes: [],
};
const file: FileCode = {
  path: "/r/src/a b.ts",
  fileUrl: "file:///r/src/a%20b.ts",
  sha256: "5a5a",
  repository,
};

const all = {
  ALMANAC_IN_CONTAINER: "True",
  ALMANAC_IMAGE_NAME: "hub.example/lab/ecs:2",
  ALMANAC_IMAGE_DIGEST: "sha256:1111",
  ALMANAC_GIT_COMMIT: "c0",
  ALMANAC_SOURCE_URL: "git@example.org:lab/image.git",
  ALMANAC_VERSION: "2.0",
  ALMANAC_WORKFLOW_URL: "https://example.org/wrapped",
  ALMANAC_WORKFLOW_CHECKSUM: "3333",
};

function decide(variables: Readonly<Record<string, string>>, evidence: Partial<WorkflowEvidence> = {}) {
  return decideWorkflow({
    given: {},
    variables: readWorkflowVariables(variables),
    file,
    changes: [],
    ...evidence,
  });
}

function identity(...args: Parameters<typeof decide>) {
  const { workflow, code } = decide(...args);
  return [code.source, workflow.url, workflow.checksum, workflow.version];
}

const without = (...names: readonly (keyof typeof all)[]) =>
  Object.fromEntries(Object.entries(all).filter(([name]) => !names.includes(name as keyof typeof all)));

test("values given win over everything", () => {
  const given = {
    url: "https://given",
    checksum: "g",
    version: "9",
    name: "n",
    types: ["t"],
    description: "d",
  };
  const { workflow, code, warnings } = decide(all, { given });
  assert.deepEqual(workflow, given);
  assert.deepEqual([code, warnings], [{ source: "given", dirty: false, dirtyPaths: [] }, []]);
});

test("a container goes before a wrapper, at its digest, else at its commit", () => {
  assert.deepEqual(identity(all), ["container", "hub.example/lab/ecs:2@sha256:1111", "sha256:1111", "2.0"]);
  assert.deepEqual(identity(without("ALMANAC_IMAGE_DIGEST")), [
    "container",
    "https://example.org/lab/image/commit/c0",
    "c0",
    "2.0",
  ]);
  assert.equal(decide(all).workflow.name, "ecs");
});

test("a container that tells too little is passed over, with a word", () => {
  const { code, warnings } = decide(without("ALMANAC_IMAGE_DIGEST", "ALMANAC_GIT_COMMIT"));
  assert.equal(code.source, "wrapper");
  assert.match(warnings.join(), /ALMANAC_IMAGE_DIGEST/);
});

test("without ALMANAC_IN_CONTAINER the variables of a container say nothing", () => {
  const wrapped = ["wrapper", "https://example.org/wrapped", "3333", undefined];
  assert.deepEqual(identity(without("ALMANAC_IN_CONTAINER")), wrapped);
  assert.deepEqual(identity({ ...all, ALMANAC_IN_CONTAINER: "FALSE" }), wrapped);
});

test("git: the blob at the file's last commit", () => {
  assert.deepEqual(identity({}), [
    "git",
    "https://example.org/lab/ecs/blob/c1/src/a%20b.ts",
    "b10b",
    "v1-2-gc2",
  ]);
  assert.deepEqual(decide({}).code, {
    source: "git",
    commit: "c2",
    fileCommit: "c1",
    branch: "main",
    pushed: true,
    dirty: false,
    dirtyPaths: [],
  });
});

test("a URL given with the checksum of git is judged as git is", () => {
  const changes = [{ path: "x", kind: "modified" }] as const;
  const { workflow, code } = decide({}, { given: { url: "https://given" }, changes });
  assert.deepEqual([workflow.url, workflow.checksum], ["https://given", "b10b"]);
  assert.deepEqual([code.source, code.dirty, code.dirtyPaths], ["git", true, ["x"]]);
});

test("dirty code has its mark in the version", () => {
  const changes = [{ path: "x", kind: "modified" }] as const;
  assert.equal(decide({}, { changes }).workflow.version, "v1-2-gc2-dirty");
});

const lacking: readonly (readonly [
  what: string,
  lacks: readonly (keyof RepositoryFacts)[],
  warning: RegExp,
])[] = [
  ["remote", ["remote", "pushed"], /no remote/],
  ["commit of the file", ["fileCommit"], /never been committed/],
];
for (const [what, lacks, warning] of lacking)
  test(`without a ${what} the address is of this machine, and it is said`, () => {
    const left = Object.entries(repository).filter(
      ([name]) => !lacks.includes(name as keyof RepositoryFacts),
    );
    const poorer = { ...file, repository: Object.fromEntries(left) as unknown as RepositoryFacts };
    const { workflow, warnings } = decide({}, { file: poorer });
    assert.equal(workflow.url, file.fileUrl);
    assert.match(warnings.join(), warning);
  });

test("an unpushed commit is flagged", () => {
  const { code, warnings } = decide({}, { file: { ...file, repository: { ...repository, pushed: false } } });
  assert.equal(code.pushed, false);
  assert.match(warnings.join(), /not pushed/);
});

test("no repository, or no git program: the file and its digest", () => {
  for (const kind of ["none", "git-missing"] as const) {
    const alone = { file: { ...file, repository: { kind } } };
    assert.deepEqual(identity({}, alone), ["file", file.fileUrl, "5a5a", undefined]);
    assert.equal(decide({}, alone).warnings.length, 1);
  }
});

test("an interactive session counts as dirty; nothing at all is an error", () => {
  const { workflow, code } = decide({}, { file: undefined, cells: { sha256: "ce11" } });
  assert.deepEqual([workflow.url, workflow.checksum, code.dirty], ["interactive:", "ce11", true]);
  assert.throws(
    () => decide({}, { file: undefined }),
    (error) => isAlmanacError(error, "USAGE"),
  );
});

test("the code is looked at only if URL or checksum are not stated", () => {
  const needs = (variables: Readonly<Record<string, string>>, given = {}) =>
    needsDetection({ given, variables: readWorkflowVariables(variables) });
  assert.equal(needs(all), false);
  assert.equal(needs({}, { url: "u", checksum: "c" }), false);
  assert.equal(needs({}, { url: "u" }), true);
  assert.equal(needs({ ALMANAC_WORKFLOW_URL: "u" }), true);
  assert.equal(needs({ ALMANAC_WORKFLOW_URL: "u" }, { checksum: "c" }), false);
});

test("booleans are read in any case, and nothing else is one", () => {
  const allows = (text: string) => readWorkflowVariables({ ALMANAC_ALLOW_DIRTY: text }).allowDirty;
  for (const yes of ["true", "TRUE", "True", "yes", "1", " true "]) assert.equal(allows(yes), true, yes);
  for (const no of ["", "false", "FALSE", "No", "0"]) assert.equal(allows(no), false, no);
  for (const neither of ["maybe", "constructor", "2"])
    assert.throws(
      () => allows(neither),
      (error) => isAlmanacError(error, "CONFIG_INVALID"),
    );
});

test("ignored paths do not make code dirty, but the file itself always does", () => {
  const changes = ["src/a b.ts", "data/x.nc", "keep.ts"].map((path) => ({ path, kind: "modified" as const }));
  const moved = { path: "data/new", from: "old", kind: "renamed" as const };
  const dirty = dirtyChanges({ path: "src/a b.ts", changes: [...changes, moved] }, ["data/", "src/"]);
  assert.deepEqual(
    dirty.map(({ path }) => path),
    ["data/new", "keep.ts", "src/a b.ts"],
  );
});

test("the error lists paths and ways out", () => {
  const changes = Array.from({ length: 12 }, (_, at) => ({ path: `p${at}`, kind: "untracked" as const }));
  const error = dirtyCode("/r", [...changes, { path: "new", from: "old", kind: "renamed" }]);
  assert.match(error.message, /13 paths differ[\s\S]*untracked p0\n[\s\S]*untracked p9\n[\s\S]*and 3 more/);
  assert.match(error.hint ?? "", /commit.*--allow-dirty.*runs\.ignoreChanges.*--dry-run/);
  assert.match(
    dirtyCode("/r", [{ path: "new", from: "old", kind: "renamed" }]).message,
    /1 path differs.*\n.*old -> new/,
  );
});

test("a workflow registered again: what differs is told, what is not given does not differ", () => {
  const registered = {
    name: "a",
    types: ["x", "y"],
    url: "u",
    checksum: "c",
    description: "d",
    version: "1",
  };
  assert.deepEqual(
    workflowDifferences(registered, { ...registered, types: ["y", "x"], description: "" }),
    [],
  );
  assert.deepEqual(workflowDifferences(registered, { ...registered, name: "b", types: ["x"] }), [
    { property: "name", registered: "a", given: "b" },
    { property: "types", registered: "x, y", given: "x" },
  ]);
});
