import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { test } from "node:test";
import fc from "fast-check";
import { ignoring } from "./ignore-pattern.ts";

const cases: readonly (readonly [patterns: readonly string[], path: string, ignored: boolean])[] = [
  [["*.log"], "a/b/run.log", true],
  [["/*.log"], "a/run.log", false],
  [["results/"], "results/a/b.nc", true],
  [["results/"], "deep/results/b.nc", true],
  [["results/"], "results", false],
  [["a/results"], "b/a/results/x", false],
  [["**/tmp/**"], "a/tmp/b/c", true],
  [["a/**/z"], "a/z", true],
  [["*.nc", "!keep.nc"], "data/keep.nc", false],
  [["data/", "!data/keep.nc"], "data/keep.nc", true],
  [["# a comment", ""], "# a comment", false],
  [["ru[n-p].ts"], "run.ts", true],
  [["ru[!n].ts"], "run.ts", false],
  [["\\#x"], "#x", true],
  [["a.c"], "abc", false],
];

for (const [patterns, path, ignored] of cases)
  test(`${JSON.stringify(patterns)} ${ignored ? "ignores" : "does not ignore"} ${path}`, () => {
    assert.equal(ignoring(patterns)(path), ignored);
  });

test("git itself ignores the same paths", (context) => {
  const folder = mkdtempSync(path.join(tmpdir(), "almanac-ignore-"));
  context.after(() => rmSync(folder, { recursive: true }));
  const git = (args: readonly string[], input = "") =>
    // It exits with 1 when no path is ignored.
    spawnSync("git", ["-C", folder, "-c", `core.excludesFile=${folder}/list`, ...args], { input }).stdout;
  git(["init", "-q"]);
  const part = fc.constantFrom("a", "b", "ab", "a.b", "x.log");
  const paths = fc.uniqueArray(
    fc.array(part, { minLength: 1, maxLength: 3 }).map((all) => all.join("/")),
    {
      minLength: 20,
      maxLength: 60,
    },
  );
  const glob = fc.constantFrom("a", "b", "*", "a*", "?", "**", "*.log", "[ab]", "[!a]", "*.b");
  const pattern = fc
    .tuple(fc.constantFrom("", "!", "/"), fc.array(glob, { minLength: 1, maxLength: 3 }), fc.boolean())
    .map(([before, globs, folders]) => `${before}${globs.join("/")}${folders ? "/" : ""}`);
  fc.assert(
    fc.property(paths, fc.array(pattern, { minLength: 1, maxLength: 5 }), (all, patterns) => {
      writeFileSync(path.join(folder, "list"), patterns.join("\n"));
      const verbose = git(
        ["check-ignore", "--no-index", "--stdin", "-z", "-v", "-n"],
        all.map((one) => `${one}\0`).join(""),
      );
      const fields = verbose.toString().split("\0");
      const ignores = ignoring(patterns);
      for (const [at, one] of all.entries()) {
        const decisive = fields[at * 4 + 2] ?? "";
        assert.equal(ignores(one), decisive !== "" && !decisive.startsWith("!"), `${one} by ${decisive}`);
      }
    }),
    { numRuns: 60 },
  );
});
