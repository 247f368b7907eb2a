import assert from "node:assert/strict";
import { test } from "node:test";
import type { Rid } from "../identity/rid.ts";
import { findOutliers } from "./outliers.ts";
import type { PlacedNumber } from "./pivot.ts";

const request = { by: ["metric"], source: "source_id", factor: 10, sources: 4 };

/** Numbers of sources A, B, C, … in turn. */
function numbers(
  values: readonly (number | null)[],
  { metric = "tcr", units = "K" }: { readonly metric?: string; readonly units?: string } = {},
): readonly PlacedNumber[] {
  return values.map((value, index) => ({
    rid: `${metric}-${index}` as Rid,
    facets: { metric, source_id: String.fromCharCode(65 + index) },
    value,
    units,
  }));
}

const rids = (found: ReturnType<typeof findOutliers>) => found.outliers.map(({ number }) => number.rid);

test("what is ten interquartile ranges outside of the quartiles is told", () => {
  // Quartiles of 1 2 3 4 5: 2 and 4, so that the bounds are -18 and 24.
  const found = findOutliers(numbers([1, 2, 3, 4, 5]), request);
  assert.deepEqual(found.outliers, []);
  assert.deepEqual(found.judged, [{ names: ["tcr"], units: "K", sources: 5 }]);
  // Sorted -50 1 2 3 4 5 100: quartiles 1.5 and 4.5, bounds -28.5 and 34.5.
  const far = findOutliers(numbers([1, 2, 3, 4, 5, 100, -50]), request);
  assert.deepEqual(rids(far), ["tcr-5", "tcr-6"]);
  assert.deepEqual(
    far.outliers.map(({ reason, bounds }) => [reason, bounds]),
    [
      ["above", [-28.5, 34.5]],
      ["below", [-28.5, 34.5]],
    ],
  );
  assert.deepEqual(rids(findOutliers(numbers([1, 2, 3, 4, 5, 100, -50]), { ...request, factor: 20 })), [
    "tcr-5",
  ]);
});

test("a source counts once, with the mean of its numbers, and each of its numbers is judged", () => {
  const many = Array.from({ length: 40 }, (_, index) => ({
    ...numbers([0])[0],
    rid: `many-${index}` as Rid,
    value: index === 0 ? 60 : 0,
  })) as readonly PlacedNumber[];
  // Means 1.5 2 3 4 5, quartiles 2 and 4, bounds -18 and 24, though most numbers are 0.
  const found = findOutliers([...many, ...numbers([null, 2, 3, 4, 5])], request);
  assert.deepEqual(rids(found), ["many-0"]);
  assert.deepEqual(found.outliers[0]?.bounds, [-18, 24]);
});

test("groups and units are judged apart; fewer than four sources are named; missing numbers do not count", () => {
  const all = [
    ...numbers([1, 2, 3, 4, 5, 6], { metric: "ecs" }),
    ...numbers([1001, 1002, 1003, 1004], { metric: "ecs", units: "mK" }),
    ...numbers([1, 2, 900, null, null]),
  ];
  const found = findOutliers(all, request);
  assert.deepEqual(found.outliers, []);
  assert.deepEqual(found.tooFew, [{ names: ["tcr"], units: "K", sources: 3 }]);
  assert.deepEqual(
    found.judged.map(({ units, sources }) => [units, sources]),
    [
      ["K", 6],
      ["mK", 4],
    ],
  );
});

test("a number that is not finite is always told and in no mean", () => {
  const found = findOutliers(numbers([1, Number.NaN, Number.POSITIVE_INFINITY]), request);
  assert.deepEqual(rids(found), ["tcr-1", "tcr-2"]);
  assert.deepEqual(found.outliers[0]?.bounds, undefined);
  assert.deepEqual(found.tooFew[0]?.sources, 1);
});
