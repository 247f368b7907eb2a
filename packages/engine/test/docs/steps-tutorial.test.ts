import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { type TestContext, test } from "node:test";
import { pathToFileURL } from "node:url";

const root = resolve(import.meta.dirname, "../../../..");
const almanac = join(root, "packages/engine/bin/almanac.js");
const page = readFileSync(join(root, "docs/steps.md"), "utf8");

interface Command {
  readonly line: string;
  /** Lines that its output has, in this order but for steps built; `…` stands for anything. */
  readonly expected: string[];
}

/** The page's blocks of a language. */
function blocksOf(language: string): readonly string[] {
  return [...page.matchAll(/^```(\w+)\n([\s\S]*?)^```/gm)]
    .filter(([, each]) => each === language)
    .map(([, , block = ""]) => block);
}

/** The commands of the page's console blocks. */
function consoleCommands(): readonly Command[] {
  const commands: Command[] = [];
  for (const block of blocksOf("console"))
    for (const line of block.trimEnd().split("\n"))
      if (line.startsWith("$ ")) commands.push({ line: line.slice(2), expected: [] });
      else commands.at(-1)?.expected.push(line);
  return commands;
}

function pattern(line: string): RegExp {
  const parts = line.split(/\s*…\s*/).map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"));
  return new RegExp(`^${parts.join(".*")}$`);
}

/** Runs a line of the page as its reader would. @returns what is printed */
function runLine(folder: string, line: string): readonly string[] {
  const shell = `almanac() { "${process.execPath}" "${almanac}" "$@"; }; ${line}`;
  const { stdout, stderr, status } = spawnSync("sh", ["-c", shell], {
    cwd: folder,
    encoding: "utf8",
    timeout: 120_000,
    env: { ...process.env, NODE_TEST_CONTEXT: undefined, CI: undefined },
  });
  assert.equal(status, 0, `${line}\n${stderr}`);
  return `${stderr}${stdout}`.split("\n");
}

function assertPrinted(printed: readonly string[], { line, expected }: Command): void {
  let from = 0;
  for (const wanted of expected.filter((each) => each !== "…")) {
    // Steps that do not require each other end in any order.
    const begin = wanted.startsWith("built") ? 0 : from;
    const at = printed.findIndex((each, number) => number >= begin && pattern(wanted).test(each));
    assert.ok(at >= 0, `${line}\nwanted: ${wanted}\nprinted:\n${printed.join("\n")}`);
    from = Math.max(from, at + 1);
  }
}

/** The folder that the page's first command makes. */
function tutorialFolder(t: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), "almanac-tutorial-"));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  symlinkSync(join(root, "docs"), join(folder, "docs"));
  const [copy = ""] = blocksOf("sh");
  const [made = ""] = runLine(folder, `${copy.trimEnd()} && rm -rf products && pwd`);
  return made;
}

test("every command of the tutorial says what the page says", (t) => {
  const folder = tutorialFolder(t);
  assert.equal(blocksOf("sh").length, 1);
  const commands = consoleCommands();
  assert.ok(commands.length > 15);
  for (const command of commands) assertPrinted(runLine(folder, command.line), command);
});

test("the tutorial's program runs, and the step that it shows is the example's", (t) => {
  const folder = tutorialFolder(t);
  const [step = "none", program = ""] = blocksOf("ts");
  const shown = step.trimEnd().replaceAll(/^/gm, "  ");
  assert.ok(readFileSync(join(folder, "pipeline.ts"), "utf8").includes(shown), shown);
  // Fewer steps of time than the page's, for the sake of the test's duration.
  const body = `${program.replace("rayleigh: 1e5", "rayleigh: 1e5, steps: 200")}console.log(log.at(0)?.speed, log.length);\n`;
  assert.match(body, /steps: 200/);
  writeFileSync(join(folder, "main.ts"), body);
  const module = pathToFileURL(join(root, "packages/engine/src/entry/self-resolve.ts")).href;
  const hook = `data:text/javascript,import{registerSelfResolve as r}from"${module}";r();`;
  const printed = runLine(folder, `"${process.execPath}" --import '${hook}' main.ts`);
  assert.match(printed.join("\n"), /^\d+\.\d+ 10$/m);
});
