import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";

/** Told of every module that is resolved. */
const listing = `data:text/javascript,${encodeURIComponent(`
import { registerHooks } from "node:module";
registerHooks({ resolve(specifier, context, next) {
  const found = next(specifier, context);
  process.stderr.write(found.url + "\\n");
  return found;
} });`)}`;

test("almanac/steps builds without what only shared products, catalogs and displays need", (t) => {
  const folder = mkdtempSync(join(tmpdir(), "almanac-light-"));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  const library = new URL("../../src/entry/library/steps.ts", import.meta.url).href;
  const program = `
    const { pipeline, openProducts, WorkflowRunner } = await import(${JSON.stringify(library)});
    const demo = pipeline("demo").step("a", { produces: "a", version: "1", run: () => 1 });
    await using runner = new WorkflowRunner(demo, {}, openProducts(process.argv[1]));
    process.stdout.write(String(await runner.get("a")));`;
  const { stdout, stderr } = spawnSync(
    process.execPath,
    ["--import", listing, "--input-type=module", "--eval", program, folder],
    { encoding: "utf8" },
  );
  assert.equal(stdout, "1", stderr);
  const packages = stderr
    .split("\n")
    .filter((url) => url.includes("/node_modules/"))
    .map((url) => /.*\/node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(url)?.[1]);
  assert.deepEqual(
    [...new Set(packages)],
    ["fastest-levenshtein"],
    "which is one small file; whatever else is needed is loaded where it is needed",
  );
});
