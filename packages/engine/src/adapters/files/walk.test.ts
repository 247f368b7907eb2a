import assert from "node:assert/strict";
import { linkSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { after, test } from "node:test";
import type { TreeFolder } from "../../ports/file-tree.ts";
import { diskTree } from "./walk.ts";

const top = mkdtempSync(join(tmpdir(), "almanac-walk-"));
after(() => rmSync(top, { recursive: true }));

let count = 0;

/** A new folder with empty files at these paths. */
function treeOf(...paths: readonly string[]): string {
  count += 1;
  const root = join(top, `tree-${count}`);
  mkdirSync(root);
  for (const path of paths) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), path);
  }
  return root;
}

const walk = (...roots: readonly string[]): readonly TreeFolder[] => [
  ...diskTree.walk(roots, { ending: ".nc" }),
];

/** Paths of the files met, relative to a root. */
function paths(folders: readonly TreeFolder[], root: string): readonly string[] {
  return folders.flatMap(({ path, files }) =>
    files.map(({ name }) => join(path, name).slice(root.length + 1)),
  );
}

test("folders come depth first in code-unit order, with sizes and whole milliseconds", () => {
  const root = treeOf("b/z.nc", "a/B.nc", "a/a.nc", "a/Z/x.nc", "c.nc", "é/x.nc");
  utimesSync(join(root, "c.nc"), 12.345678, 12.345678);
  const folders = walk(root);
  assert.deepEqual(paths(folders, root), ["c.nc", "a/B.nc", "a/a.nc", "a/Z/x.nc", "b/z.nc", "é/x.nc"]);
  assert.deepEqual(folders[0]?.files, [{ name: "c.nc", sizeBytes: 4, mtimeMs: 12345 }]);
});

test("other files are counted, not listed", () => {
  const root = treeOf("a.nc", "b.txt", "c/d.nc4", "c/nc");
  const folders = walk(root);
  assert.deepEqual(paths(folders, root), ["a.nc"]);
  assert.equal(
    folders.reduce((sum, { ignored }) => sum + ignored, 0),
    3,
  );
});

test("a missing root stops everything before the first folder", () => {
  const root = treeOf("a.nc");
  const folders = diskTree.walk([root, join(root, "no")], { ending: ".nc" });
  assert.throws(() => [...folders], { code: "ROOT_MISSING" });
});

test("roots that overlap give each file once", () => {
  const root = treeOf("a/x.nc", "a/b/y.nc");
  assert.deepEqual(paths(walk(join(root, "a/b"), root, join(root, "a/x.nc")), root), ["a/b/y.nc", "a/x.nc"]);
});

test("a root may be a file, whatever its ending", () => {
  const root = treeOf("a/x.dat", "a/y.nc");
  assert.deepEqual(paths(walk(join(root, "a/x.dat"), join(root, "a/y.nc")), root), ["a/x.dat", "a/y.nc"]);
});

test("links are followed once, after what is really there, and loops end", () => {
  const root = treeOf("real/v1/x.nc", "real/v1/y.nc");
  symlinkSync("v1", join(root, "real/latest"));
  symlinkSync("..", join(root, "real/v1/up"));
  symlinkSync("x.nc", join(root, "real/v1/a.nc"));
  assert.deepEqual(paths(walk(root), root), ["real/v1/x.nc", "real/v1/y.nc"]);
});

test("a link out of the tree keeps its own path; two to one place count once", () => {
  const outside = treeOf("o/p.nc", "q.nc");
  const root = treeOf("x.nc");
  symlinkSync(join(outside, "o"), join(root, "one"));
  symlinkSync(join(outside, "o"), join(root, "two"));
  symlinkSync(join(outside, "q.nc"), join(root, "q1.nc"));
  symlinkSync(join(outside, "q.nc"), join(root, "q2.nc"));
  assert.deepEqual(paths(walk(root), root), ["x.nc", "one/p.nc", "q1.nc"]);
});

test("hard links are two files", () => {
  const root = treeOf("a.nc");
  linkSync(join(root, "a.nc"), join(root, "b.nc"));
  assert.deepEqual(paths(walk(root), root), ["a.nc", "b.nc"]);
});

test("a directory with a file's name, a dead link and a link to itself are problems", () => {
  const root = treeOf("good.nc", "dir.nc/inner.nc");
  symlinkSync("nowhere", join(root, "dead.nc"));
  symlinkSync("loop.nc", join(root, "loop.nc"));
  const problems = walk(root).flatMap((folder) => folder.problems);
  assert.deepEqual(
    problems.map(({ path, code, reason }) => [path.slice(root.length + 1), code, reason]),
    [
      ["dir.nc", "FILE_INVALID", "a directory, not a file"],
      ["dead.nc", "FILE_UNREADABLE", "a symbolic link to nowhere, which does not exist"],
      ["loop.nc", "FILE_UNREADABLE", "a symbolic link that leads to itself"],
    ],
  );
});

test("a folder that vanishes during the walk is as good as empty", () => {
  const root = treeOf("a/x.nc", "b/y.nc");
  const seen: string[] = [];
  for (const { path } of diskTree.walk([root], { ending: ".nc" })) {
    seen.push(path);
    if (path.endsWith("/a")) rmSync(join(root, "b"), { recursive: true });
  }
  assert.deepEqual(seen, [root, join(root, "a")]);
});

test("a root's kind", () => {
  const root = treeOf("a.nc");
  assert.deepEqual(
    [root, join(root, "a.nc"), join(root, "no")].map((path) => diskTree.kind(path)),
    ["folder", "file", undefined],
  );
});
