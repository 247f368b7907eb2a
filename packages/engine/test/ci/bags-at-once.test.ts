import assert from "node:assert/strict";
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { CommandLineProject } from "../support/command-line.ts";

// Imports and deletions of the same bag by processes at once: whatever is recorded in the end has its file.

const files = 60;

/** A bag of so many files. */
function bagged(cleanUp: { after(body: () => void): void }): string {
  const origin = new CommandLineProject(cleanUp);
  origin.succeed("init");
  const script = `for i in $(seq ${files}); do echo "$i" > "$ALMANAC_EXECUTION/$i.txt"; done`;
  origin.succeed("run", "--", "sh", "-c", script);
  const { items } = origin.json("assets", "list", "--kind", "execution-asset");
  const members = items.map(({ rid }) => String(rid));
  origin.succeed("datasets", "create", "many", "--member", ...members, "--release");
  origin.succeed("datasets", "bag", "export", "many@0.1.0", "bag");
  return origin.path("bag");
}

/** Everything that is recorded has its file, and no file is nobody's. */
function assertWhole(project: CommandLineProject): void {
  project.succeed("assets", "verify");
  const urls = new Set(project.json("assets", "list").items.map(({ url }) => String(url)));
  const results = project.path("results");
  if (!existsSync(results)) return;
  const there = readdirSync(results, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(results.length + 1));
  assert.deepEqual(
    there.filter((file) => !urls.has(`results:${file}`)),
    [],
  );
}

test("several imports of one bag at once are one", async (t) => {
  const bag = bagged(t);
  const project = new CommandLineProject(t);
  project.succeed("init");
  const imports = Array.from({ length: 4 }, () => project.start("datasets", "bag", "import", bag));
  for (const { ended } of imports) {
    const { status, stderr } = await ended;
    assert.equal(status, 0, stderr);
  }
  assert.equal(project.json("assets", "list").total, files);
  assert.equal(project.json("datasets", "list", "--origin", "authored").total, 1);
  assertWhole(project);
});

test("what is imported while it is deleted is whole, or not there", async (t) => {
  const bag = bagged(t);
  const project = new CommandLineProject(t);
  project.succeed("init");
  project.succeed("datasets", "bag", "import", bag);
  for (let round = 0; round < 3; round++) {
    project.succeed("datasets", "delete", "many");
    const [run] = project.json("executions", "list").items;
    const both = [
      project.start("executions", "delete", String(run?.["rid"])),
      project.start("datasets", "bag", "import", bag),
    ];
    const [deleted, imported] = await Promise.all(both.map(({ ended }) => ended));
    assert.equal(imported?.status, 0, imported?.stderr);
    assert.ok(deleted?.status === 0 || deleted?.status === 7, deleted?.stderr);
    assert.equal(project.json("assets", "list").total, files);
    assertWhole(project);
  }
});
