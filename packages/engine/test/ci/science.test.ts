import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { after, before, describe, it } from "node:test";
import { type DiagnosticTest, type TestDataset, testDiagnostic } from "../../src/entry/library/testing.ts";
import climate from "../../src/providers/climate/provider.ts";
import { datasetsBelow, select } from "../support/cmip6-folder.ts";

const engine = path.resolve(import.meta.dirname, "../..");
const realFiles = path.resolve(engine, "../../../shared/data");
const python = process.env["ALMANAC_TEST_PYTHON"];
const skip =
  python === undefined
    ? "ALMANAC_TEST_PYTHON names no Python with xarray"
    : !existsSync(realFiles) && "the real CMIP6 files are not beside the repository";

interface ReferenceMeans {
  readonly mean: number;
  readonly monthly: readonly (number | null)[];
  readonly annual: readonly (number | null)[];
  readonly cycle: readonly (number | null)[];
  readonly trend: number | null;
}

interface Reference {
  readonly means: Readonly<Record<string, ReferenceMeans>>;
  readonly sensitivity: {
    readonly ecs: number;
    readonly feedback: number;
    readonly forcing: number;
    readonly tcr: number;
    readonly years: number;
  };
}

/** Every number within 1e-6 of the reference, relative to it; missing where it is missing. */
function assertClose(
  actual: readonly (number | null)[],
  expected: readonly (number | null)[],
  what: string,
): void {
  assert.equal(actual.length, expected.length, `${what}: number of values`);
  for (const [at, value] of actual.entries()) {
    const wanted = expected[at] ?? null;
    if (value === null || wanted === null) {
      assert.equal(value, wanted, `${what} [${at}]`);
      continue;
    }
    const difference = Math.abs(value - wanted) / Math.abs(wanted);
    assert.ok(difference <= 1e-6, `${what} [${at}]: ${value}, the reference has ${wanted}`);
  }
}

describe("numbers on real files against xarray", { skip }, () => {
  let reference: Reference;
  let folder: string;
  let datasets: readonly TestDataset[];

  before(() => {
    const script = path.join(import.meta.dirname, "reference.py");
    const printed = execFileSync(python ?? "", [script, realFiles], { maxBuffer: 1e9, encoding: "utf8" });
    reference = JSON.parse(printed) as Reference;
    folder = mkdtempSync(path.join(tmpdir(), "almanac-science-"));
    datasets = datasetsBelow(realFiles);
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  async function run(slug: string, inputs: readonly TestDataset[]): Promise<DiagnosticTest> {
    const diagnostic = climate.diagnostics.find((each) => each.slug === slug);
    assert.ok(diagnostic !== undefined);
    const tested = await testDiagnostic(diagnostic, { datasets: inputs, provider: "climate", folder });
    assert.equal(tested.failure, undefined, tested.failure?.message);
    return tested;
  }

  function withCells(dataset: TestDataset): readonly TestDataset[] {
    const { source_id = "" } = dataset.facets;
    return [dataset, ...select(datasets, { source_id: [source_id], table_id: ["fx"] })];
  }

  function nameOf({ facets }: TestDataset, level: string | undefined): string {
    const parts = ["source_id", "experiment_id", "member_id", "variable_id"].map((facet) => facets[facet]);
    return [...parts, ...(level === undefined ? [] : [level])].join("/");
  }

  const single = () => datasets.filter(({ facets }) => ["Amon", "Lmon"].includes(facets["table_id"] ?? ""));

  it("gives the same monthly, annual and whole means of every dataset and level", async () => {
    const seen = new Set<string>();
    for (const dataset of single()) {
      const recorded = await run("global-mean-timeseries", withCells(dataset));
      for (const { dimensions, value } of recorded.scalars) {
        const name = nameOf(dataset, dimensions["level"]);
        const wanted = reference.means[name];
        assert.ok(wanted !== undefined, name);
        assertClose([value], [wanted.mean], `${name} mean`);
        const seriesOf = (statistic: string) =>
          recorded.series.find(
            (each) =>
              each.dimensions["statistic"] === statistic && each.dimensions["level"] === dimensions["level"],
          )?.values ?? [];
        assertClose(seriesOf("monthly mean"), wanted.monthly, `${name} monthly`);
        assertClose(seriesOf("annual mean"), wanted.annual, `${name} annual`);
        seen.add(name);
      }
    }
    assert.deepEqual([...seen].sort(), Object.keys(reference.means).sort());
  });

  it("gives the same annual cycles", async () => {
    for (const dataset of single()) {
      const recorded = await run("annual-cycle", withCells(dataset));
      for (const { dimensions, values } of recorded.series) {
        const name = nameOf(dataset, dimensions["level"]);
        assertClose(values, reference.means[name]?.cycle ?? [], `${name} cycle`);
      }
    }
  });

  it("gives the same trends", async () => {
    const wanted = {
      variable_id: ["tas", "ts", "pr"],
      experiment_id: ["historical", "ssp126", "1pctCO2", "hist-GHG"],
    };
    for (const dataset of select(datasets, wanted)) {
      const recorded = await run("trend-map", withCells(dataset));
      const name = nameOf(dataset, undefined);
      assertClose(
        [recorded.scalars[0]?.value ?? null],
        [reference.means[name]?.trend ?? null],
        `${name} trend`,
      );
    }
  });

  it("gives the same climate sensitivity and transient response within 0.01 K", async () => {
    const model = select(datasets, { source_id: ["ACCESS-ESM1-5"] });
    const sensitivity = await run(
      "equilibrium-climate-sensitivity",
      select(model, { experiment_id: ["abrupt-4xCO2", "piControl"] }),
    );
    const response = await run(
      "transient-climate-response",
      select(model, { experiment_id: ["1pctCO2", "piControl"], variable_id: ["tas", "areacella"] }),
    );
    const found = Object.fromEntries(
      [...sensitivity.scalars, ...response.scalars].map(({ dimensions, value }) => [
        dimensions["metric"],
        value ?? NaN,
      ]),
    );
    assert.ok(Math.abs((found["ecs"] ?? NaN) - reference.sensitivity.ecs) < 0.01);
    assert.ok(Math.abs((found["tcr"] ?? NaN) - reference.sensitivity.tcr) < 0.01);
    assert.ok(Math.abs((found["feedback-parameter"] ?? NaN) - reference.sensitivity.feedback) < 0.01);
    assert.equal(sensitivity.scalars[0]?.attributes["years"], reference.sensitivity.years);
    // The model's published values are 3.9 K (150 years) and 2.0 K; 25 years give less.
    assert.ok((found["ecs"] ?? NaN) > 2.5 && (found["ecs"] ?? NaN) < 4.5);
    assert.ok((found["tcr"] ?? NaN) > 1.5 && (found["tcr"] ?? NaN) < 2.5);
  });
});
