import assert from "node:assert/strict";
import { existsSync, mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { after, test } from "node:test";
import { datasetsBelow, select } from "../../../test/support/cmip6-folder.ts";
import { writeNetcdf } from "../../adapters/netcdf/writer.ts";
import { cmip6 } from "../../core/catalog/cmip6.ts";
import { validateProvider } from "../../core/diagnostic/validate.ts";
import { openNetcdf } from "../../entry/library/science.ts";
import {
  type DiagnosticTest,
  type TestDataset,
  testDiagnostic,
  writeSyntheticArchive,
} from "../../entry/library/testing.ts";
import climate from "./provider.ts";

const folder = mkdtempSync(path.join(tmpdir(), "almanac-climate-"));
after(() => rmSync(folder, { recursive: true }));
const archive = await writeSyntheticArchive(path.join(folder, "archive"));
const datasets = datasetsBelow(archive.root).filter(({ facets }) => facets["variable_id"] !== "ts");

async function run(slug: string, inputs: readonly TestDataset[]): Promise<DiagnosticTest> {
  const diagnostic = climate.diagnostics.find((each) => each.slug === slug);
  assert.ok(diagnostic !== undefined);
  const options = { datasets: inputs, provider: "climate", folder: path.join(folder, "runs") };
  const recorded = await testDiagnostic(diagnostic, options);
  if (recorded.failure !== undefined) throw new Error(recorded.failure.message);
  for (const { path: output } of recorded.outputs)
    assert.ok(statSync(path.join(recorded.folder, output)).size > 500, `${output} is written`);
  for (const { dimensions, units, value } of recorded.scalars) {
    for (const required of ["metric", "region", "season", "statistic"])
      assert.ok(dimensions[required], required);
    assert.ok(units !== undefined && Number.isFinite(value));
  }
  for (const series of recorded.series) {
    assert.equal(series.values.length, series.index.length);
    assert.equal(new Set(series.index).size, series.index.length);
    assert.ok(series.valueUnits !== undefined && series.valueLongName !== undefined);
  }
  return recorded;
}

function inputsOf(
  source: string,
  experiments: readonly string[],
  variables: readonly string[],
): readonly TestDataset[] {
  const model = select(datasets, { source_id: [source] });
  return [
    ...select(model, { experiment_id: experiments, variable_id: variables }),
    ...select(model, { table_id: ["fx"] }),
  ];
}

function valueOf({ scalars }: DiagnosticTest, metric: string): number {
  return scalars.find(({ dimensions }) => dimensions["metric"] === metric)?.value ?? Number.NaN;
}

test("the declarations are valid for the source type", () => {
  validateProvider(climate, [cmip6]);
  assert.deepEqual(
    climate.diagnostics.map(({ slug }) => slug),
    [
      "global-mean-timeseries",
      "annual-cycle",
      "equilibrium-climate-sensitivity",
      "transient-climate-response",
      "trend-map",
    ],
  );
});

const radiation = ["tas", "rsdt", "rsut", "rlut"];

for (const model of archive.models.filter(({ hasLongwave }) => hasLongwave))
  test(`${model.source}: sensitivity, feedback and forcing are those it was made with`, async () => {
    const recorded = await run(
      "equilibrium-climate-sensitivity",
      inputsOf(model.source, ["abrupt-4xCO2", "piControl"], radiation),
    );
    assert.ok(Math.abs(valueOf(recorded, "ecs") - model.ecs) < 1e-4);
    assert.ok(Math.abs(valueOf(recorded, "feedback-parameter") - model.climate.feedback) < 1e-4);
    assert.ok(
      Math.abs(valueOf(recorded, "effective-radiative-forcing-4xCO2") - model.climate.forcing) < 1e-4,
    );
    const attributes = recorded.scalars[0]?.attributes ?? {};
    assert.equal(attributes["years"], 30);
    assert.equal(attributes["control_year_offset"], 100);
    assert.match(String(attributes["note"]), /30 years used; 150 are customary/);
    assert.equal(attributes["weights"], model.hasAreas ? "areacella" : "cos(latitude)");
  });

for (const model of archive.models)
  test(`${model.source}: transient response is the one it was made with`, async () => {
    const inputs = inputsOf(model.source, ["1pctCO2", "piControl"], ["tas"]);
    const recorded = await run("transient-climate-response", inputs);
    assert.ok(Math.abs(valueOf(recorded, "tcr") - model.tcr) < 1e-4);
  });

test("without one of the fluxes the sensitivity fails and names what lacks", async () => {
  const inputs = inputsOf("SYNTH-C", ["abrupt-4xCO2", "piControl"], radiation);
  await assert.rejects(run("equilibrium-climate-sensitivity", inputs), /variable_id=rlut/);
});

test("a global mean without cell areas says how it was weighted, in the value, the log and the figure", async () => {
  const recorded = await run("global-mean-timeseries", inputsOf("SYNTH-B", ["historical"], ["tas"]));
  assert.equal(recorded.scalars[0]?.attributes["weights"], "cos(latitude)");
  assert.ok(/WARN .*cosine of their latitude/.test(recorded.log));
  assert.ok(recorded.series.every(({ valueLongName }) => valueLongName?.includes("cos(latitude)")));
  assert.deepEqual(
    recorded.series.map(({ values }) => values.length),
    [300, 25],
  );
  assert.equal(recorded.series[0]?.calendar, "360_day");
});

test("the data file has the input's time axis, units and missing values", async () => {
  const recorded = await run("global-mean-timeseries", inputsOf("SYNTH-A", ["historical"], ["pr"]));
  const name = recorded.outputs.find((output) => output.path.endsWith(".nc"))?.path ?? "";
  const file = await openNetcdf(path.join(recorded.folder, name));
  assert.equal(file.requireVariable("time").attributes["calendar"], "noleap");
  assert.equal(file.requireVariable("pr").attributes["units"], "kg m-2 s-1");
  assert.equal(file.read("pr").length, 300);
  assert.match(String(file.attributes["history"]), /climate\/global-mean-timeseries version 1/);
  file.close();
});

test("the annual cycle has twelve months and its range", async () => {
  const recorded = await run("annual-cycle", inputsOf("SYNTH-A", ["historical"], ["tas"]));
  const values = (recorded.series[0]?.values ?? []).map((value) => value ?? Number.NaN);
  assert.equal(values.length, 12);
  assert.ok(Math.abs(valueOf(recorded, "annual-cycle") - (Math.max(...values) - Math.min(...values))) < 1e-9);
});

test("the trend of the area mean is near the one made, and the map holds every cell", async () => {
  const recorded = await run("trend-map", inputsOf("SYNTH-A", ["historical"], ["tas"]));
  assert.ok(Math.abs(valueOf(recorded, "trend") - 0.22) < 0.06);
  assert.equal(recorded.scalars[0]?.units, "K decade-1");
  const file = await openNetcdf(path.join(recorded.folder, "tas_trend.nc"));
  assert.ok(file.read("tas_trend").every((value) => Number.isFinite(value)));
  file.close();
});

/** Two years of `ta` on two rows of cells. */
async function writeLevels(
  name: string,
  pressures: readonly number[],
  latitudes: readonly number[],
): Promise<TestDataset> {
  const file = path.join(folder, name);
  const nTime = 24;
  await writeNetcdf(file, {
    dimensions: { time: nTime, plev: pressures.length, lat: latitudes.length, lon: 4 },
    variables: [
      {
        name: "time",
        dimensions: ["time"],
        data: Float64Array.from({ length: nTime }, (_, at) => 15 + 30 * at),
        attributes: { units: "days since 2000-01-01", calendar: "360_day" },
      },
      { name: "plev", dimensions: ["plev"], data: Float64Array.from(pressures), attributes: { units: "Pa" } },
      {
        name: "lat",
        dimensions: ["lat"],
        data: Float64Array.from(latitudes),
        attributes: { units: "degrees_north" },
      },
      {
        name: "lon",
        dimensions: ["lon"],
        data: Float64Array.of(0, 90, 180, 270),
        attributes: { units: "degrees_east" },
      },
      {
        name: "ta",
        dimensions: ["time", "plev", "lat", "lon"],
        data: Float64Array.from({ length: nTime * pressures.length * latitudes.length * 4 }, (_, at) => {
          const level = Math.floor(at / (latitudes.length * 4)) % pressures.length;
          return 200 + 10 * level;
        }),
        attributes: { units: "K", long_name: "Air Temperature" },
      },
    ],
    attributes: {},
  });
  return {
    facets: {
      source_id: "S",
      experiment_id: "historical",
      member_id: "r1i1p1f1",
      table_id: "Amon",
      variable_id: "ta",
      grid_label: "gn",
    },
    files: [file],
  };
}

test("a variable with levels gives 850, 500 and 200 hPa", async () => {
  const dataset = await writeLevels("levels.nc", [100000, 85000.00000001, 50000, 20000], [-60, -20, 20, 60]);
  const recorded = await run("global-mean-timeseries", [dataset]);
  assert.deepEqual(
    recorded.scalars.map(({ dimensions, value }) => [
      dimensions["level"],
      dimensions["region"],
      Math.round(value ?? 0),
    ]),
    [
      ["200", "global", 230],
      ["500", "global", 220],
      ["850", "global", 210],
    ],
  );
});

test("without these levels all are given, and a part of the globe is not called global", async () => {
  const dataset = await writeLevels("corner.nc", [100000, 92500], [86, 88]);
  const recorded = await run("global-mean-timeseries", [dataset]);
  assert.deepEqual(
    recorded.scalars.map(({ dimensions }) => [
      dimensions["level"],
      dimensions["region"],
      dimensions["metric"],
    ]),
    [
      ["925", "domain", "regional-mean"],
      ["1000", "domain", "regional-mean"],
    ],
  );
  assert.ok(/WARN .*not all of 850, 500, 200/.test(recorded.log));
  assert.ok(/WARN .*not global/.test(recorded.log));
  assert.match(String(recorded.scalars[0]?.attributes["domain"]), /latitude 85 to 89/);
});

test("figures are there as SVG and PNG", async () => {
  const recorded = await run("trend-map", inputsOf("SYNTH-A", ["historical"], ["pr"]));
  for (const suffix of [".svg", ".png"]) {
    const output = recorded.outputs.find(({ path: name }) => name.endsWith(suffix));
    assert.ok(output !== undefined && existsSync(path.join(recorded.folder, output.path)));
    assert.ok(output.longName.length > 0);
  }
});

test("numbers in units that nobody can read are not given", async () => {
  const file = path.join(folder, "tas_florins.nc");
  const time = Float64Array.from({ length: 24 }, (_, at) => at * 30 + 15);
  await writeNetcdf(file, {
    attributes: {},
    dimensions: { time: 24, lat: 2, lon: 2 },
    variables: [
      {
        name: "time",
        dimensions: ["time"],
        data: time,
        attributes: { units: "days since 2000-01-01", calendar: "360_day" },
      },
      {
        name: "lat",
        dimensions: ["lat"],
        data: Float64Array.of(-45, 45),
        attributes: { units: "degrees_north" },
      },
      {
        name: "lon",
        dimensions: ["lon"],
        data: Float64Array.of(0, 180),
        attributes: { units: "degrees_east" },
      },
      {
        name: "tas",
        dimensions: ["time", "lat", "lon"],
        data: new Float64Array(96).fill(280),
        attributes: { units: "florins" },
      },
    ],
  });
  const facets = { variable_id: "tas", table_id: "Amon", source_id: "X", experiment_id: "historical" };
  const inputs = [{ facets, files: [file] }];
  for (const slug of ["global-mean-timeseries", "annual-cycle"])
    await assert.rejects(run(slug, inputs), /"florins" is not a known unit/, slug);
});
