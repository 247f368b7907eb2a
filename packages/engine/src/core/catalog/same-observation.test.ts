import assert from "node:assert/strict";
import { test } from "node:test";
import type { Dataset } from "./dataset.ts";
import { sameObservations } from "./same-observation.ts";

function observation(
  id: string,
  { sourceType = "obs4mips", ...facets }: Readonly<Record<string, string>> = {},
): Pick<Dataset, "sourceType" | "id" | "facets"> {
  const all = {
    activity_id: "obs4MIPs",
    source_id: "CERES",
    variable_id: "rlut",
    nominal_resolution: "100 km",
  };
  return { sourceType, id, facets: { ...all, ...facets } };
}

test("one observation under two activities or types is recognised; versions, others and models are not", () => {
  const datasets = [
    observation("b", { activity_id: "obs4REF" }),
    observation("a"),
    observation("a2", { version: "v2" }),
    observation("c", { variable_id: "rsut" }),
    observation("d", { variable_id: "rsut", sourceType: "obs4ref", activity_id: "obs4REF" }),
    observation("e", { variable_id: "tas" }),
    observation("e2", { variable_id: "tas", version: "v2" }),
    observation("f", { variable_id: "tas", sourceType: "pmp-climatology" }),
  ];
  assert.deepEqual(sameObservations(datasets), [
    ["a", "a2", "b"],
    ["c", "d"],
  ]);
});
