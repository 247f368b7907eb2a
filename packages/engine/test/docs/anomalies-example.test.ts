import assert from "node:assert/strict";
import { globSync, utimesSync } from "node:fs";
import { readFile } from "node:fs/promises";
import path from "node:path";
import { test } from "node:test";
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
});
