import assert from "node:assert/strict";
import { test } from "node:test";
import { parseSavedPlan, savedPlan } from "./plan.ts";

test("a plan without decisions can be saved and read", () => {
  const plan = { revision: 3, decisions: [], unsatisfied: [], errors: [], hidden: 0, orphaned: [] };
  const saved = parseSavedPlan(
    savedPlan({ plan, options: { limit: 2 }, planned: { decisions: [], contents: { a: "1" } } }),
    "plan.json",
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
  assert.deepEqual(parseSavedPlan(text, "plan.json").runs, [run]);
});

test("anything else is refused, with the places that are wrong", () => {
  const run = { provider: "p", diagnostic: "d", version: 1, key: "k", fingerprint: "f" };
  const decision = { ...run, selectorDigest: "s", decision: "skip", datasets: ["a"] };
  const whole = { format: "almanac.saved-plan/1", formatVersion: 1, revision: 3, options: {}, runs: [run] };
  assert.deepEqual(parseSavedPlan(JSON.stringify(whole), "plan.json").options, {});
  const cases = [
    ["", /plan\.json is not JSON/],
    ["null", /plan\.json is not valid: the document: /],
    [{ ...whole, format: "almanac.plan/1" }, /format: /],
    [{ ...whole, formatVersion: 2 }, /formatVersion: /],
    [{ ...whole, revision: "3" }, /revision: /],
    [{ ...whole, runs: [run, null] }, /runs\.1: /],
    [{ ...whole, runs: [{ ...run, key: undefined }] }, /runs\.0\.key: /],
    [{ ...whole, options: { limit: -1 } }, /options\.limit: /],
    [{ ...whole, options: { datasets: [1] } }, /options\.datasets/],
    [{ ...whole, options: { only: "x" } }, /options: .*only/],
    [{ ...whole, decisions: null }, /decisions: /],
    [{ ...whole, decisions: [{ ...decision, reasons: [] }] }, /decisions\.0\.reasons: /],
    [{ ...whole, contents: ["x"] }, /contents: /],
  ] as const;
  for (const [value, message] of cases) {
    const text = typeof value === "string" ? value : JSON.stringify(value);
    assert.throws(() => parseSavedPlan(text, "plan.json"), { code: "DOCUMENT_INVALID", message });
  }
  assert.throws(() => parseSavedPlan(JSON.stringify({ ...whole, formatVersion: 2 }), "plan.json"), {
    hint: "it has form 2, written by a newer version of Almanac",
  });
});
