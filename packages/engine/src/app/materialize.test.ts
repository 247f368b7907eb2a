import assert from "node:assert/strict";
import { chmodSync, rmSync, symlinkSync, truncateSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { definitionOf, goodResult, leave, treeOf, twoTrees } from "../../test/support/finished-execution.ts";
import { readManifest } from "../core/execution/manifest-journal.ts";
import { sha256Hex } from "../core/identity/digest.ts";
import { parseOutputBundle, writeOutputBundle } from "../documents/bundles.ts";
import { materialize } from "./materialize.ts";

const definition = definitionOf({ group: "1", execution: "2" });
const { fragment } = definition;
const failure = { class: "diagnostic", code: "EXIT_3", message: "m", signature: "s" } as const;
const own = ["execution.json", "execution.log", "manifest.jsonl", "outcome.json"];

test("a good result: bundles, what they name, artifacts; the manifest says what is in place", async (t) => {
  const trees = twoTrees(t);
  await leave(trees.scratch, definition);
  writeFileSync(join(trees.scratch.folder(fragment), "scribble.txt"), "not registered");
  const done = await materialize({ fragment, ...trees, published: false });
  assert.equal(done.log, "there");
  assert.deepEqual(done.problems, []);
  const tree = treeOf(trees.results, fragment);
  assert.deepEqual(
    Object.keys(tree),
    [...own, "diagnostic.json", "out.nc", "output.json", "plots/map one.png", "series.json"].sort(),
  );
  const { state } = readManifest(tree["manifest.jsonl"] ?? "");
  assert.deepEqual(
    [...state.promoted.values()].map(({ path, sha256 }) => [path, sha256]),
    done.files.map(({ path, sha256 }) => [path, sha256]),
  );
  for (const { path, sha256, sizeBytes } of done.files) {
    const bytes = Buffer.from(tree[path] ?? "", "latin1");
    assert.equal(sha256Hex(bytes), sha256, path);
    assert.equal(bytes.length, sizeBytes, path);
  }
});

test("twice gives the same tree and the same answer, also once it is published or scratch has gone", async (t) => {
  const trees = twoTrees(t);
  await leave(trees.scratch, definition);
  const first = await materialize({ fragment, ...trees, published: false });
  const tree = treeOf(trees.results, fragment);
  assert.deepEqual(await materialize({ fragment, ...trees, published: true }), first);
  assert.deepEqual(treeOf(trees.results, fragment), tree);
  await trees.scratch.remove(fragment);
  assert.deepEqual(await materialize({ fragment, ...trees, published: true }), first);
});

test("of a failed result the log and what is to be kept; every artifact is accounted for", async (t) => {
  const trees = twoTrees(t);
  const left = { ...goodResult, outcome: { result: "failed", failure } as const };
  await leave(trees.scratch, definition, left);
  const done = await materialize({ fragment, ...trees, published: false });
  assert.deepEqual(done.problems, []);
  const tree = treeOf(trees.results, fragment);
  assert.deepEqual(Object.keys(tree), own);
  const { failed } = readManifest(tree["manifest.jsonl"] ?? "").state;
  assert.deepEqual([...failed.keys()].sort(), ["out.nc", "plots/map one.png"]);
  await leave(trees.scratch, definition, { ...left, registration: { keepOnFailure: true } });
  await materialize({ fragment, ...trees, published: false });
  assert.deepEqual(
    Object.keys(treeOf(trees.results, fragment)),
    [...own, "out.nc", "plots/map one.png"].sort(),
  );
});

test("without a log nothing is copied; without an outcome what there is of a failed one", async (t) => {
  const trees = twoTrees(t);
  await leave(trees.scratch, definition, { log: null });
  assert.deepEqual(await materialize({ fragment, ...trees, published: false }), {
    log: "missing",
    files: [],
    problems: [],
  });
  assert.deepEqual(await trees.results.list(fragment), []);
  const killed = twoTrees(t);
  await leave(killed.scratch, definition, { ...goodResult, outcome: "none" });
  await materialize({ fragment, ...killed, published: false });
  assert.deepEqual(
    Object.keys(treeOf(killed.results, fragment)),
    own.filter((path) => path !== "outcome.json"),
  );
});

function output(...filenames: readonly string[]): string {
  return writeOutputBundle({
    ...{ index: undefined, provenance: {}, others: {} },
    files: filenames.map((filename, at) => ({
      ...{
        section: "plots",
        shortName: `p${at}`,
        filename,
        longName: "P",
        description: "",
        dimensions: {},
        path: "$",
      },
    })),
  });
}

test("paths that leave the folder and missing files are reported, the rest is copied", async (t) => {
  const trees = twoTrees(t);
  writeFileSync(join(trees.root, "secret"), "secret");
  const text = output(
    "plots/map one.png",
    "../../../../../../secret",
    "/etc/passwd",
    "never.png",
    "out-link.png",
  );
  await leave(trees.scratch, definition, { ...goodResult, output: text, metric: '{"DIMENSIONS": NaN' });
  symlinkSync(join(trees.root, "secret"), join(trees.scratch.folder(fragment), "out-link.png"));
  const done = await materialize({ fragment, ...trees, published: false });
  assert.deepEqual(
    done.problems.map(({ path, code }) => [path, code]),
    [
      ["diagnostic.json", "BUNDLE_INVALID"],
      ["../../../../../../secret", "ARTIFACT_INVALID"],
      ["/etc/passwd", "ARTIFACT_INVALID"],
      ["never.png", "ARTIFACT_INVALID"],
      ["out-link.png", "ARTIFACT_INVALID"],
    ],
  );
  assert.match(done.problems[0]?.reason ?? "", /NaN and Infinity are no JSON/);
  assert.deepEqual(
    Object.keys(treeOf(trees.results, fragment)),
    [...own, "out.nc", "output.json", "plots/map one.png", "series.json"].sort(),
  );
});

test("absolute paths below the folder become relative", async (t) => {
  const trees = twoTrees(t);
  const folder = trees.scratch.folder(fragment);
  await leave(trees.scratch, definition, {
    ...goodResult,
    output: output(join(folder, "plots/map one.png")),
  });
  assert.deepEqual((await materialize({ fragment, ...trees, published: false })).problems, []);
  const { value } = parseOutputBundle(treeOf(trees.results, fragment)["output.json"] ?? "");
  assert.equal(value?.files[0]?.filename, "plots/map one.png");
});

test("a sealed file that changed is a problem; one only touched is not", async (t) => {
  const trees = twoTrees(t);
  await leave(trees.scratch, definition);
  const file = join(trees.scratch.folder(fragment), "out.nc");
  utimesSync(file, 1, 1);
  assert.deepEqual((await materialize({ fragment, ...trees, published: false })).problems, []);
  await trees.results.remove(fragment);
  chmodSync(file, 0o644);
  writeFileSync(file, "NETCDF");
  const { problems } = await materialize({ fragment, ...trees, published: false });
  assert.deepEqual(
    problems.map(({ path, code }) => [path, code]),
    [["out.nc", "ARTIFACT_INVALID"]],
  );
  assert.equal(Object.keys(treeOf(trees.results, fragment)).includes("out.nc"), false);
});

test("published results that differ are refused and stay; unpublished ones are replaced", async (t) => {
  const trees = twoTrees(t);
  await leave(trees.scratch, definition);
  await materialize({ fragment, ...trees, published: false });
  const tree = treeOf(trees.results, fragment);
  rmSync(trees.scratch.folder(fragment), { recursive: true });
  await leave(trees.scratch, definition, { ...goodResult, log: "another log\n" });
  await assert.rejects(materialize({ fragment, ...trees, published: true }), { code: "ARTIFACT_INVALID" });
  assert.deepEqual(treeOf(trees.results, fragment), tree);
  await materialize({ fragment, ...trees, published: false });
  assert.equal(treeOf(trees.results, fragment)["execution.log"], "another log\n");
});

test("a damaged manifest fails the payload, a log of 100 MB does not", async (t) => {
  const trees = twoTrees(t);
  await leave(trees.scratch, definition);
  truncateSync(join(trees.scratch.folder(fragment), "execution.log"), 100_000_000);
  const done = await materialize({ fragment, ...trees, published: false });
  assert.equal(done.files.find(({ path }) => path === "execution.log")?.sizeBytes, 100_000_000);
  writeFileSync(join(trees.scratch.folder(fragment), "manifest.jsonl"), "{damaged}\n{damaged}\n");
  const { problems } = await materialize({ fragment, ...trees, published: false });
  assert.deepEqual(
    problems.map(({ path, code }) => [path, code]),
    [["manifest.jsonl", "MANIFEST_INVALID"]],
  );
});

test("source and destination in one place are an error", async (t) => {
  const { scratch } = twoTrees(t);
  await leave(scratch, definition);
  await assert.rejects(materialize({ fragment, scratch, results: scratch, published: false }), {
    code: "CONFIG_INVALID",
  });
  assert.equal(Object.keys(treeOf(scratch, fragment)).length > 4, true);
});
