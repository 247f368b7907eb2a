import assert from "node:assert/strict";
import { test } from "node:test";
import { AlmanacError } from "../errors.ts";
import type { Rid } from "../identity/rid.ts";
import { type PlacedNumber, pivot } from "./pivot.ts";

let next = 0;
const number = (facets: PlacedNumber["facets"], value: number | null, units = "K"): PlacedNumber => ({
  ...{ rid: `V-${next++}` as Rid, facets, value },
  units,
});
const request = { rows: ["source_id"], column: "metric" };
const refused = (said: RegExp) => (error: unknown) =>
  error instanceof AlmanacError && error.code === "USAGE" && said.test(error.message);

test("numbers become rows and columns in order; what is not there is an empty cell", () => {
  const table = pivot(
    [
      number({ source_id: "B", metric: "tcr" }, 2),
      number({ source_id: "A", metric: "tcr" }, 1),
      number({ source_id: "A", metric: "ecs" }, 3, "degC"),
      number({ source_id: "C", metric: "ecs" }, null, "K"),
    ],
    request,
  );
  assert.deepEqual(table, {
    columns: [
      { name: "ecs", units: undefined },
      { name: "tcr", units: "K" },
    ],
    rows: [
      { names: ["A"], cells: [3, 1] },
      { names: ["B"], cells: [undefined, 2] },
      { names: ["C"], cells: [undefined, undefined] },
    ],
  });
});

test("several numbers in one cell are named with what tells them apart, or reduced", () => {
  const numbers = [1, 4, -2].map((value, index) =>
    number({ source_id: "A", metric: "tcr", member_id: `r${index}` }, value),
  );
  assert.throws(() => pivot(numbers, request), refused(/3 values for one cell \(A, tcr\): .*by member_id/));
  const reduced = { mean: 1, min: -2, max: 4, count: 3 } as const;
  for (const [reduce, expected] of Object.entries(reduced) as [keyof typeof reduced, number][])
    assert.deepEqual(pivot(numbers, { ...request, reduce }).rows[0]?.cells, [expected]);
});

test("numbers of different units are counted, never averaged", () => {
  const numbers = [number({ metric: "tcr" }, 1), number({ metric: "tcr" }, 1, "degF")];
  assert.throws(() => pivot(numbers, { ...request, reduce: "mean" }), refused(/different units: K, degF/));
  assert.deepEqual(pivot(numbers, { ...request, reduce: "count" }).rows, [{ names: [""], cells: [2] }]);
});
