import assert from "node:assert/strict";
import { test } from "node:test";
import { dataset, idOf, type SmallDataset, snapshotOf } from "../../../test/fixtures/small-catalog.ts";
import { addParent } from "../diagnostic/constraints/add-parent.ts";
import { addSupplementary } from "../diagnostic/constraints/add-supplementary.ts";
import { requireContiguousTimerange } from "../diagnostic/constraints/require-contiguous-timerange.ts";
import { requireFacets } from "../diagnostic/constraints/require-facets.ts";
import { defineDiagnostic, defineProvider } from "../diagnostic/define.ts";
import type { RequirementInput } from "../diagnostic/requirement.ts";
import { datasetsToOpen } from "./opening.ts";

function toOpen(
  datasets: readonly SmallDataset[],
  ...requirements: readonly RequirementInput[]
): readonly string[] {
  const provider = defineProvider({
    slug: "p",
    version: "1",
    diagnostics: [defineDiagnostic({ slug: "d", command: ["true"], requirements })],
  });
  return [...datasetsToOpen(snapshotOf(datasets.map(dataset)), [provider], {}).values()].flat();
}

const tas: RequirementInput = {
  sourceType: "cmip6",
  filters: { variable_id: "tas" },
  groupBy: ["source_id"],
};
const closed = { finalised: false };

test("nothing is opened for what the path tells", () => {
  const constraints = [
    requireFacets({ facet: "variable_id", values: "tas" }),
    addSupplementary({ variable_id: "areacella" }),
  ];
  assert.deepEqual(toOpen([closed], { ...tas, constraints }), []);
});

test("times and parents are read from opened files, of selected datasets only", () => {
  const other = { ...closed, variable: "pr" };
  assert.deepEqual(toOpen([closed, other], { ...tas, constraints: [requireContiguousTimerange()] }), [
    idOf({}),
  ]);
  assert.deepEqual(toOpen([closed, other], { ...tas, constraints: [addParent()] }), [idOf({})]);
});

test("opened datasets are not opened again", () => {
  assert.deepEqual(toOpen([{}], { ...tas, constraints: [requireContiguousTimerange()] }), []);
});

test("a group that falls before opens nothing", () => {
  const constraints = [requireFacets({ facet: "variable_id", values: "pr" }), requireContiguousTimerange()];
  assert.deepEqual(toOpen([closed], { ...tas, constraints }), []);
});

test("a set that cannot be met opens nothing", () => {
  const models = { ...tas, constraints: [requireContiguousTimerange()] };
  assert.deepEqual(toOpen([closed], models, { sourceType: "obs4mips" }), []);
  assert.deepEqual(toOpen([closed], models, { sourceType: "obs4mips", optional: true }), [idOf({})]);
});

test("what a constraint adds is opened when a later one needs it", () => {
  const parent = { ...closed, experiment: "piControl" };
  const child = {
    experiment: "abrupt-4xCO2",
    facets: { parent_source_id: "M1", parent_experiment_id: "piControl", parent_variant_label: "r1i1p1f1" },
  };
  const filters = { experiment_id: "abrupt-4xCO2" };
  assert.deepEqual(toOpen([child, parent], { ...tas, filters, constraints: [addParent()] }), []);
  const constraints = [addParent(), requireContiguousTimerange()];
  assert.deepEqual(toOpen([child, parent], { ...tas, filters, constraints }), [idOf(parent)]);
});
