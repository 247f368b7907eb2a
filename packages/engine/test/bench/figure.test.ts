import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { test } from "node:test";
import { figure } from "./figure.ts";

const main = join(import.meta.dirname, "main.ts");
const about = { id: "x", what: "x", unit: "ms" };

test("a figure is the median with number and spread of its runs", () => {
  assert.deepEqual(figure(about, [5, 1, 2]), { ...about, value: 2, runs: 3, spread: [1, 5] });
  assert.equal(figure(about, [4, 1, 2, 3]).value, 2.5);
});

test("an unknown name is a usage error that lists the names", () => {
  const { status, stderr } = spawnSync(process.execPath, [main, "constructor"], { encoding: "utf8" });
  assert.equal(status, 2);
  assert.match(stderr, /NAME is one of: .*startup/);
});
