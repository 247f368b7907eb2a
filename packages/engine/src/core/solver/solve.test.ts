import assert from "node:assert/strict";
import { describe, test } from "node:test";
import fc from "fast-check";
import { dataset, idOf, type SmallDataset, snapshotOf } from "../../../test/fixtures/small-catalog.ts";
import type { Dataset } from "../catalog/dataset.ts";
import { addSupplementary } from "../diagnostic/constraints/add-supplementary.ts";
import { customConstraint } from "../diagnostic/constraints/custom.ts";
import { requireContiguousTimerange } from "../diagnostic/constraints/require-contiguous-timerange.ts";
import { requireFacets } from "../diagnostic/constraints/require-facets.ts";
import { type DiagnosticInput, defineDiagnostic, defineProvider } from "../diagnostic/define.ts";
import type { Provider } from "../diagnostic/diagnostic.ts";
import type { RequirementInput } from "../diagnostic/requirement.ts";
import type { Rid } from "../identity/rid.ts";
import type { PastGroup } from "./history.ts";
import type { Decision, Plan } from "./plan.ts";
import { type SolveInput, solve } from "./solve.ts";

const models: RequirementInput = {
  sourceType: "cmip6",
  filters: { variable_id: "tas" },
  groupBy: ["source_id", "member_id"],
};
const observations: RequirementInput = {
  sourceType: "obs4mips",
  filters: { variable_id: "tas" },
  groupBy: ["source_id"],
};

function provider(slug: string, ...diagnostics: readonly Partial<DiagnosticInput>[]): Provider {
  return defineProvider({
    slug,
    version: "1",
    diagnostics: diagnostics.map((each, at) =>
      defineDiagnostic({ slug: `d${at + 1}`, command: ["true"], ...each }),
    ),
  });
}

const obs = (source: string): SmallDataset => ({ type: "obs4mips", source });
const solved = (
  datasets: readonly SmallDataset[],
  providers: Provider | readonly Provider[],
  input: Partial<SolveInput> = {},
): Plan =>
  solve(snapshotOf(datasets.map(dataset)), [providers].flat(), { history: { groups: [] }, ...input });
const keys = (plan: Plan, decision: "run" | "skip" = "run"): readonly string[] =>
  plan.decisions.filter((each) => each.decision === decision).map(({ key }) => key);

describe("selecting and grouping", () => {
  test("one group per combination of facets, keys in facet-name order", () => {
    const plan = solved(
      [{}, { source: "M2" }, { source: "M2", variable: "pr" }],
      provider("p", { requirements: [models] }),
    );
    assert.deepEqual(keys(plan), ["cmip6_r1i1p1f1_M1", "cmip6_r1i1p1f1_M2"]);
    assert.deepEqual(plan.decisions[1]?.datasets, { cmip6: [idOf({ source: "M2" })] });
  });

  test("any of several filters, none of an empty list, all of an empty map", () => {
    const datasets = [{ variable: "tas" }, { variable: "pr" }, { variable: "ts" }];
    const ids = (filters: NonNullable<RequirementInput["filters"]>): readonly string[] =>
      solved(datasets, provider("p", { requirements: [{ sourceType: "cmip6", filters }] })).decisions.flatMap(
        (each) => each.datasets["cmip6"] ?? [],
      );
    assert.equal(ids([{ variable_id: "tas" }, { variable_id: "pr" }]).length, 2);
    assert.equal(ids([{ variable_id: [] }]).length, 0);
    assert.equal(ids([{}]).length, 3);
  });

  test("a missing key drops the dataset, and no group-by gives one group", () => {
    const datasets = [{}, { source: "M2", facets: { member_id: undefined } }];
    assert.deepEqual(keys(solved(datasets, provider("p", { requirements: [models] }))), [
      "cmip6_r1i1p1f1_M1",
    ]);
    assert.deepEqual(keys(solved(datasets, provider("p", { requirements: [{ sourceType: "cmip6" }] }))), [
      "cmip6_",
    ]);
  });

  test("only the latest version, all of those that tie", () => {
    const datasets = [{ version: "v9" }, { version: "v10" }, { source: "M2", version: "x" }];
    const plan = solved(datasets, provider("p", { requirements: [models] }));
    assert.deepEqual(
      plan.decisions.map(({ datasets: of }) => of["cmip6"]),
      [[idOf({ version: "v10" })], [idOf({ source: "M2", version: "x" })]],
    );
  });
});

describe("combining", () => {
  test("the product of all requirements, source types in alphabetical order in the key", () => {
    const both = provider("p", { requirements: [observations, models] });
    const plan = solved([{}, { source: "M2" }, obs("O1"), obs("O2")], both);
    assert.equal(plan.decisions.length, 4);
    assert.equal(plan.decisions[0]?.key, "cmip6_r1i1p1f1_M1__obs4mips_O1");
  });

  test("without partner nothing runs, and the groups are counted", () => {
    const plan = solved([{}, { source: "M2" }], provider("p", { requirements: [models, observations] }));
    assert.deepEqual(plan.decisions, []);
    assert.deepEqual(
      plan.unsatisfied.map(({ requirement, step, groups }) => [requirement, step, groups]),
      [
        ["cmip6", "partner", 2],
        ["obs4mips", "source type", 1],
      ],
    );
  });

  test("two requirements of one type both count; the second is named in the key", () => {
    const control: RequirementInput = { ...models, name: "control", filters: { experiment_id: "piControl" } };
    const historical = { ...models, filters: { experiment_id: "historical" } };
    const plan = solved(
      [{}, { experiment: "piControl" }],
      provider("p", { requirements: [historical, control] }),
    );
    assert.deepEqual(keys(plan), ["cmip6_r1i1p1f1_M1__cmip6.control_r1i1p1f1_M1"]);
    assert.deepEqual(plan.decisions[0]?.datasets, {
      cmip6: [idOf({})],
      control: [idOf({ experiment: "piControl" })],
    });
  });

  test("joins keep combinations that agree", () => {
    const control: RequirementInput = {
      ...models,
      name: "control",
      filters: { experiment_id: "piControl" },
      sameFacets: { cmip6: ["source_id"] },
    };
    const datasets = ["M1", "M2", "M3"]
      .flatMap((source) => [{ source }, { source, experiment: "piControl" }])
      .slice(0, 5);
    const plan = solved(
      datasets,
      provider("p", { requirements: [{ ...models, filters: { experiment_id: "historical" } }, control] }),
    );
    assert.deepEqual(
      keys(plan),
      ["M1", "M2"].map((source) => `cmip6_r1i1p1f1_${source}__cmip6.control_r1i1p1f1_${source}`),
    );
    assert.partialDeepStrictEqual(plan.unsatisfied, [{ requirement: "cmip6", step: "partner", groups: 1 }]);
  });

  test("optional requirements add what fits and never change the group's identity", () => {
    const wanted = provider("p", { requirements: [models, { ...observations, optional: true }] });
    const without = solved([{}], wanted).decisions[0] as Decision;
    const withThem = solved([{}, obs("O1"), obs("O2")], wanted).decisions[0] as Decision;
    assert.equal(withThem.key, without.key);
    assert.equal(withThem.selectorDigest, without.selectorDigest);
    assert.notEqual(withThem.fingerprint, without.fingerprint);
    assert.equal(withThem.datasets["obs4mips"]?.length, 2);
  });

  test("the first source type with any group is used", () => {
    const fallback = provider("p", {
      requirements: [{ ...observations, sourceType: ["obs4mips", "obs4ref"] }],
    });
    assert.deepEqual(keys(solved([{ type: "obs4ref", source: "O2" }], fallback)), ["obs4ref_O2"]);
    assert.deepEqual(keys(solved([obs("O1"), { type: "obs4ref", source: "O2" }], fallback)), ["obs4mips_O1"]);
  });

  test("of two sets with equal selectors the first counts", () => {
    const plan = solved(
      [{}, { variable: "pr" }],
      provider("p", {
        requirementSets: [[models], [{ ...models, filters: { variable_id: "pr" } }]],
      }),
    );
    assert.deepEqual(
      plan.decisions.map(({ set, reasons }) => [set, reasons[0].code]),
      [
        [0, "new"],
        [1, "shadowed"],
      ],
    );
  });
});

describe("digests", () => {
  test("the compatible hash has one line per file row", () => {
    const files = [
      ["1850-01-01 00:00:00", "1850-12-30 00:00:00"],
      ["1851-01-01 00:00:00", "1851-12-30 00:00:00"],
    ] as const;
    const rows: readonly Dataset[] = [
      { ...dataset({ files }), id: "a.v1" },
      { ...dataset({ variable: "pr" }), id: "b.v2" },
    ];
    const plan = solve(snapshotOf(rows), [provider("p", { requirements: [{ sourceType: "cmip6" }] })], {
      history: { groups: [] },
    });
    // SHA-1 of "cmip6:" and the SHA-1 of "a.v1\na.v1\nb.v2", which is 6209a116ab2159331bdd2094688555ca24b3a3de.
    assert.equal(plan.decisions[0]?.compatHash, "3e64a682bd2f58f3a0c23d1ed136dfc6214d6227");
  });

  test("the fingerprint follows contents and parameters, not paths", () => {
    const of = (datasets: readonly Dataset[], parameters = {}): string =>
      solve(snapshotOf(datasets), [provider("p", { requirements: [models], parameters })], {
        history: { groups: [] },
      }).decisions[0]?.fingerprint ?? "";
    const original = dataset({});
    const moved = {
      ...original,
      files: original.files.map((file) => ({ ...file, path: `moved/${file.path}` })),
    };
    assert.equal(of([moved]), of([original]));
    assert.notEqual(of([dataset({ content: "other" })]), of([original]));
    assert.notEqual(of([original], { years: 20 }), of([original]));
  });
});

describe("options", () => {
  const two = [
    provider("alpha", { requirements: [models] }, { requirements: [models] }),
    provider("beta", { requirements: [models] }),
  ];
  const catalog = [{}, { source: "M2" }];
  const names = (plan: Plan): readonly string[] => [
    ...new Set(plan.decisions.map((each) => `${each.provider}/${each.diagnostic}`)),
  ];

  test("provider and diagnostic filters contain, in any case; exclude is exact", () => {
    assert.deepEqual(names(solved(catalog, two, { providers: ["ALPH"] })), ["alpha/d1", "alpha/d2"]);
    assert.deepEqual(names(solved(catalog, two, { providers: ["alpha"], diagnostics: ["2", "x"] })), [
      "alpha/d2",
    ]);
    assert.deepEqual(names(solved(catalog, two, { providers: [], exclude: ["alpha/d1", "d"] })), [
      "alpha/d2",
      "beta/d1",
    ]);
  });

  test("dataset filters choose among groups and never thin them", () => {
    const grouped = provider("p", {
      requirements: [{ ...models, groupBy: ["experiment_id"] }, observations],
    });
    const plan = solved([...catalog, { source: "M3", experiment: "amip" }, obs("M1")], grouped, {
      datasets: { source_id: ["M1"] },
    });
    assert.deepEqual(keys(plan), ["cmip6_historical__obs4mips_M1"]);
    assert.equal(plan.decisions[0]?.datasets["cmip6"]?.length, 2);
    assert.equal(plan.hidden, 1);
    assert.equal(solved(catalog, two, { datasets: { source_id: [] } }).decisions.length, 0);
    assert.equal(solved(catalog, two, { datasets: { "obs4mips.source_id": ["x"] } }).decisions.length, 6);
  });

  test("dataset filters exclude, take globs and keep to one type; a missing facet meets exclusions only", () => {
    const each = provider("p", { requirements: [{ ...models, groupBy: ["source_id"] }, observations] });
    const lacking = { source: "M3", facets: { experiment_id: undefined } };
    const chosen = (...datasets: readonly string[]): readonly string[] =>
      keys(solved([{}, { source: "M2", experiment: "amip" }, lacking, obs("O1")], each, { datasets }));
    const [m1, m2, m3] = ["M1", "M2", "M3"].map((source) => `cmip6_${source}__obs4mips_O1`);
    assert.deepEqual(chosen("cmip6.source_id=M?"), [m1, m2, m3]);
    assert.deepEqual(chosen("cmip6.source_id=M*", "source_id!=M2"), [m1, m3]);
    assert.deepEqual(chosen("cmip6.experiment_id!=hist*"), [m2, m3]);
    assert.deepEqual(chosen("cmip6.experiment_id=*"), [m1, m2]);
    assert.deepEqual(chosen("source_id=M?"), [], "observations have the facet too");
    assert.deepEqual(chosen("cmip6.source_id=M1", "cmip6.source_id=M3"), [m1, m3]);
  });

  test("names are whole ones when asked", () => {
    const exact = { exactNames: true };
    assert.deepEqual(names(solved(catalog, two, { ...exact, providers: ["alpha"], diagnostics: ["d"] })), []);
    assert.deepEqual(names(solved(catalog, two, { ...exact, diagnostics: ["d2", "D1"] })), ["alpha/d2"]);
  });

  test("limits count runs; the rest are skips of that name", () => {
    const codes = (input: Partial<SolveInput>): readonly string[] =>
      solved(catalog, two, input).decisions.map(({ reasons }) => reasons[0].code);
    assert.deepEqual(codes({ limit: 1 }), ["new", ...new Array(5).fill("limit")]);
    assert.deepEqual(codes({ onePerProvider: true }), [
      "new",
      ...new Array(3).fill("one-per-provider"),
      "new",
      "one-per-provider",
    ]);
    const once = "one-per-diagnostic";
    assert.deepEqual(codes({ onePerDiagnostic: true }), ["new", once, "new", once, "new", once]);
  });

  test("the ignore list comes before all constraints", () => {
    const ignore = { beta: { d1: { cmip6: [{ source_id: "M2" }] } } };
    const plan = solved(catalog, two, { ignore });
    assert.deepEqual(
      plan.decisions.filter((each) => each.provider === "beta").map(({ key }) => key),
      ["cmip6_r1i1p1f1_M1"],
    );
    assert.partialDeepStrictEqual(plan.unsatisfied, [{ provider: "beta", step: "ignoreFacets", groups: 1 }]);
  });
});

describe("history", () => {
  const wanted = provider("p", { requirements: [models] });
  const pastGroup = (decision: Decision, over: Partial<PastGroup> = {}): PastGroup => ({
    rid: "G" as Rid,
    provider: "p",
    diagnostic: "d1",
    version: 1,
    selectorDigest: decision.selectorDigest,
    dirty: false,
    dirtyReason: undefined,
    current: "E" as Rid,
    systemFailures: 0,
    executions: [
      {
        rid: "E" as Rid,
        state: "published",
        fingerprint: decision.fingerprint,
        compatHash: decision.compatHash,
        failureClass: undefined,
        failureSignature: undefined,
        abortReason: undefined,
        held: false,
        alive: false,
        datasets: {},
        parametersDigest: "",
      },
    ],
    ...over,
  });
  const first = solved([{}], wanted).decisions[0] as Decision;

  test("solving again finds everything up to date", () => {
    const again = solved([{}], wanted, { history: { groups: [pastGroup(first)] } }).decisions[0];
    assert.partialDeepStrictEqual(again, { decision: "skip", group: "G", reasons: [{ code: "up-to-date" }] });
  });

  test("a group whose data is gone is orphaned, whatever filters hide; older versions are not", () => {
    const history = { groups: [pastGroup(first), pastGroup(first, { rid: "OLD" as Rid, version: 0 })] };
    assert.deepEqual(solved([{ source: "M2" }], wanted, { history }).orphaned, ["G"]);
    assert.deepEqual(solved([{}], wanted, { history, datasets: { source_id: ["none"] } }).orphaned, []);
    assert.deepEqual(solved([{ source: "M2" }], wanted, { history, providers: ["other"] }).orphaned, []);
  });
});

test("a constraint that throws is an error of its diagnostic alone", () => {
  const failing = customConstraint({
    name: "bad",
    apply: () => {
      throw new Error("boom");
    },
  });
  const plan = solved(
    [{}],
    provider("p", { requirements: [{ ...models, constraints: [failing] }] }, { requirements: [models] }),
  );
  assert.deepEqual(plan.errors, [
    { provider: "p", diagnostic: "d1", message: 'constraint "bad" threw: boom' },
  ]);
  assert.deepEqual(
    plan.decisions.map(({ diagnostic }) => diagnostic),
    ["d2"],
  );
});

test("the order of datasets, files and providers changes no byte", () => {
  const constraints = [
    requireContiguousTimerange(),
    requireFacets({ facet: "variable_id", values: ["tas", "pr"], match: "any" }),
    addSupplementary({ variable_id: "areacella" }),
  ];
  const providers = [
    provider("p", { requirements: [{ ...models, constraints }] }),
    provider("a", { requirements: [{ ...models, filters: {} }] }),
  ];
  const files = [
    ["1850-01-16 00:00:00", "1899-12-16 00:00:00"],
    ["1900-01-16 00:00:00", "2014-12-16 00:00:00"],
  ] as const;
  const value = (...values: readonly string[]): fc.Arbitrary<string> => fc.constantFrom(...values);
  const small: fc.Arbitrary<SmallDataset> = fc.record({
    source: value("M1", "M2"),
    member: value("r1i1p1f1", "r2i1p1f1", "ü"),
    variable: value("tas", "pr", "areacella"),
    experiment: value("a", "B"),
    version: value("v1", "v10", "v9", "x"),
    files: fc.constantFrom(files, [null]),
  });
  const catalogs = fc.uniqueArray(small, { selector: idOf, maxLength: 25 });
  const property = fc.property(catalogs, fc.integer(), (smalls, seed) => {
    const original = smalls.map(dataset);
    const shuffled = original
      .map((each, at) => ({ each: { ...each, files: each.files.toReversed() }, at: (at * 7919 + seed) % 31 }))
      .sort((a, b) => a.at - b.at)
      .map(({ each }) => each);
    const input = { history: { groups: [] } };
    const plan = solve(snapshotOf(original), providers, input);
    assert.equal(
      JSON.stringify(solve(snapshotOf(shuffled), providers.toReversed(), input)),
      JSON.stringify(plan),
    );
  });
  fc.assert(property, { numRuns: 150 });
});
