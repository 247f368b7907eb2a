import assert from "node:assert/strict";
import { test } from "node:test";
import type { Rid } from "../identity/rid.ts";
import { findOutliers } from "./outliers.ts";
import type { PlacedNumber } from "./pivot.ts";

const numbers = (values: readonly (number | null)[], metric = "tcr", units = "K"): readonly PlacedNumber[] =>
  values.map((value, index) => ({ rid: `${metric}-${index}` as Rid, facets: { metric }, value, units }));
const request = { by: ["metric"], threshold: 3.5, groupSize: 5 };
const rids = (found: ReturnType<typeof findOutliers>) => found.outliers.map(({ number }) => number.rid);

test("what is far from the median in scaled median absolute deviations is told, the farthest first", () => {
  const found = findOutliers(numbers([1, 2, 3, 4, 5, 100, -50]), request);
  assert.deepEqual(rids(found), ["tcr-5", "tcr-6"]);
  // Median 3, distances 2 1 0 1 2 97 53: median 2.
  assert.equal(found.outliers[0]?.median, 3);
  assert.equal(found.outliers[0]?.deviation, 97 / (1.4826 * 2));
  assert.equal(found.outliers[1]?.deviation, -53 / (1.4826 * 2));
  assert.deepEqual(rids(findOutliers(numbers([1, 2, 3, 4, 5, 100, -50]), { ...request, threshold: 20 })), [
    "tcr-5",
  ]);
});

test("groups and units are judged apart; small groups are named; missing numbers do not count", () => {
  const all = [
    ...numbers([1, 2, 3, 4, 5, 6], "ecs"),
    ...numbers([1001, 1002, 1003, 1004, 1005, 1006], "ecs", "mK"),
    ...numbers([1, 2, 900, null, null]),
  ];
  const found = findOutliers(all, request);
  assert.deepEqual(found.outliers, []);
  assert.deepEqual(found.tooSmall, [{ names: ["tcr"], units: "K", size: 3 }]);
  assert.deepEqual(
    found.judged.map(({ units, size }) => [units, size]),
    [
      ["K", 6],
      ["mK", 6],
    ],
  );
});

test("one that differs where most are equal is told, and none where all are", () => {
  assert.deepEqual(rids(findOutliers(numbers([1, 1, 1, 1, 1.5]), request)), ["tcr-4"]);
  assert.deepEqual(rids(findOutliers(numbers([1, 1, 1, 1, 1]), request)), []);
});
