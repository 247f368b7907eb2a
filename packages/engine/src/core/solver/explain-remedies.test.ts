import assert from "node:assert/strict";
import { test } from "node:test";
import { dataset, idOf, type SmallDataset, snapshotOf } from "../../../test/fixtures/small-catalog.ts";
import type { ConstraintDataset } from "../diagnostic/constraint.ts";
import { addParent } from "../diagnostic/constraints/add-parent.ts";
import { addSupplementary } from "../diagnostic/constraints/add-supplementary.ts";
import { customConstraint } from "../diagnostic/constraints/custom.ts";
import { requireFacets } from "../diagnostic/constraints/require-facets.ts";
import { defineDiagnostic, defineProvider } from "../diagnostic/define.ts";
import type { RequirementInput } from "../diagnostic/requirement.ts";
import { explain } from "./explain.ts";
import type { RejectedGroup } from "./explanation.ts";
import { explanationText } from "./explanation-text.ts";

const both = ["tas", "rsut"];
const requirement: RequirementInput = {
  sourceType: "cmip6",
  filters: { variable_id: both },
  groupBy: ["source_id"],
};
const keepAll = (group: readonly ConstraintDataset[]) => ({ keep: group.map(({ id }) => id) });

/** The one rejected group of a requirement, and the text about it. */
function rejectedOf(
  asked: RequirementInput,
  datasets: readonly SmallDataset[],
): { readonly group: RejectedGroup; readonly text: string } {
  const diagnostic = defineDiagnostic({ slug: "d", command: ["true"], requirements: [asked] });
  const provider = defineProvider({ slug: "p", version: "1", diagnostics: [diagnostic] });
  const input = { provider: "p", diagnostic: "d", history: { groups: [] } };
  const told = explain(snapshotOf(datasets.map(dataset)), [provider], input);
  const groups = told.sets.flatMap(({ requirements }) => requirements.flatMap(({ rejected }) => rejected));
  assert.equal(groups.length, 1);
  return { group: groups[0] as RejectedGroup, text: explanationText(told) };
}

test("the dataset that makes a constraint of one's own reject the group is named", () => {
  const noRadiation = customConstraint({
    name: "noRadiation",
    apply: (group) =>
      group.some(({ facets }) => facets["variable_id"] === "rsut")
        ? { reject: "holds radiation" }
        : keepAll(group),
  });
  const constraints = [noRadiation];
  const { group, text } = rejectedOf({ ...requirement, constraints }, [{}, { variable: "rsut" }]);
  const unwanted = idOf({ variable: "rsut" });
  assert.deepEqual(group.remedies, [{ kind: "leave-out", datasets: [unwanted], facets: {} }]);
  assert.equal(group.enough, true);
  assert.ok(text.includes(`would run with ${unwanted} left out (almanac datasets retract)`), text);
});

test("several datasets that it rejects are named by what they have in common", () => {
  const oneMember = customConstraint({
    name: "oneMember",
    apply: (group) =>
      new Set(group.map(({ facets }) => facets["member_id"])).size > 1
        ? { reject: "several members" }
        : keepAll(group),
  });
  const constraints = [oneMember, requireFacets({ facet: "variable_id", values: both })];
  const members = ["r1i1p1f1", "r2i1p1f1"].flatMap((member) =>
    both.map((variable) => ({ member, variable })),
  );
  const { group, text } = rejectedOf({ ...requirement, constraints }, members);
  assert.partialDeepStrictEqual(group.remedies, [{ kind: "leave-out", facets: { member_id: ["r1i1p1f1"] } }]);
  assert.equal(group.enough, true);
  assert.match(text, /would run with 2 datasets with member_id=r1i1p1f1 left out/);
});

test("what would not help is not named: a constraint that accepts nothing of the group, and one that leaves data out", () => {
  const never = customConstraint({ name: "never", apply: () => ({ reject: "no" }) });
  const refused = rejectedOf({ ...requirement, constraints: [never] }, [{}, { variable: "rsut" }]);
  assert.deepEqual(refused.group.remedies, [{ kind: "meet-constraint", constraint: "never", reason: "no" }]);
  assert.equal(refused.group.enough, false);
  const onlyTas = customConstraint({
    name: "onlyTas",
    apply: (group) => keepAll(group.filter(({ facets }) => facets["variable_id"] === "tas")),
  });
  const constraints = [onlyTas, requireFacets({ facet: "variable_id", values: both })];
  const { text } = rejectedOf({ ...requirement, constraints }, [{}, { variable: "rsut" }]);
  assert.ok(text.includes(`data that meets onlyTas (it leaves out ${idOf({ variable: "rsut" })})`), text);
});

test("a constraint of one's own that cannot cope with data that there is not ends no explanation", () => {
  const dated = customConstraint({
    name: "dated",
    apply: (group) => {
      for (const { files } of group) for (const { start } of files) (start as string).slice(0, 4);
      return keepAll(group);
    },
  });
  const constraints = [requireFacets({ facet: "variable_id", values: both }), dated];
  const { group } = rejectedOf({ ...requirement, constraints }, [{}]);
  assert.partialDeepStrictEqual(group.remedies, [{ kind: "add-dataset", facets: { variable_id: ["rsut"] } }]);
  assert.equal(group.enough, false);
});

test("files that name no parent would have to name one; nobody is told to add a run of that name", () => {
  const facets = {
    parent_source_id: "M1",
    parent_experiment_id: "no parent",
    parent_variant_label: "no parent",
  };
  const { group, text } = rejectedOf({ ...requirement, constraints: [addParent()] }, [{ facets }]);
  assert.equal(group.enough, true);
  assert.deepEqual(
    group.remedies.map((remedy) => (remedy.kind === "set-facet" ? remedy.facet : remedy.kind)),
    ["parent_experiment_id", "parent_variant_label", "add-dataset"],
  );
  assert.match(text, /the files name no parent \("no parent" as its experiment_id, variant_label\)/);
  assert.match(
    text,
    /would run with parent_experiment_id, parent_variant_label given in .*\n *and the parent: cmip6 data with/,
  );
  assert.doesNotMatch(text, /=no parent/);
});

test("a filter that excludes what a constraint requires is said to", () => {
  const asked = { ...requirement, constraints: [requireFacets({ facet: "variable_id", values: ["pr"] })] };
  const { group, text } = rejectedOf(asked, [{}]);
  assert.deepEqual(
    group.remedies.map(({ kind }) => kind),
    ["widen-filter", "add-dataset"],
  );
  assert.equal(group.enough, true);
  assert.match(text, /another filter of the diagnostic: it takes only variable_id=tas,rsut\n/);
});

test("so is a filter of branded variables, none of which is of a required variable", () => {
  const branded = {
    sourceType: "cmip7",
    filters: { branded_variable: "msftm_tavg-u" },
    groupBy: ["source_id"],
  };
  const data = { type: "cmip7", variable: "msftm", facets: { branded_variable: "msftm_tavg-u" } };
  const constraints = [requireFacets({ facet: "variable_id", values: ["amoc", "msftmz"], match: "any" })];
  const { group, text } = rejectedOf({ ...branded, constraints }, [data]);
  assert.equal(group.enough, true);
  assert.match(
    text,
    /it takes only branded_variable=msftm_tavg-u\n.*cmip7 data with variable_id=amoc,msftmz/,
  );
  const supplement = [
    addSupplementary({ branded_variable: "areacella_ti-u" }, { matching: ["source_id"], optional: [] }),
    requireFacets({ facet: "variable_id", values: ["msftm", "areacella"] }),
  ];
  const { remedies } = rejectedOf({ ...branded, constraints: supplement }, [data]).group;
  assert.partialDeepStrictEqual(remedies, [
    { kind: "add-dataset", facets: { branded_variable: ["areacella_ti-u"], variable_id: ["areacella"] } },
  ]);
});
