import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { ownModuleUrl } from "./self-resolve.ts";

test("the package and its sub-paths resolve beside the running copy", () => {
  assert.equal(ownModuleUrl("almanac"), new URL("./library/index.ts", import.meta.url).href);
  assert.equal(ownModuleUrl("almanac/science"), new URL("./library/science.ts", import.meta.url).href);
});

test("other specifiers are left alone", () => {
  for (const specifier of ["almanac-extra", "./almanac", "almanac/../x", "almanac/a/b", "node:fs"]) {
    assert.equal(ownModuleUrl(specifier), undefined);
  }
});

test("a module outside of the package reaches the running copy although nothing is installed there", () => {
  const folder = mkdtempSync(join(tmpdir(), "almanac-self-resolve-"));
  try {
    writeFileSync(join(folder, "user.mjs"), 'console.log(import.meta.resolve("almanac"));');
    const hook = fileURLToPath(new URL("./self-resolve.ts", import.meta.url));
    const start = `import { registerSelfResolve } from ${JSON.stringify(hook)}; registerSelfResolve(); await import(${JSON.stringify(join(folder, "user.mjs"))});`;
    const printed = execFileSync(process.execPath, ["--input-type=module", "--eval", start], { cwd: folder });
    assert.equal(printed.toString().trim(), new URL("./library/index.ts", import.meta.url).href);
  } finally {
    rmSync(folder, { recursive: true });
  }
});
