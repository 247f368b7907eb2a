import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import path from "node:path";
import { describe, test } from "node:test";
import { builtInSourceTypes } from "../../core/catalog/source-types.ts";
import { addParent } from "../../core/diagnostic/constraints/add-parent.ts";
import { addSupplementary } from "../../core/diagnostic/constraints/add-supplementary.ts";
import { ignoreFacets } from "../../core/diagnostic/constraints/ignore-facets.ts";
import { requireContiguousTimerange } from "../../core/diagnostic/constraints/require-contiguous-timerange.ts";
import { requireFacets } from "../../core/diagnostic/constraints/require-facets.ts";
import { requireOverlappingTimerange } from "../../core/diagnostic/constraints/require-overlapping-timerange.ts";
import { requireTimerange } from "../../core/diagnostic/constraints/require-timerange.ts";
import { selectFirstMember } from "../../core/diagnostic/constraints/select-first-member.ts";
import type { Provider } from "../../core/diagnostic/diagnostic.ts";
import { isAlmanacError } from "../../core/errors.ts";
import type { SolverDefinition } from "../../core/execution/definition.ts";
import { parseProviderFile } from "./parse.ts";
import type { SourceForm } from "./source-text.ts";

const golden = readFileSync(
  path.join(import.meta.dirname, "../../../test/golden/provider/provider-1.yaml"),
  "utf8",
);

function parse(text: string, form: SourceForm = "yaml"): Promise<Provider> {
  const sourceTypes = Object.values(builtInSourceTypes);
  return parseProviderFile(text, { file: `p.${form}`, form, folder: "/there", sourceTypes });
}

/** The problems of a text, without the count before them. */
async function problemsOf(text: string, form: SourceForm = "yaml"): Promise<readonly string[]> {
  try {
    await parse(text, form);
  } catch (error) {
    if (isAlmanacError(error, "PROVIDER_INVALID")) return error.facts["problems"] as readonly string[];
    throw error;
  }
  return [];
}

describe("a provider file", () => {
  test("of the oldest format declares everything that a module can, but functions", async () => {
    const { diagnostics, ...provider } = await parse(golden);
    assert.deepEqual(provider, { slug: "golden", name: "Every member of the format", version: "2.1.0" });
    const [all, plain] = diagnostics;
    assert.partialDeepStrictEqual(all, {
      slug: "all",
      name: "All constraints",
      version: 3,
      facets: ["source_id", "metric"],
      parameters: { years: 30, seasons: ["DJF", "JJA"] },
      limits: { timeoutSeconds: 60, memoryBytes: 1_000_000, cpus: 2 },
    });
    const [[model, reference, mask] = [], [cmip7] = []] = all?.requirementSets ?? [];
    assert.deepEqual(model, {
      name: "model",
      sourceType: "cmip6",
      filters: [{ variable_id: ["tas", "pr"], table_id: ["Amon"] }, { variable_id: ["ts"] }],
      groupBy: ["source_id", "variable_id"],
      constraints: [
        requireFacets({ facet: "variable_id", values: "tas", match: "any", groupBy: ["member_id"] }),
        ignoreFacets({ source_id: "BAD", member_id: ["r1i1p1f1"] }),
        addSupplementary({ variable_id: "areacella" }),
        addSupplementary({ variable_id: "sftlf" }, { matching: ["source_id"], optional: ["version"] }),
        addParent(),
        addParent({ map: { source_id: "parent_source_id" } }),
        requireTimerange({
          start: { year: 1980, month: 1 },
          end: { year: 2009, month: 12, day: 16, hour: 12, minute: 0, second: 0 },
          groupBy: ["source_id"],
          calendars: "by-spelling",
        }),
        requireContiguousTimerange({ calendars: "by-meaning" }),
        requireOverlappingTimerange({ groupBy: ["variable_id"] }),
        selectFirstMember({ facet: "variant_label", groupBy: ["grid_label"] }),
      ],
    });
    assert.partialDeepStrictEqual(reference, {
      sourceType: ["obs4mips", "esmvaltool-reference"],
      sameFacets: { model: ["variable_id"] },
    });
    assert.equal(mask?.optional, true);
    assert.deepEqual(cmip7?.constraints, [
      addSupplementary({ variable_id: "areacella" }, { sourceType: "cmip7" }),
      addParent({ sourceType: "cmip7" }),
    ]);
    assert.partialDeepStrictEqual(plain, { name: "plain", version: 1, parameters: {} });
  });

  test("has a command line in which words stand for folder, selectors and parameters", async () => {
    const { diagnostics } = await parse(golden);
    const computation = diagnostics[0]?.computation;
    assert.ok(computation?.kind === "command");
    const selectors = { model: [["source_id", "M1"]], reference: [["source_id", "OBS"]] } as const;
    const definition = { selectors, parameters: { years: 30 } } as unknown as SolverDefinition;
    assert.deepEqual(computation.command(definition), ["python3", "/there/compute.py", "M1", "30"]);
  });

  test("may be JSON or TOML", async () => {
    const data = {
      slug: "p",
      version: "1",
      diagnostics: [{ slug: "d", requirements: [{ sourceType: "cmip6" }], command: ["true"] }],
    };
    const toml = `slug = "p"\nversion = "1"\n[[diagnostics]]\nslug = "d"\ncommand = ["true"]
[[diagnostics.requirements]]\nsourceType = "cmip6"\n`;
    const shown = (provider: Provider): string => JSON.stringify(provider);
    assert.equal(shown(await parse(toml, "toml")), shown(await parse(JSON.stringify(data), "json")));
  });
});

const wrong = `slug: p
version: 1.0
diagnostic: []
diagnostics:
  - slug: Bad Slug
    requirements:
      - sourceType: cmip
        filters: {varable_id: tas}
        groupBy: [source_id, source_id]
        constraints:
          - kind: requireFacet
            facet: variable_id
          - kind: requireFacets
            fact: variable_id
            values: [tas]
          - {kind: addSupplementary, facets: {sauce_id: x}}
      - sourceType: cmip6
        filters: [{varable_id: tas}]
        constraints:
          - {kind: requireTimerange, start: {year: 1980, month: 13}}
    command: [run, "{selectors.model}", "$\{HOME}", "{print}"]
`;

describe("what is wrong with a file", () => {
  test("is all said at once, each with line, column, path and the nearest names", async () => {
    const problems = await problemsOf(wrong);
    const said: readonly RegExp[] = [
      /^p\.yaml:2:1: version: expected string, got number; write it in quotes$/,
      /^p\.yaml:3:1: diagnostic: unknown key "diagnostic"; did you mean diagnostics\?$/,
      /^p\.yaml:5:5: diagnostics\[0\]\.slug: the diagnostic slug "Bad Slug" may hold only/,
      /^p\.yaml:7:9: diagnostics\[0\]\.requirements\[0\]\.sourceType: unknown source type "cmip"; did you mean cmip/,
      /^p\.yaml:9:30: diagnostics\[0\]\.requirements\[0\]\.groupBy\[1\]: group-by names "source_id" twice$/,
      /^p\.yaml:11:13: diagnostics\[0\]\.requirements\[0\]\.constraints\[0\]\.kind: there is no constraint "requireFacet"; did you mean requireFacets/,
      /^p\.yaml:13:13: diagnostics\[0\]\.requirements\[0\]\.constraints\[1\]\.facet: it is missing \(string\)$/,
      /^p\.yaml:14:13: diagnostics\[0\]\.requirements\[0\]\.constraints\[1\]\.fact: unknown key "fact"; did you mean facet/,
      /^p\.yaml:18:20: diagnostics\[0\]\.requirements\[1\]\.filters\[0\]\.varable_id: a filter names "varable_id", .*did you mean variable_id or table_id\?$/,
      /^p\.yaml:20:58: diagnostics\[0\]\.requirements\[1\]\.constraints\[0\]\.start\.month: /,
      /^p\.yaml:21:20: diagnostics\[0\]\.command\[1\]: \{selectors\.model\} stands for nothing; /,
    ];
    assert.equal(problems.length, said.length, problems.join("\n"));
    for (const [at, expected] of said.entries()) assert.match(problems[at] ?? "", expected);
  });

  test("is said of TOML and JSON too", async () => {
    const toml = `slug = "p"\nversion = "1"\n\n[[diagnostics]]\nslug = "d"\ncommand = ["true"]

  [[diagnostics.requirements]]
  sourceType = "cmip6"

  [[diagnostics.requirements]]
  sourceType = "cmip7"
  groupBy = ["member_id"]

    [[diagnostics.requirements.constraints]]
    kind = "addParents"
`;
    assert.deepEqual(
      (await problemsOf(toml, "toml")).map((problem) => problem.replace(/;.*/, "")),
      [
        'p.toml:13:3: diagnostics[0].requirements[1].groupBy[0]: group-by names "member_id", which is no facet of cmip7',
        'p.toml:16:5: diagnostics[0].requirements[1].constraints[0].kind: there is no constraint "addParents"',
      ],
    );
    const json = '{"slug": "p", "version": "1",\n "diagnostics": {}}';
    assert.deepEqual(await problemsOf(json, "json"), ["p.json:2:2: diagnostics: expected array, got object"]);
  });

  test("may be its syntax", async () => {
    assert.match((await problemsOf("slug: [p\nversion: 1"))[0] ?? "", /^p\.yaml:\d+:\d+: /);
    assert.match((await problemsOf('{"slug": "p",}', "json"))[0] ?? "", /^p\.json:1:14: /);
    assert.match((await problemsOf('slug = "p"\nversion = \n', "toml"))[0] ?? "", /^p\.toml:2:\d+: /);
  });

  test("may be what YAML allows and a declaration does not: only the first place is said, the rest follows from it", async () => {
    const head = 'slug: p\nversion: "1"\n';
    const cases: readonly (readonly [string, RegExp])[] = [
      [`${head}\tname: x\n  y: z\n`, /^p\.yaml:3:1: Tabs are not allowed/],
      [`${head}name: !!js/function "x"\n`, /^p\.yaml:3:7: Unresolved tag: tag:yaml\.org,2002:js\/function/],
      [`${head}---\n${head}`, /^p\.yaml:3:1: the file holds several documents; one is allowed$/],
      [`${head}parameters: &a { x: *a }\n`, /^p\.yaml:3:21: \*a stands within what it stands for$/],
    ];
    for (const [text, said] of cases) {
      const problems = await problemsOf(text);
      assert.match(problems[0] ?? "", said);
      assert.equal(problems.length, 1);
    }
    const bomb = Array.from({ length: 9 }, (_, at) => `a${at}: &a${at} [${`*a${at - 1}, `.repeat(9)}]`).slice(
      1,
    );
    const [said] = await problemsOf(`a0: &a0 [x]\n${bomb.join("\n")}\n`);
    assert.equal(said, "p.yaml:1:1: aliases (*name) stand for too much; write it out");
  });

  test("may be that it is not UTF-8", async () => {
    const read = (bytes: Uint8Array) =>
      parseProviderFile(bytes, { file: "p.toml", form: "toml", folder: "/there", sourceTypes: undefined });
    const latin = Buffer.from('slug = "p"\nname = "Köln"\n', "latin1");
    await assert.rejects(read(latin), /p\.toml:2:10: this is not UTF-8; save the file as UTF-8/);
    const wide = Buffer.from('\uFEFFslug = "p"\n', "utf16le");
    await assert.rejects(read(wide), /p\.toml:1:1: this is not UTF-8/);
    const marked = Buffer.from('\uFEFFslug = "p"\nversion = "1"\ndiagnostics = 1\n', "utf8");
    await assert.rejects(read(marked), /p\.toml:3:1: diagnostics: expected array, got number/);
  });

  test("may be its meaning: alternatives twice, defaults that are not there", async () => {
    const text = `slug: p
version: "1"
diagnostics:
  - slug: d
    requirements: [{sourceType: obs4mips, constraints: [{kind: addParent}, {kind: addSupplementary, facets: {variable_id: x}}]}]
    requirementSets: [[{sourceType: cmip6}]]
    command: ["true"]
  - slug: e
    command: ["true"]
`;
    assert.deepEqual(await problemsOf(text), [
      "p.yaml:5:57: diagnostics[0].requirements[0].constraints[0]: addParent has no default for obs4mips: give map",
      "p.yaml:5:76: diagnostics[0].requirements[0].constraints[1]: addSupplementary has no default for obs4mips: give matching and optional",
      "p.yaml:6:5: diagnostics[0].requirementSets: give requirements or requirementSets, not both",
      "p.yaml:8:5: diagnostics[1]: it has no requirement",
    ]);
  });
});
