import assert from "node:assert/strict";
import { cpSync, rmSync } from "node:fs";
import { after, before, suite, test } from "node:test";
import { CommandLineProject } from "../support/command-line.ts";

suite("a run that came with a bag", () => {
  const cleanUps: (() => void)[] = [];
  const cleanUp = { after: (body: () => void) => void cleanUps.push(body) };
  let origin: CommandLineProject;

  before(() => {
    origin = started("theirs");
    const [asset] = origin.json("assets", "list", "--kind", "execution-asset").items;
    origin.succeed("datasets", "create", "shipped", "--member", String(asset?.["rid"]), "--release");
    origin.succeed("datasets", "bag", "export", "shipped@0.1.0", "bag");
  });
  after(() => cleanUps.forEach((body) => body()));

  /** A project with one run, whose folder has the same name in each. */
  function started(text: string): CommandLineProject {
    const project = new CommandLineProject(cleanUp);
    project.succeed("init");
    project.succeed("run", "--", "sh", "-c", `echo ${text} > "$ALMANAC_EXECUTION/data.txt"`);
    return project;
  }

  /** A project with a run of its own and that of the bag. */
  function joined() {
    const project = started("ours");
    project.succeed("datasets", "bag", "import", origin.path("bag"));
    const rids = project.json("executions", "list").items.map(({ rid }) => String(rid));
    const theirs = rids.find((rid) => rid !== "1");
    assert.ok(theirs !== undefined);
    return { project, theirs };
  }

  test("shares no folder with one of the catalog, and says that its own is not here", () => {
    const { project, theirs } = joined();
    assert.match(project.succeed("executions", "show", theirs), /came with a bag/);
    assert.match(project.succeed("executions", "show", "1"), /runs\/sh\/1\n/);
    project.succeed("executions", "verify");
    for (const words of [
      ["executions", "verify", theirs],
      ["executions", "reingest", theirs],
      ["executions", "materialize", theirs],
      ["executions", "attach", theirs, "almanac.config.ts"],
      ["logs", theirs],
    ]) {
      const { status, stdout, stderr } = project.run(...words);
      assert.notEqual(status, 0, words.join(" "));
      assert.match(`${stdout}${stderr}`, /came with a bag/, words.join(" "));
    }
    project.succeed("executions", "reingest", "1");
    const [ours] = project.json("assets", "list", "--execution", "1", "--kind", "execution-asset").items;
    assert.match(String(ours?.["url"]), /^results:runs\/sh\/1\/data.txt$/);
    project.succeed("assets", "verify");
  });

  test("gets its folder when its results are ingested, and is the same run", () => {
    const project = new CommandLineProject(cleanUp);
    project.succeed("init");
    project.succeed("datasets", "bag", "import", origin.path("bag"));
    cpSync(origin.path("results"), project.path("results"), { recursive: true });
    project.succeed("executions", "ingest");
    const { items, total } = project.json("executions", "list");
    assert.deepEqual([total, items[0]?.["fragment"]], [1, "runs/sh/1"]);
    project.succeed("executions", "verify", "--full");
    project.succeed("executions", "verify", String(items[0]?.["rid"]));
    project.succeed("assets", "verify");
  });

  test("does not get a folder that another run has, and that one is told to have lost it", () => {
    const { project } = joined();
    rmSync(project.path("results/runs"), { recursive: true });
    cpSync(origin.path("results/runs"), project.path("results/runs"), { recursive: true });
    const verified = project.run("executions", "verify");
    assert.deepEqual([verified.status, /another execution's results/.test(verified.stdout)], [9, true]);
    for (const words of [
      ["executions", "ingest"],
      ["executions", "reingest", "1"],
    ]) {
      const { status, stdout, stderr } = project.run(...words);
      assert.notEqual(status, 0);
      assert.match(`${stdout}${stderr}`, /the folder of execution 1/);
    }
    const [first] = project.json("assets", "list", "--execution", "1", "--kind", "execution-asset").items;
    assert.equal(project.json("executions", "list").total, 2);
    assert.equal(first?.["bytes"] ?? first?.["sizeBytes"], "ours\n".length);
  });

  test("results that lie elsewhere than their run says are not ingested", () => {
    const project = new CommandLineProject(cleanUp);
    project.succeed("init");
    cpSync(origin.path("results/runs"), project.path("results/copied/runs"), { recursive: true });
    const { status, stdout, stderr } = project.run("executions", "ingest");
    assert.notEqual(status, 0);
    assert.match(`${stdout}${stderr}`, /copied\/runs\/sh\/1.*in the folder runs\/sh\/1/s);
    assert.equal(project.json("executions", "list").total, 0);
  });
});
