import assert from "node:assert/strict";
import { test } from "node:test";
import { parseSavedPlan, savedPlan } from "./plan.ts";

test("a plan without decisions can be saved and read", () => {
  const plan = { revision: 3, decisions: [], unsatisfied: [], errors: [], hidden: 0, orphaned: [] };
  const saved = parseSavedPlan(
    savedPlan({ plan, options: { limit: 2 }, planned: { decisions: [], contents: { a: "1" } } }),
  );
  assert.partialDeepStrictEqual(saved, {
    revision: 3,
    options: { limit: 2 },
    runs: [],
    decisions: [],
    contents: { a: "1" },
  });
});

test("the oldest form, with runs alone, is read", () => {
  const run = { provider: "p", diagnostic: "d", version: 1, key: "k", fingerprint: "f" };
  const text = JSON.stringify({ formatVersion: 1, revision: 3, options: {}, runs: [run] });
  assert.deepEqual(parseSavedPlan(text).runs, [run]);
});

test("anything else is refused", () => {
  for (const text of ["{}", "null", '{"formatVersion": 2, "runs": [], "options": {}}'])
    assert.throws(() => parseSavedPlan(text), { code: "USAGE" });
});
