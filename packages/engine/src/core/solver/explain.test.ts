import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { dataset, idOf, type SmallDataset, snapshotOf } from "../../../test/fixtures/small-catalog.ts";
import { addParent } from "../diagnostic/constraints/add-parent.ts";
import { addSupplementary } from "../diagnostic/constraints/add-supplementary.ts";
import { requireContiguousTimerange } from "../diagnostic/constraints/require-contiguous-timerange.ts";
import { requireFacets } from "../diagnostic/constraints/require-facets.ts";
import { requireTimerange } from "../diagnostic/constraints/require-timerange.ts";
import { defineDiagnostic, defineProvider } from "../diagnostic/define.ts";
import type { RequirementInput } from "../diagnostic/requirement.ts";
import { type ExplainInput, explain } from "./explain.ts";
import type { Explanation, RequirementExplanation } from "./explanation.ts";
import { explanationText } from "./explanation-text.ts";

const sensitivity: RequirementInput = {
  sourceType: "cmip6",
  filters: { variable_id: ["tas", "rsut"], experiment_id: "abrupt-4xCO2", table_id: "Amon" },
  groupBy: ["source_id", "member_id"],
  constraints: [
    addParent(),
    requireContiguousTimerange(),
    requireFacets({ facet: "variable_id", values: ["tas", "rsut"], groupBy: ["source_id", "experiment_id"] }),
    addSupplementary({ variable_id: "areacella" }),
  ],
};

const named = { parent_source_id: "M1", parent_experiment_id: "piControl", parent_variant_label: "r1i1p1f1" };
const child = (variable: string, more: SmallDataset = {}): SmallDataset => ({
  experiment: "abrupt-4xCO2",
  variable,
  facets: named,
  ...more,
});
const parent = (variable: string, more: SmallDataset = {}): SmallDataset => ({
  experiment: "piControl",
  variable,
  ...more,
});
const complete = [child("tas"), child("rsut"), parent("tas"), parent("rsut")];

function explained(
  datasets: readonly SmallDataset[],
  asked: Partial<ExplainInput> = {},
  requirements: readonly RequirementInput[] = [sensitivity],
): Explanation {
  const diagnostics = [defineDiagnostic({ slug: "ecs", command: ["true"], requirements })];
  const provider = defineProvider({ slug: "p", version: "1", diagnostics });
  const input = { provider: "p", diagnostic: "ecs", history: { groups: [] }, ...asked };
  return explain(snapshotOf(datasets.map(dataset)), [provider], input);
}

function first(explanation: Explanation): RequirementExplanation {
  return explanation.sets[0]?.requirements[0] as RequirementExplanation;
}

describe("explain", () => {
  test("a group that runs has its decision and a full funnel", () => {
    const explanation = explained(complete);
    assert.deepEqual(
      explanation.decisions.map(({ key }) => key),
      ["cmip6_r1i1p1f1_M1"],
    );
    assert.deepEqual(
      first(explanation).funnel.map(({ step, datasets, groups }) => [step, datasets, groups]),
      [
        ["catalog", 4, undefined],
        ["filter variable_id", 4, undefined],
        ["filter experiment_id", 2, undefined],
        ["filter table_id", 2, undefined],
        ["group-by", 2, 1],
        ["addParent", 4, 1],
        ["requireContiguousTimerange", 4, 1],
        ["requireFacets", 4, 1],
        ["addSupplementary", 4, 1],
      ],
    );
  });

  test("a missing variable is named, with what would do", () => {
    const { removedBy, rejected } = first(explained([child("tas"), parent("tas")]));
    assert.equal(removedBy, "requireFacets");
    assert.partialDeepStrictEqual(rejected[0]?.trail.at(-1), {
      kind: "values-missing",
      missing: ["rsut"],
      present: ["tas"],
    });
    assert.partialDeepStrictEqual(rejected[0]?.remedies, [
      {
        kind: "add-dataset",
        facets: { variable_id: ["rsut"], experiment_id: ["abrupt-4xCO2"], table_id: ["Amon"] },
      },
    ]);
  });

  test("a missing parent is named, with the nearest data", () => {
    const other = { member: "r2i1p1f1" };
    const { rejected } = first(
      explained([child("tas"), child("rsut"), parent("tas", other), parent("rsut", other)]),
    );
    assert.partialDeepStrictEqual(rejected[0]?.remedies, [
      {
        kind: "add-dataset",
        facets: { experiment_id: ["piControl"], variant_label: ["r1i1p1f1"] },
        nearMisses: [{ facet: "member_id", found: [{ value: "r2i1p1f1", datasets: 1 }] }],
      },
      { kind: "add-dataset" },
    ]);
  });

  test("a gap that removes a variable is the remedy, not the variable", () => {
    const files = [
      ["0001-01-16 00:00:00", "0050-12-16 00:00:00"],
      ["0101-01-16 00:00:00", "0150-12-16 00:00:00"],
    ] as const;
    const explanation = explained([
      child("tas"),
      child("rsut", { files }),
      parent("tas"),
      parent("rsut", { files }),
    ]);
    const remedies = first(explanation).rejected[0]?.remedies ?? [];
    assert.partialDeepStrictEqual(remedies, [
      {
        kind: "add-files",
        dataset: idOf({ experiment: "abrupt-4xCO2", variable: "rsut" }),
        from: "0050-12-16 00:00:00",
        to: "0101-01-16 00:00:00",
      },
    ]);
    const text = explanationText(explanation);
    assert.match(text, /gap of 18281 days \(at most 45\) between\n.*rsut.*_0\.nc .*\n.*rsut.*_1\.nc/);
  });

  test("nothing selected names the facet that emptied it and what occurs instead", () => {
    const historical = explained([{ variable: "tas" }], { facets: { source_id: ["M1"] } });
    const { removedBy, nearMisses } = first(historical);
    assert.equal(removedBy, "filter experiment_id");
    assert.partialDeepStrictEqual(nearMisses, [
      { facet: "experiment_id", found: [{ value: "historical", datasets: 1 }] },
    ]);
    assert.match(explanationText(historical), /experiment_id historical \(1\) instead of abrupt-4xCO2/);
  });

  test("an unknown model is said to be unknown, with the nearest", () => {
    const { unknownValues, removedBy } = first(explained(complete, { facets: { source_id: ["M11"] } }));
    assert.equal(removedBy, "asked for");
    assert.deepEqual(unknownValues, [{ facet: "source_id", value: "M11", nearest: ["M1"] }]);
  });

  test("a model's name says nothing about observations", () => {
    const observed = { sourceType: "obs4mips", groupBy: ["source_id"] };
    const datasets = [...complete, { type: "obs4mips", source: "O1" }];
    const explanation = explained(datasets, { facets: { source_id: ["M1"] } }, [sensitivity, observed]);
    assert.equal(explanation.decisions.length, 1);
  });

  test("exclusions and globs ask about what fits; a glob that fits nothing asks about nothing", () => {
    const observed = { sourceType: "obs4mips", groupBy: ["source_id"] };
    const datasets = [...complete, { type: "obs4mips", source: "O1" }];
    const count = (...facets: readonly string[]): number =>
      explained(datasets, { facets }, [sensitivity, observed]).decisions.length;
    assert.equal(count("source_id=M*"), 1);
    assert.equal(count("source_id!=M2"), 1);
    assert.equal(count("cmip6.source_id!=M1"), 0);
    assert.equal(count("obs4mips.source_id=M*"), 0);
    assert.equal(first(explained(complete, { facets: ["source_id=X*"] })).removedBy, "asked for");
    assert.match(
      explanationText(explained(complete, { facets: ["source_id!=M2"] })),
      /, for source_id!=M2\n/,
    );
  });

  test("a group without partner names the requirement it lacks", () => {
    const explanation = explained(complete, {}, [sensitivity, { sourceType: "obs4mips" }]);
    assert.deepEqual(
      first(explanation).lonely.map(({ remedies }) => remedies),
      [
        [
          {
            kind: "meet-requirement",
            requirement: "obs4mips",
            facets: {},
            remedies: [{ kind: "add-source-type", sourceType: "obs4mips" }],
          },
        ],
      ],
    );
    assert.match(explanationText(explanation), /obs4mips\n    the catalog has none/);
  });

  test("a key narrows to its group", () => {
    const second = complete.map((each) => ({
      ...each,
      source: "M2",
      facets: { ...each.facets, ...(each.facets === undefined ? {} : { parent_source_id: "M2" }) },
    }));
    const explanation = explained([...complete, ...second], { key: "cmip6_r1i1p1f1_M2" });
    assert.deepEqual(
      explanation.decisions.map(({ key }) => key),
      ["cmip6_r1i1p1f1_M2"],
    );
    assert.equal(explanation.sets[0]?.candidates, 1);
  });

  test("an unknown diagnostic is an error with the nearest names", () => {
    assert.throws(() => explained(complete, { diagnostic: "ecz" }), { code: "UNKNOWN_NAME", hint: /p\/ecs/ });
  });
});

describe("what explain names lets the group run", () => {
  const range = {
    ...sensitivity,
    constraints: [requireTimerange({ start: { year: 1850 }, end: { year: 2014 } })],
  };
  const short = {
    experiment: "abrupt-4xCO2",
    files: [["1860-01-16 00:00:00", "2014-12-16 00:00:00"] as const],
  };
  const cases: readonly (readonly [string, RequirementInput, readonly SmallDataset[]])[] = [
    ["variable", sensitivity, [child("tas"), parent("tas"), parent("rsut")]],
    ["parent", sensitivity, [child("tas"), child("rsut"), parent("tas")]],
    ["both parents", sensitivity, [child("tas"), child("rsut")]],
    ["experiment", { ...sensitivity, constraints: [] }, [{}]],
    ["start", range, [short]],
  ];
  for (const [what, requirement, datasets] of cases)
    test(what, () => {
      const before = explained(datasets, {}, [requirement]);
      assert.deepEqual(before.decisions, []);
      const { rejected, remedies } = first(before);
      const all = [...remedies, ...rejected.flatMap((group) => group.remedies)];
      assert.ok(all.length > 0);
      const mended = all.reduce<readonly SmallDataset[]>((catalog, remedy) => {
        if (remedy.kind === "add-files")
          return catalog.map((each) =>
            idOf(each) === remedy.dataset
              ? {
                  ...each,
                  files: [...(each.files ?? []), [`${remedy.from}-01-16 00:00:00`, remedy.to ?? ""]],
                }
              : each,
          );
        assert.equal(remedy.kind, "add-dataset");
        if (remedy.kind !== "add-dataset") return catalog;
        const value = (facet: string): string => remedy.facets[facet]?.[0] ?? "";
        const experiment = value("experiment_id");
        const parents = Object.keys(remedy.facets).filter((facet) => facet.startsWith("parent_"));
        const facets = Object.fromEntries(parents.map((facet) => [facet, value(facet)]));
        return [...catalog, { experiment, variable: value("variable_id"), facets }];
      }, datasets);
      assert.equal(explained(mended, {}, [requirement]).decisions.length, 1);
    });
});
