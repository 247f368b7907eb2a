import assert from "node:assert/strict";
import { test } from "node:test";
import type { Rid } from "../identity/rid.ts";
import { defaultVocabulary } from "../results/default-vocabulary.ts";
import { type ComparedExecution, compareExecutions } from "./compare-executions.ts";
import type { InputDataset, SolverDefinition } from "./definition.ts";

const dataset = (
  id: string,
  ...files: readonly (readonly [path: string, contentId: string])[]
): InputDataset => ({
  ...{ requirement: "cmip6", sourceType: "cmip6", id, version: "v1", facets: {} },
  files: files.map(([path, contentId]) => ({ path, contentId })),
});
const definition: SolverDefinition = {
  ...{ formatVersion: 1, rid: "1-0000" as Rid, fragment: "a", fingerprint: "f", compatHash: "h" },
  group: { rid: "1-0001" as Rid, key: "" },
  provider: { slug: "probe", version: "1" },
  diagnostic: { slug: "fine", version: 1, name: "Fine" },
  datasets: [dataset("one", ["a/x.nc", "t:1"], ["a/y.nc", "t:2"])],
  ...{ selectors: {}, parameters: { seed: 1, region: { name: "global" } }, limits: {}, createdAt: "" },
  computation: { kind: "function", module: "probe.ts" },
  vocabulary: defaultVocabulary,
};
const scalar = (value: number | null, metric = "m", units = "K") => ({
  ...{ dimensions: { metric }, kind: "model" as const, value, units, attributes: {} },
});
const series = (values: readonly number[]) => ({
  ...{ dimensions: { metric: "m" }, kind: "model" as const, values, index: [1850, 1851] },
  ...{ indexName: "year", attributes: {} },
});
const artifact = (path: string, sha256: string, kind = "execution-asset") => ({
  ...{ name: path, path, kind, types: [], mode: "write" as const, metadata: {}, description: "" },
  ...{ keepOnFailure: false, sha256 },
});
const first: ComparedExecution = {
  ...{ state: "published", definition, environment: { os: { release: "1" }, packages: [] } },
  values: [scalar(1), series([1, 2])],
  artifacts: [artifact("map.nc", "aa"), artifact("metadata/environment.json", "bb", "execution-metadata")],
};
const compared = (changes: Partial<ComparedExecution>, tolerance = 0) =>
  compareExecutions([first, { ...first, ...changes }], { tolerance });
const defined = (changes: Partial<SolverDefinition>) =>
  compared({ definition: { ...definition, ...changes } });

test("RIDs, places, times and a moved archive are no differences", () => {
  const moved = dataset("one", ["b/x.nc", "t:1"], ["b/y.nc", "t:2"]);
  assert.deepEqual(defined({ rid: "9-9999" as Rid, fragment: "b", createdAt: "now", datasets: [moved] }), []);
});

test("inputs, parameters and code are compared by name", () => {
  assert.deepEqual(defined({ datasets: [dataset("one", ["a/x.nc", "t:9"], ["a/y.nc", "t:2"])] }), [
    { aspect: "inputs", name: "cmip6  one  x.nc", change: "changed", from: "t:1", to: "t:9" },
  ]);
  const other = defined({ datasets: [dataset("two")] }).map(({ name, change }) => `${change} ${name}`);
  assert.deepEqual(other, [
    "removed cmip6  one",
    "removed cmip6  one  x.nc",
    "removed cmip6  one  y.nc",
    "added cmip6  two",
  ]);
  assert.deepEqual(defined({ parameters: { seed: 1, region: { name: "tropics" }, extra: [1] } }), [
    { aspect: "parameters", name: "extra", change: "added" },
    { aspect: "parameters", name: "region.name", change: "changed", from: "global", to: "tropics" },
  ]);
  assert.deepEqual(defined({ provider: { slug: "probe", version: "2" } }), [
    { aspect: "code", name: "provider.version", change: "changed", from: "1", to: "2" },
  ]);
});

test("environment by content and files by digest", () => {
  const packages = [{ ecosystem: "npm", name: "zod", version: "4.0.0" }];
  const found = compared({
    environment: { os: { release: "2" }, packages },
    artifacts: [artifact("map.nc", "cc")],
  });
  assert.deepEqual(found, [
    { aspect: "environment", name: "os.release", change: "changed", from: "1", to: "2" },
    { aspect: "environment", name: "package npm/zod", change: "added" },
    { aspect: "files", name: "map.nc", change: "changed", from: "aa", to: "cc" },
  ]);
});

test("values within the relative tolerance are equal; units and missing ones are not tolerated", () => {
  const near = { values: [scalar(1.001), series([1, 2.002])] };
  assert.deepEqual(compared(near, 0.01), []);
  assert.deepEqual(compared(near), [
    { aspect: "values", name: "scalar metric=m", change: "changed", from: 1, to: 1.001 },
    {
      ...{ aspect: "values", name: "series metric=m", change: "changed" },
      ...{ from: { index: 1851, value: 2 }, to: { index: 1851, value: 2.002 } },
    },
  ]);
  for (const value of [scalar(1, "m", "degC"), scalar(null)])
    assert.equal(compared({ values: [value, series([1, 2])] }, 0.5).length, 1);
});
