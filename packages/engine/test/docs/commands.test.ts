import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { errorKinds } from "../../src/core/errors.ts";
import { commandRegistry } from "../../src/entry/cli/registry.ts";
import { commandReference } from "./command-reference.ts";

const page = readFileSync(join(import.meta.dirname, "../../../../docs/commands.md"), "utf8");

test("docs/commands.md is what the program says; else run: npm run docs", async () => {
  assert.equal(page, await commandReference());
});

test("every command and every error code is on the page", () => {
  for (const name of Object.keys(commandRegistry)) assert.match(page, new RegExp(`^### ${name}$`, "m"));
  for (const name of Object.keys(errorKinds)) assert.ok(page.includes(`| \`${name}\` |`), name);
});
