import assert from "node:assert/strict";
import { test } from "node:test";
import { type PlannedDecision, planDifference } from "./plan-difference.ts";

const planned = (key: string, more: Partial<PlannedDecision> = {}): PlannedDecision => ({
  ...{ provider: "p", diagnostic: "d", version: 1, key, selectorDigest: key, fingerprint: "f" },
  decision: "run",
  reasons: [{ code: "new", message: "never run before" }],
  datasets: ["a"],
  ...more,
});

test("equal plans have no difference, in whatever order", () => {
  assert.deepEqual(planDifference([planned("a"), planned("b")], [planned("b"), planned("a")]), []);
});

test("groups appear and go, with their datasets", () => {
  const changes = planDifference([planned("a")], [planned("b", { datasets: ["x", "y"] })]);
  assert.partialDeepStrictEqual(changes, [
    { change: "appeared", key: "b", added: ["x", "y"], removed: [] },
    { change: "gone", key: "a", added: [], removed: ["a"] },
  ]);
});

test("another decision, other datasets, and other files of the same datasets are told apart", () => {
  const before = [planned("a"), planned("b"), planned("c")];
  const after = [
    planned("a", { decision: "skip", reasons: [{ code: "up-to-date", message: "published" }] }),
    planned("b", { datasets: ["b"], fingerprint: "g" }),
    planned("c", { fingerprint: "g" }),
  ];
  assert.partialDeepStrictEqual(planDifference(before, after), [
    { change: "changed", key: "a", added: [], removed: [], replaced: false },
    { change: "changed", key: "b", added: ["b"], removed: ["a"], replaced: false },
    { change: "changed", key: "c", added: [], removed: [], replaced: true },
  ]);
});

test("a new version of a diagnostic is another group", () => {
  const changes = planDifference([planned("a")], [planned("a", { version: 2 })]);
  assert.deepEqual(
    changes.map(({ change, version }) => [change, version]),
    [
      ["appeared", 2],
      ["gone", 1],
    ],
  );
});
