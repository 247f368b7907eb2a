import assert from "node:assert/strict";
import { test } from "node:test";
import { type PlannedDecision, type PlannedPlan, planDifference } from "./plan-difference.ts";

const planned = (key: string, more: Partial<PlannedDecision> = {}): PlannedDecision => ({
  ...{ provider: "p", diagnostic: "d", version: 1, key, selectorDigest: key, fingerprint: "f" },
  decision: "run",
  reasons: [{ code: "new", message: "never run before" }],
  datasets: ["a"],
  ...more,
});

const planOf = (decisions: readonly PlannedDecision[], contents?: PlannedPlan["contents"]): PlannedPlan => ({
  decisions,
  ...(contents === undefined ? {} : { contents }),
});

test("equal plans have no difference, in whatever order", () => {
  assert.deepEqual(
    planDifference(planOf([planned("a"), planned("b")]), planOf([planned("b"), planned("a")])),
    [],
  );
});

test("groups appear and go, with their datasets", () => {
  const changes = planDifference(planOf([planned("a")]), planOf([planned("b", { datasets: ["x", "y"] })]));
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
  assert.partialDeepStrictEqual(planDifference(planOf(before), planOf(after)), [
    { change: "changed", key: "a", added: [], removed: [], replaced: [], otherwise: false },
    { change: "changed", key: "b", added: ["b"], removed: ["a"], replaced: [], otherwise: false },
    { change: "changed", key: "c", added: [], removed: [], replaced: [], otherwise: true },
  ]);
});

test("a new version of a diagnostic is another group", () => {
  const changes = planDifference(planOf([planned("a")]), planOf([planned("a", { version: 2 })]));
  assert.deepEqual(
    changes.map(({ change, version }) => [change, version]),
    [
      ["appeared", 2],
      ["gone", 1],
    ],
  );
});

test("datasets whose files were replaced are named where both plans tell of their files", () => {
  const before = [planned("a", { datasets: ["x", "y"] }), planned("b", { datasets: ["y"] })];
  const after = [planned("a", { datasets: ["x", "y"], fingerprint: "g" }), planned("b", { datasets: ["y"] })];
  const [change, ...others] = planDifference(
    planOf(before, { x: "1", y: "1" }),
    planOf(after, { x: "2", y: "1" }),
  );
  assert.partialDeepStrictEqual(change, {
    key: "a",
    added: [],
    removed: [],
    replaced: ["x"],
    otherwise: false,
  });
  assert.deepEqual(others, []);
  const [unknown] = planDifference(planOf(before), planOf(after, { x: "2", y: "1" }));
  assert.partialDeepStrictEqual(unknown, { replaced: [], otherwise: true });
  const [parameters] = planDifference(planOf(before, { x: "1", y: "1" }), planOf(after, { x: "1", y: "1" }));
  assert.partialDeepStrictEqual(parameters, { replaced: [], otherwise: true });
});
