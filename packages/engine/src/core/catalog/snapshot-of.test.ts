import assert from "node:assert/strict";
import { test } from "node:test";
import { isAlmanacError } from "../errors.ts";
import type { Dataset } from "./dataset.ts";
import { snapshotOf } from "./snapshot-of.ts";
import { datasetAt } from "./table-rows.ts";

function dataset(sourceType: string, id: string, version = "v1"): Dataset {
  const files = [{ path: `${id}.nc`, contentId: `t:${id}:1` }];
  const facets = { instance_id: id, run: "one", version };
  return { sourceType, id, facets, finalised: true, files };
}

test("datasets of several source types, in any order, with files and facets", () => {
  const own = { name: "runs", identityFacets: ["run"] };
  const datasets = [dataset("runs", "b", "v2"), dataset("cmip6", "x"), dataset("runs", "a", "v1")];
  const snapshot = snapshotOf(datasets, { sourceTypes: [own], revision: 4 });
  assert.deepEqual(snapshotOf(datasets.toReversed(), { sourceTypes: [own], revision: 4 }), snapshot);
  assert.equal(snapshot.revision, 4);
  assert.deepEqual([...snapshot.tables.keys()], ["cmip6", "runs"]);
  const runs = snapshot.tables.get("runs");
  assert.ok(runs !== undefined);
  assert.deepEqual(datasetAt(runs, 1), datasets[0]);
  // The identity facets of the source type tell that both are versions of one dataset.
  assert.deepEqual([...runs.latest], [0, 1]);
});

test("a source type that nobody declared is an error that names those known", () => {
  assert.throws(
    () => snapshotOf([dataset("runs", "a")]),
    (error) => isAlmanacError(error, "UNKNOWN_NAME") && error.hint?.includes("cmip6") === true,
  );
});
