import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { pathToFileURL } from "node:url";
import { agreedList, exportedModules, exportList } from "./export-list.ts";

test("what the package exports is what exports.txt says: a change is a change of the public API (npm run docs)", () => {
  assert.equal(exportList(), readFileSync(agreedList, "utf8"));
});

for (const { name, source, entries } of exportedModules())
  test(`${name} has the values it says`, async () => {
    const values = entries.filter((each) => !each.startsWith("type "));
    assert.deepEqual(Object.keys((await import(pathToFileURL(source).href)) as object).sort(), values);
  });
