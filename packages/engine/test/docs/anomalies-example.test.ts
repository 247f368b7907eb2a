import assert from "node:assert/strict";
import { existsSync, globSync, utimesSync } from "node:fs";
import { readFile } from "node:fs/promises";
import path from "node:path";
import { test } from "node:test";
import { withNetcdf } from "../../src/entry/library/science.ts";
import { writeSyntheticArchive } from "../../src/entry/library/testing.ts";
import { CommandLineProject } from "../support/command-line.ts";

const example = path.resolve(import.meta.dirname, "../../../../docs/examples/anomalies/pipeline.ts");

test("anomalies of CMIP6 files: exactly what a change concerns is made again", async (t) => {
  const project = new CommandLineProject(t);
  project.write("pipeline.ts", await readFile(example, "utf8"));
  await writeSyntheticArchive(project.path("archive"), { models: 1 });
  const ran = (...words: readonly string[]): unknown => project.json("build", ...words)["ran"];
  assert.deepEqual(ran(), ["global_mean", "anomaly", "plot"]);
  const [file = ""] = globSync("**/tas_Amon_SYNTH-A_historical_*.nc", { cwd: project.path("archive") });
  utimesSync(project.path("archive", file), new Date(), new Date());
  assert.deepEqual(ran(), [], "touched");
  assert.deepEqual(ran("--set", "figure.title=Warming"), ["plot"]);
  assert.deepEqual(ran("--set", "baseline=[2000,2009]"), ["anomaly", "plot"]);
  assert.deepEqual(ran(), [], "back again");
  project.succeed("products", "export", "figure", "figure.svg");
  assert.match(await readFile(project.path("figure.svg"), "utf8"), /<svg[\s\S]*Global mean temperature/);
  project.succeed("products", "export", "anomaly", "anomaly.json");
  const { years, values } = JSON.parse(await readFile(project.path("anomaly.json"), "utf8")) as {
    readonly years: readonly number[];
    readonly values: readonly number[];
  };
  const reference = values.filter((_, at) => (years[at] ?? 0) <= 1999);
  assert.equal(years[0], 1990);
  assert.ok(Math.abs(reference.reduce((sum, value) => sum + value, 0)) < 1e-9);
  const none = project.run("build", "--set", "baseline=[1700,1710]");
  assert.match(none.stderr, /no year from 1700 to 1710 is in the files/);
  assert.notEqual(none.status, 0);
  assert.match(
    project.run("build", "--set", "archive=nowhere").stderr,
    /there is no file tas_Amon_SYNTH-A_historical_r1i1p1f1_gn_\*\.nc below nowhere/,
  );
});

const realFiles = path.resolve(import.meta.dirname, "../../../../../shared/data/sample");

test("anomalies of a real model's files", {
  skip: !existsSync(realFiles) && "the real CMIP6 files are not beside the repository",
}, async (t) => {
  const project = new CommandLineProject(t);
  project.write("pipeline.ts", await readFile(example, "utf8"));
  const dataset = "tas_Amon_ACCESS-ESM1-5_historical_r1i1p1f1_gn";
  const settings = { archive: realFiles, dataset, baseline: "[2000,2009]" };
  const words = Object.entries(settings).flatMap(([name, value]) => ["--set", `${name}=${value}`]);
  assert.deepEqual(project.json("build", ...words)["ran"], ["global_mean", "anomaly", "plot"]);
  project.succeed("products", "export", "global_mean", "mean.json", ...words);
  const mean = JSON.parse(await readFile(project.path("mean.json"), "utf8")) as {
    readonly years: readonly number[];
    readonly values: readonly number[];
    readonly units: string;
  };
  assert.deepEqual([mean.years.length, mean.years[0], mean.units], [15, 2000, "K"]);
  const [file = ""] = globSync(`**/${dataset}_*.nc`, { cwd: realFiles });
  const first = await withNetcdf(path.join(realFiles, file), (opened) => firstYear(opened));
  assert.ok(Math.abs((mean.values[0] ?? 0) - first) < 1e-6, `${mean.values[0]} ${first}`);
});

/** The mean of the year 2000, a leap year, cell by cell. */
function firstYear({ read }: { readonly read: (name: string) => Float64Array }): number {
  const [field, latitudes, longitudes] = [read("tas"), read("lat"), read("lon")];
  const days = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
  let [sum, weights] = [0, 0];
  for (const [month, length] of days.entries())
    for (const [row, latitude] of latitudes.entries())
      for (const column of longitudes.keys()) {
        const weight = length * Math.cos((latitude * Math.PI) / 180);
        const at = (month * latitudes.length + row) * longitudes.length + column;
        sum += weight * (field[at] ?? Number.NaN);
        weights += weight;
      }
  return sum / weights;
}
