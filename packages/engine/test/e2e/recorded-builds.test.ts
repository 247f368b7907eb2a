import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { type TestContext, test } from "node:test";
import { CommandLineProject } from "../support/command-line.ts";

const module = `
import { writeFileSync } from "node:fs";
import { fileProduct, pipeline } from "almanac/steps";
export default pipeline("demo", { config: { n: 3, plot: { colour: "red" } } })
  .step("numbers", { produces: "numbers", version: "1", run: ({ config }) => Array.from({ length: config.n }, (_, at) => at) })
  .step("sum", { produces: "sum", requires: ["numbers"], version: "1", run: ({ numbers }) => numbers.reduce((a, b) => a + b, 0) })
  .step("figure", { produces: "figure", requires: ["sum"], version: "1", run: ({ config, sum }) => {
    if (config.plot.colour === "none") throw new Error("no such colour");
    writeFileSync("figure.svg", "<svg>" + config.plot.colour + sum + "</svg>");
    return fileProduct("figure.svg");
  } })
  .map("squares", { over: "numbers", produces: "squares", version: "1", item: ({ item }) => item ** 2 });
`;

type Row = Readonly<Record<string, unknown>>;

function withPipeline(t: TestContext): CommandLineProject {
  const project = new CommandLineProject(t);
  project.succeed("init");
  project.write("pipeline.mjs", module);
  return project;
}

const byText = (a: string, b: string): number => (a < b ? -1 : 1);

/** Builds and records. @returns the execution's report */
function record(project: CommandLineProject, ...words: readonly string[]): Row {
  const report = project.json("build", "--record", ...words) as unknown as Row;
  return report["execution"] as Row;
}

function outputs(project: CommandLineProject, rid: unknown): readonly Row[] {
  return project
    .json("assets", "list", "--execution", String(rid), "--role", "Output")
    .items.filter(({ kind }) => kind === "execution-asset");
}

/** What the record of a build says of its steps: outcome by step. */
function outcomes(project: CommandLineProject, fragment: unknown): Row {
  const { steps } = JSON.parse(
    readFileSync(project.path("results", String(fragment), "build.json"), "utf8"),
  ) as { readonly steps: readonly Row[] };
  return Object.fromEntries(steps.map(({ step, outcome }) => [step, outcome]));
}

test("a recorded build is an execution with code, configuration and products; the next one records its hits", (t) => {
  const project = withPipeline(t);
  const first = record(project, "--description", "for the **paper**");
  assert.equal(first["state"], "published");
  const shown = project.json("executions", "show", String(first["rid"])) as unknown as Row;
  assert.deepEqual(
    [shown["origin"], shown["description"], shown["parameters"]],
    ["build", "for the **paper**", { n: 3, plot: { colour: "red" } }],
  );
  const workflow = shown["workflow"] as Row;
  assert.equal(workflow["name"], "demo");
  assert.match(String(workflow["url"]), /pipeline\.mjs$/);
  const stored = outputs(project, first["rid"]);
  assert.deepEqual(stored.map(({ fileName }) => String(fileName)).toSorted(byText), [
    "figure.svg",
    "squares.json",
  ]);
  const figure = stored.find(({ fileName }) => fileName === "figure.svg");
  assert.ok(figure !== undefined);
  const { step, product, key, digest } = figure["metadata"] as Row;
  assert.deepEqual([step, product], ["figure", "figure"]);
  assert.match(`${key} ${digest}`, /^[0-9a-f]{64} [0-9a-f]{64}$/);
  const folder = ["results", String(first["fragment"]), "products"];
  assert.equal(readFileSync(project.path(...folder, "figure/figure.svg"), "utf8"), "<svg>red3</svg>");
  assert.deepEqual(JSON.parse(readFileSync(project.path(...folder, "squares.json"), "utf8")), [0, 1, 4]);
  assert.deepEqual(outcomes(project, first["fragment"]), {
    ...{ numbers: "ran", sum: "ran", figure: "ran", squares: "ran" },
  });
  assert.match(project.succeed("logs", String(first["rid"])), /built sum \(/);

  const second = record(project, "figure");
  assert.deepEqual(outcomes(project, second["fragment"]), { numbers: "hit", sum: "hit", figure: "hit" });
  assert.deepEqual(
    outputs(project, second["rid"]).map(({ sha256 }) => sha256),
    [figure["sha256"]],
  );
  assert.deepEqual(
    project
      .json("executions", "list", "--provider", "runs")
      .items.map(({ rid, diagnostic }) => [rid, diagnostic]),
    [second, first].map(({ rid }) => [rid, "demo"]),
  );
  const again = project.run("run", "--from", String(second["rid"]));
  assert.match(again.stderr, /is a build[\s\S]*almanac build --record/);
});

test("a failing step makes a failed execution that tells what happened; without --record nothing is recorded", (t) => {
  const project = withPipeline(t);
  project.succeed("build", "sum");
  assert.equal(project.json("executions", "list").total, 0);
  const failed = project.run("build", "figure", "--record", "--set", "plot.colour=none");
  assert.equal(failed.status, 4);
  assert.match(failed.stderr, /error\[STEP_FAILED\]: step "figure" failed: no such colour/);
  const [execution] = project.json("executions", "list", "--provider", "runs").items;
  assert.equal(execution?.["state"], "failed");
  const rid = String(execution?.["rid"]);
  const shown = project.json("executions", "show", rid) as unknown as Row;
  assert.deepEqual(shown["parameters"], { n: 3, plot: { colour: "none" } });
  assert.deepEqual(outcomes(project, shown["fragment"]), { numbers: "hit", sum: "hit", figure: "failed" });
  assert.deepEqual(outputs(project, rid), []);
  const unknown = project.run("build", "figur", "--record");
  assert.equal(unknown.status, 2);
  assert.equal(project.json("executions", "list", "--provider", "runs").total, 1);
  assert.equal(project.run("build", "--description", "x").status, 2);
});

const fileModule = `
import { readFileSync } from "node:fs";
import { pipeline } from "almanac/steps";
export default pipeline("files", { config: { data: "data.txt" } })
  .step("length", { produces: "length", version: "1", files: (config) => [config.data, "more", "not-there"],
    run: ({ config }) => readFileSync(config.data, "utf8").length })
  .step("other", { produces: "other", version: "1", files: ["other.txt"], run: () => 1 });
`;

test("declared files of the steps that count are inputs of the execution, and a product's lineage leads to them", (t) => {
  const project = new CommandLineProject(t);
  project.succeed("init");
  project.write("pipeline.mjs", fileModule);
  project.write("data.txt", "twelve bytes");
  project.write("other.txt", "not asked for");
  project.write("more/deep/a.txt", "a");
  project.write("more/b.txt", "b");
  const inputsOf = (rid: unknown): readonly unknown[] =>
    project
      .json("assets", "list", "--execution", String(rid), "--role", "Input")
      .items.map(({ fileName }) => String(fileName))
      .toSorted(byText);
  const first = record(project, "length");
  assert.equal(first["state"], "published");
  assert.deepEqual(inputsOf(first["rid"]), ["a.txt", "b.txt", "data.txt"]);
  const data = project
    .json("assets", "list", "--execution", String(first["rid"]), "--role", "Input")
    .items.find(({ fileName }) => fileName === "data.txt");
  const built = JSON.parse(
    readFileSync(project.path("results", String(first["fragment"]), "build.json"), "utf8"),
  ) as { readonly steps: readonly { readonly files: readonly (readonly [string, string])[] }[] };
  const files = new Map(built.steps[0]?.files);
  assert.equal(files.get("not-there"), "absent");
  assert.equal(files.get("data.txt"), data?.["sha256"], "what the key covers is what is recorded");
  const [product] = outputs(project, first["rid"]);
  const lineage = project.succeed("lineage", String(product?.["rid"]));
  for (const name of ["a.txt", "b.txt", "data.txt"]) assert.match(lineage, new RegExp(name));
  assert.doesNotMatch(lineage, /other\.txt/);

  const second = record(project, "length");
  assert.deepEqual(inputsOf(second["rid"]), ["a.txt", "b.txt", "data.txt"], "of a hit too");
  assert.deepEqual(outcomes(project, second["fragment"]), { length: "hit" });
});
