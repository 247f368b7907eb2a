import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { cmip6 } from "../catalog/cmip6.ts";
import { isAlmanacError } from "../errors.ts";
import { addParent } from "./constraints/add-parent.ts";
import { addSupplementary } from "./constraints/add-supplementary.ts";
import { ignoreFacets } from "./constraints/ignore-facets.ts";
import { requireFacets } from "./constraints/require-facets.ts";
import { type DiagnosticInput, defineDiagnostic, defineProvider } from "./define.ts";
import type { RequirementInput } from "./requirement.ts";
import { providerProblems, validateProvider } from "./validate.ts";

const tas: RequirementInput = {
  sourceType: "cmip6",
  filters: { variable_id: "tas" },
  groupBy: ["source_id"],
};

function problems(...diagnostics: readonly Partial<DiagnosticInput>[]): readonly string[] {
  return problemsOf("p", ...diagnostics);
}

function problemsOf(slug: string, ...diagnostics: readonly Partial<DiagnosticInput>[]): readonly string[] {
  const defined = diagnostics.map((each) => defineDiagnostic({ slug: "d", command: ["true"], ...each }));
  return providerProblems(defineProvider({ slug, version: "1", diagnostics: defined }), [cmip6]);
}

const one = (input: Partial<RequirementInput>): readonly string[] =>
  problems({ requirements: [{ ...tas, ...input }] });

describe("a provider's declarations", () => {
  test("are fine with all the constraints of a real diagnostic", () => {
    const constraints = [
      addParent(),
      requireFacets({ facet: "variable_id", values: ["tas"] }),
      addSupplementary({ variable_id: "areacella" }),
    ];
    assert.deepEqual(one({ constraints }), []);
  });

  test("name known source types and facets", () => {
    assert.deepEqual(one({ sourceType: "cmip" }), [
      'd: requirement "cmip": unknown source type "cmip"; did you mean cmip6?',
    ]);
    assert.match(
      one({ filters: { variable: "tas" } })[0] ?? "",
      /a filter names "variable", .* did you mean .*variable_id/,
    );
    assert.match(
      one({ constraints: [ignoreFacets({ sauce_id: "x" })] })[0] ?? "",
      /ignoreFacets names "sauce_id"/,
    );
  });

  test("filter and group on what the path tells", () => {
    assert.match(one({ filters: { parent_source_id: "x" } })[0] ?? "", /known only after opening/);
    assert.match(one({ groupBy: ["realm"] })[0] ?? "", /known only after opening/);
  });

  test("have requirements", () => {
    assert.deepEqual(problems({}), ["d: it has no requirement"]);
    assert.deepEqual(problems({ requirementSets: [[tas], []] }), ["d: set 2: the requirement set is empty"]);
    assert.match(one({ optional: true })[0] ?? "", /all requirements of the set are optional/);
  });

  test("have slugs that are unique, well-formed and not reserved", () => {
    assert.deepEqual(problems({ requirements: [tas] }, { requirements: [tas] }), [
      'two diagnostics have the slug "d"',
    ]);
    assert.match(problems({ slug: "A b", requirements: [tas] })[0] ?? "", /diagnostic slug "A b"/);
    assert.deepEqual(problems({ slug: "emp-gleamgpcp2.3", requirements: [tas] }), []);
    for (const slug of ["a..b", "a.", ".a"])
      assert.match(problems({ slug, requirements: [tas] })[0] ?? "", /diagnostic slug/);
    for (const slug of ["runs", "datasets"])
      assert.deepEqual(problemsOf(slug, { requirements: [tas] }), [`the slug "${slug}" is reserved`]);
  });

  test("name requirements apart and join on facets both have", () => {
    assert.match(problems({ requirements: [tas, tas] })[0] ?? "", /two requirements are called "cmip6"/);
    const joined = { ...tas, name: "control", sameFacets: { cmip6: ["member_id"], other: ["source_id"] } };
    assert.deepEqual(problems({ requirements: [tas, joined] }), [
      'd: requirement "control": sameFacets facet "member_id" must be in the group-by of both requirements',
      'd: requirement "control": sameFacets names "other", which is no requirement of the set',
    ]);
  });

  test("are all reported at once", () => {
    const provider = defineProvider({
      slug: "P",
      version: "",
      diagnostics: [defineDiagnostic({ slug: "d", version: 0, command: ["true"] })],
    });
    assert.throws(
      () => validateProvider(provider, [cmip6]),
      (error) =>
        isAlmanacError(error, "PROVIDER_INVALID") &&
        (error.facts["problems"] as readonly string[]).length === 4,
    );
  });
});

describe("defineDiagnostic", () => {
  test("refuses requirements beside sets, and no or two computations", () => {
    const refused = { code: "PROVIDER_INVALID" };
    assert.throws(
      () => defineDiagnostic({ slug: "d", command: ["x"], requirements: [tas], requirementSets: [[tas]] }),
      refused,
    );
    assert.throws(() => defineDiagnostic({ slug: "d", requirements: [tas] }), refused);
    assert.throws(
      () => defineDiagnostic({ slug: "d", requirements: [tas], command: ["x"], run: () => {} }),
      refused,
    );
  });

  test("fills in defaults, copies and freezes", () => {
    const groupBy = ["source_id"];
    const diagnostic = defineDiagnostic({
      slug: "d",
      command: ["x"],
      requirements: [{ sourceType: "cmip6", groupBy }],
    });
    groupBy.push("other");
    assert.deepEqual(diagnostic.requirementSets[0]?.[0], {
      sourceType: "cmip6",
      filters: [],
      groupBy: ["source_id"],
      constraints: [],
    });
    assert.partialDeepStrictEqual(diagnostic, { name: "d", version: 1, parameters: {} });
    assert.ok(Object.isFrozen(diagnostic.requirementSets[0]?.[0]?.groupBy));
  });
});
