import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { test } from "node:test";
import { misfitOf } from "../support/elided.ts";

const root = resolve(import.meta.dirname, "../../../..");

test("the README shows what the demo prints", (t) => {
  const folder = mkdtempSync(join(tmpdir(), "almanac-demo-"));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  const file = join(folder, "printed");
  // As a terminal shows it: both streams in one, in the order of writing.
  const screen = openSync(file, "a");
  const { status } = spawnSync(process.execPath, [join(root, "scripts/demo.ts")], {
    cwd: root,
    stdio: ["ignore", screen, screen],
    timeout: 300_000,
  });
  closeSync(screen);
  const printed = readFileSync(file, "utf8");
  assert.equal(status, 0, printed);
  const readme = readFileSync(join(root, "README.md"), "utf8");
  const [, shown = ""] =
    /<!-- demo-output -->\n```\n([\s\S]*?)```\n<!-- \/demo-output -->/.exec(readme) ?? [];
  assert.ok(shown.split("\n").length > 10, "the block is there");
  assert.deepEqual(misfitOf(shown, printed), undefined, printed);
  assert.ok(printed.endsWith(shown.slice(shown.trimEnd().lastIndexOf("\n") + 1)), "it ends like this");
});
