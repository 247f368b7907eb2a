import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { test } from "node:test";
import fc from "fast-check";
import { isAlmanacError } from "../../core/errors.ts";
import { diskTree } from "../files/walk.ts";
import { createMemoryTree, type MemoryFile } from "./memory-tree.ts";

const segment = fc.constantFrom("a", "a-b", "b", "B", "a.b");
const name = fc.constantFrom("x.nc", "y.nc", "X.nc", "x.txt");
const paths = fc.uniqueArray(
  fc.tuple(fc.array(segment, { maxLength: 3 }), name).map(([folders, file]) => [...folders, file].join("/")),
  { minLength: 1, maxLength: 12 },
);

test("a walk in memory is the walk of the same files on disk, folders without files aside", () => {
  fc.assert(
    fc.property(paths, (relative) => {
      const root = mkdtempSync(join(tmpdir(), "almanac-tree-"));
      try {
        const files = new Map<string, MemoryFile>();
        for (const [at, path] of relative.entries()) {
          const file = join(root, path);
          mkdirSync(dirname(file), { recursive: true });
          writeFileSync(file, "x".repeat(at));
          utimesSync(file, at, at);
          files.set(file, { header: "none", sizeBytes: at, mtimeMs: at * 1000 });
        }
        const roots = [root, join(root, relative[0] ?? "")];
        const onDisk = [...diskTree.walk(roots, { ending: ".nc" })];
        const inMemory = [...createMemoryTree(files).walk(roots, { ending: ".nc" })];
        const withFiles = onDisk
          .filter(({ files: there, ignored }) => there.length + ignored > 0)
          .map(({ path, files: there, ignored, problems }) => ({ path, files: there, ignored, problems }));
        assert.deepEqual(inMemory, withFiles);
      } finally {
        rmSync(root, { recursive: true });
      }
    }),
    { numRuns: 50 },
  );
});

test("what is there is known, and a missing root is an error before anything is walked", () => {
  const tree = createMemoryTree(new Map([["/archive/a/x.nc", { header: "none" }]]));
  assert.equal(tree.kind("/archive"), "folder");
  assert.equal(tree.kind("/archive/a/x.nc"), "file");
  assert.equal(tree.kind("/arch"), undefined);
  assert.throws(
    () => [...tree.walk(["/archive", "/elsewhere"], { ending: ".nc" })],
    (error) => isAlmanacError(error, "ROOT_MISSING"),
  );
});
