import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import type { TestContext } from "node:test";
import { pathToFileURL } from "node:url";
import { createSourceCode } from "../../src/adapters/source-code/source-code.ts";
import type { CodeFacts } from "../../src/core/steps/code-facts.ts";

/** Files of a project by name; `-> folder` is a link. */
export type Files = Readonly<Record<string, string>>;

/** Writes a project, `-> folder` for a link, whose `main.ts` exports `step`, imports it and identifies that function. */
// allow-parameters: the test, the files, and captured names
export async function identify(
  t: TestContext,
  files: Files,
  captures: readonly string[] = [],
): Promise<CodeFacts> {
  // A folder of its own each time: a module is loaded once.
  const folder = mkdtempSync(join(tmpdir(), "almanac-source-"));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  for (const [name, text] of Object.entries({ "package.json": '{"type":"module"}', ...files })) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    if (text.startsWith("-> ")) symlinkSync(text.slice(3), join(folder, name));
    else writeFileSync(join(folder, name), text);
  }
  const main = join(folder, "main.ts");
  const { step } = (await import(pathToFileURL(main).href)) as { step: () => unknown };
  const [facts] = await createSourceCode().identify([
    { function: step, module: main, captures, name: "step" },
  ]);
  assert.ok(facts);
  return facts;
}

/** True if a change of some files leaves the code as it was; all of it can be followed. */
// allow-parameters: the test, the files, and those that change
export async function compare(t: TestContext, files: Files, changed: Files): Promise<boolean> {
  const [before, after] = [await identify(t, files), await identify(t, { ...files, ...changed })];
  assert.deepEqual(before.unfollowed, []);
  assert.deepEqual(after.unfollowed, []);
  return before.digest === after.digest;
}
