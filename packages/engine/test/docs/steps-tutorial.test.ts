import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { type TestContext, test } from "node:test";
import { pathToFileURL } from "node:url";
import { assertPrinted, runLine, Tutorial } from "../support/tutorial.ts";

const root = resolve(import.meta.dirname, "../../../..");
const page = new Tutorial("steps.md");

/** The folder that the page's first command makes. */
function tutorialFolder(t: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), "almanac-tutorial-"));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  symlinkSync(join(root, "docs"), join(folder, "docs"));
  const [copy = ""] = page.blocks("sh");
  const [made = ""] = runLine(folder, `${copy.trimEnd()} && rm -rf products && pwd`);
  return made;
}

test("every command of the tutorial says what the page says", (t) => {
  const folder = tutorialFolder(t);
  assert.equal(page.blocks("sh").length, 1);
  const commands = page.commands();
  assert.ok(commands.length > 15);
  // Steps that do not require each other end in any order.
  const anyOrder = (line: string): boolean => line.startsWith("built");
  for (const command of commands) assertPrinted(runLine(folder, command.line), { ...command, anyOrder });
});

test("the tutorial's program runs, and the step that it shows is the example's", (t) => {
  const folder = tutorialFolder(t);
  const [step = "none", program = ""] = page.blocks("ts");
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
