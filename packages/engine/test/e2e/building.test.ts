import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { describe, test } from "node:test";
import { CommandLineProject } from "../support/command-line.ts";

const module = (version: string) => `
import { pipeline } from "almanac/steps";
export default pipeline("demo", { config: { n: 3, plot: { colour: "red" } } })
  .step("numbers", { produces: "numbers", version: "1", run: ({ config }) => Array.from({ length: config.n }, (_, at) => at) })
  .step("sum", { produces: "sum", requires: ["numbers"], version: "${version}", run: ({ numbers }) => numbers.reduce((a, b) => a + b, 0) })
  .step("figure", { produces: "figure", requires: ["sum"], version: "1", run: ({ config, sum }) => {
    if (config.plot.colour === "none") throw new Error("no such colour");
    return config.plot.colour + sum;
  } });
`;

describe("almanac build and almanac products", () => {
  test("builds, does nothing the second time, plans, explains, checks, forces", (t) => {
    const project = new CommandLineProject(t);
    project.write("pipeline.ts", module("1"));
    assert.match(project.succeed("build"), /^3 of 3 steps ran$/m);
    assert.match(project.succeed("build"), /^nothing to do: 3 steps are up to date$/m);
    const plan = project.json("build", "--plan", "--set", "plot.colour=blue");
    assert.equal(plan.format, "almanac.step-plan/1");
    assert.deepEqual(
      plan.items.map(({ step, decision }) => [step, decision]),
      [["figure", "run"]],
    );
    assert.match(
      project.succeed("build", "figure", "--explain", "--set", "n=5"),
      /configuration n: 3 → 5\n.*would hit if `n` were 3 again/,
    );
    assert.match(project.run("build", "--check", "5").stderr, /3 steps run again, 0 products differ/);
    assert.match(project.succeed("build", "--force", "sum"), /^1 of 3 steps ran$/m);
    assert.match(project.succeed("build", "sum"), /^nothing to do: 2 steps are up to date$/m);
  });

  test("failures, unknown names and wrong settings have their exit codes", (t) => {
    const project = new CommandLineProject(t);
    project.write("pipeline.ts", module("1"));
    const failed = project.run("build", "--set", "plot.colour=none");
    assert.equal(failed.status, 4);
    assert.match(failed.stderr, /error\[STEP_FAILED\]: step "figure" failed: no such colour/);
    assert.match(failed.stdout, /2 of 3 steps ran, 1 failed or could not run/);
    assert.match(project.succeed("build", "--plan", "--set", "plot.colour=none"), /failed last time/);
    const unknown = project.run("build", "figur");
    assert.equal(unknown.status, 2);
    assert.match(unknown.stderr, /products: figure/);
    assert.match(
      project.run("build", "--set", "m=1").stderr,
      /the configuration has no "m"\n.*there is: n, plot/,
    );
    const absent = project.run("build", "--pipeline", "other.ts");
    assert.equal(absent.status, 3);
    assert.match(absent.stderr, /there is no other\.ts/);
  });

  test("products: list, show, diagram, gc, pin, accept and take back", (t) => {
    const project = new CommandLineProject(t);
    project.write("pipeline.ts", module("1"));
    project.succeed("build");
    project.succeed("products", "pin", "figure", "--note", "published");
    project.succeed("build", "--set", "n=4");
    project.succeed("build", "--set", "n=5");
    assert.deepEqual(
      project.json("products", "list").items.map(({ product }) => product),
      ["numbers", "sum", "figure"],
    );
    assert.equal(project.json("products", "list", "--all").total, 9);
    assert.match(project.succeed("products", "show", "--set", "n=9"), /figure {2,}figure {2,}sum {2,}stale/);
    assert.match(project.succeed("products", "diagram"), /^<svg [\s\S]*>figure<[\s\S]*<\/svg>\n$/);
    assert.match(
      project.succeed("products", "inputs", "sum"),
      /^step +\S+\/sum$[\s\S]*^requirement +numbers with digest \w{12}, made under key \w{12}$/m,
    );
    project.succeed("products", "export", "numbers", "numbers.json", "--set", "n=5");
    assert.deepEqual(JSON.parse(readFileSync(project.path("numbers.json"), "utf8")), [0, 1, 2, 3, 4]);
    assert.match(project.succeed("products", "gc", "--dry-run"), /would remove 5 products/);
    assert.match(project.succeed("products", "gc"), /removed 5 products/);
    assert.equal(project.json("products", "list", "--all").total, 4);
    project.write("pipeline.ts", module("2"));
    assert.match(
      project.succeed("build", "--plan", "--set", "n=5"),
      /sum {2,}sum {2,}run {2,}code changed: version:1 → version:2/,
    );
    project.succeed("products", "accept", "sum", "--note", "renamed only", "--set", "n=5");
    assert.match(project.succeed("build", "--set", "n=5"), /nothing to do/);
    project.succeed("products", "accept", "sum", "--revert");
    assert.match(project.succeed("build", "--set", "n=5"), /1 of 3 steps ran/);
  });
});
