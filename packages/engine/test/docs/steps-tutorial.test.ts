import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { cpSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { test } from "node:test";

const root = resolve(import.meta.dirname, "../../../..");
const almanac = join(root, "packages/engine/bin/almanac.js");
const example = join(root, "docs/examples/convection");

interface Command {
  readonly line: string;
  /** Lines that its output has, in this order but for steps built; `…` stands for anything. */
  readonly expected: string[];
}

/** The commands of the page's console blocks. */
function commandsOf(page: string): readonly Command[] {
  const commands: Command[] = [];
  for (const [, block = ""] of page.matchAll(/```console\n([\s\S]*?)```/g))
    for (const line of block.trimEnd().split("\n"))
      if (line.startsWith("$ ")) commands.push({ line: line.slice(2), expected: [] });
      else commands.at(-1)?.expected.push(line);
  return commands;
}

function pattern(line: string): RegExp {
  const parts = line.split(/\s*…\s*/).map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"));
  return new RegExp(`^${parts.join(".*")}$`);
}

test("the tutorial's commands say what the page says", (t) => {
  const folder = mkdtempSync(join(tmpdir(), "almanac-tutorial-"));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  cpSync(example, folder, { recursive: true, filter: (from) => !from.endsWith("products") });
  const commands = commandsOf(readFileSync(join(root, "docs/steps.md"), "utf8"));
  assert.ok(commands.length > 15);
  for (const { line, expected } of commands) {
    const shell = `almanac() { "${process.execPath}" "${almanac}" "$@"; }; ${line}`;
    const { stdout, stderr, status } = spawnSync("sh", ["-c", shell], {
      cwd: folder,
      encoding: "utf8",
      timeout: 120_000,
      env: { ...process.env, NODE_TEST_CONTEXT: undefined, CI: undefined },
    });
    assert.equal(status, 0, `${line}\n${stderr}`);
    const printed = `${stderr}${stdout}`.split("\n");
    let from = 0;
    for (const wanted of expected.filter((each) => each !== "…")) {
      // Steps that do not require each other end in any order.
      const begin = wanted.startsWith("built") ? 0 : from;
      const at = printed.findIndex((each, number) => number >= begin && pattern(wanted).test(each));
      assert.ok(at >= 0, `${line}\nwanted: ${wanted}\nprinted:\n${printed.join("\n")}`);
      from = Math.max(from, at + 1);
    }
  }
});
