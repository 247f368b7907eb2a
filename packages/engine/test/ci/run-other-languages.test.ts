import assert from "node:assert/strict";
import { cpSync, readFileSync } from "node:fs";
import path from "node:path";
import { test } from "node:test";
import { CommandLineProject } from "../support/command-line.ts";

const example = path.resolve(import.meta.dirname, "../../../../docs/examples/recorded-run");

type Row = Readonly<Record<string, unknown>>;

function run(project: CommandLineProject, ...words: readonly string[]): Row {
  return JSON.parse(project.succeed("run", "--json", ...words)) as Row;
}

test("a run in Python: inputs and configuration in, files and values out, and a shell script goes on from them", (t) => {
  const project = new CommandLineProject(t);
  cpSync(example, project.folder, { recursive: true });
  project.succeed("init");
  const given = ["--input", "growth.csv", "-p", "penalty=0", "--description", "Fit in Python"];
  const fit = run(project, ...given, "--", "python3", "fit.py");
  assert.equal(fit["state"], "published");
  const [slope] = project.json("values", "list", "metric=slope").items;
  assert.ok(Math.abs(Number(slope?.["value"]) - 1.99) < 1e-12, "least squares of the five points, by hand");
  assert.match(String((fit["workflow"] as Row)["name"]), /fit/, "the script is the workflow");
  const stored = fit["stored"] as Row[];
  const names = stored.filter(({ kind }) => kind === "execution-asset").map(({ fileName }) => fileName);
  assert.deepEqual(new Set(names), new Set(["model.json", "residuals.csv"]));
  assert.match(project.succeed("logs", String(fit["rid"])), /fitted 5 points/);

  const model = String(stored.find(({ fileName }) => fileName === "model.json")?.["rid"]);
  const card = run(project, "--asset", model, "--", "sh", "describe.sh");
  const file = project.path("results/runs/describe", String(card["rid"]), "model card.txt");
  assert.match(readFileSync(file, "utf8"), /^model: \{"slope": 1\.9/);
  const lineage = project.succeed("lineage", String(card["rid"]));
  for (const name of [/model\.json/, /growth\.csv/]) assert.match(lineage, name);

  const weaker = run(project, "--from", String(fit["rid"]), "-p", "penalty=10");
  const differences = project.run("executions", "diff", String(fit["rid"]), String(weaker["rid"]));
  assert.match(differences.stdout, /penalty/);
  const slopes = project.json("values", "list", "metric=slope").items.map(({ value }) => Number(value));
  assert.ok(Math.abs((slopes[1] ?? 0) - 0.995) < 1e-12, slopes.join());
});

test("a Python script that fails makes a failed run that tells what it said", (t) => {
  const project = new CommandLineProject(t);
  project.succeed("init");
  project.write("broken.py", 'import sys\nprint("half way")\nsys.exit("no such station: Davos")\n');
  const { status, stdout } = project.run("run", "--", "python3", "broken.py");
  assert.equal(status, 4, stdout);
  const [rid = ""] = stdout.split(" ");
  const log = project.succeed("logs", rid);
  for (const said of [/half way/, /no such station: Davos/]) assert.match(log, said);
});
