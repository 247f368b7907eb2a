import assert from "node:assert/strict";
import { appendFileSync, cpSync, existsSync, readFileSync } from "node:fs";
import { type TestContext, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { CommandLineProject } from "../support/command-line.ts";
import { probeConfig, probePath, probeProject, probeProvider } from "../support/probe-project.ts";

const models = ["MODEL-A", "MODEL-B", "MODEL-C", "MODEL-D"];

/** A project of four groups whose diagnostic leaves a line when it starts, then takes a while. */
function slowProject(t: TestContext, { groups = models, takesMs = 1500 } = {}): CommandLineProject {
  const project = probeProject(t, { models: groups });
  const started = JSON.stringify(project.path("started.txt"));
  const run = `appendFileSync(${started}, model(context) + "\\n"); await sleep(${takesMs}); give(context, 1);`;
  project.write("probe.ts", probeProvider({ slow: `run: async (context) => { ${run} }` }));
  return project;
}

function started(project: CommandLineProject): readonly string[] {
  const file = project.path("started.txt");
  return existsSync(file) ? readFileSync(file, "utf8").trimEnd().split("\n").sort() : [];
}

async function firstStart(project: CommandLineProject): Promise<void> {
  while (started(project).length === 0) await sleep(20);
}

function states(project: CommandLineProject): readonly unknown[] {
  return project.json("executions", "list").items.map(({ state }) => state);
}

function decisions(project: CommandLineProject): Readonly<Record<string, unknown>> {
  const { items } = project.json("plan");
  return Object.fromEntries(items.map(({ key, decision }) => [String(key), decision]));
}

test("two solves at once both end well and every execution runs once", async (t) => {
  const project = slowProject(t);
  const ends = await Promise.all([project.start("solve").ended, project.start("solve").ended]);
  for (const { status, stdout, stderr } of ends) {
    assert.equal(status, 0, stderr);
    assert.doesNotMatch(stdout, /\d run \([\s\S]*nothing to do/);
  }
  assert.deepEqual(started(project), models);
  assert.deepEqual(states(project), Array(4).fill("published"));
});

/** More than workers take in advance. */
const many = Array.from({ length: 20 }, (_, index) => `MODEL-${String(index).padStart(2, "0")}`);

test("Ctrl-C once finishes what runs and submits no more; the next solve does the rest", async (t) => {
  const project = slowProject(t, { groups: many, takesMs: 300 });
  const solve = project.start("solve");
  await firstStart(project);
  solve.signal("SIGINT");
  const { status, stderr } = await solve.ended;
  assert.equal(status, 130, stderr);
  assert.match(stderr, /almanac solve/);
  const begun = started(project);
  assert.ok(begun.length < many.length, begun.join());
  assert.equal(project.json("values", "list").total, begun.length, "what ran was finished");
  project.succeed("solve");
  assert.deepEqual(started(project), many, "nothing ran twice");
  assert.equal(project.json("values", "list").total, many.length);
});

test("Ctrl-C twice cancels what runs; the next solve runs it again", async (t) => {
  const project = slowProject(t);
  const solve = project.start("solve");
  await firstStart(project);
  solve.signal("SIGINT");
  await sleep(100);
  solve.signal("SIGINT");
  const { status, stderr } = await solve.ended;
  assert.equal(status, 130, stderr);
  assert.equal(project.json("values", "list").total, 0);
  project.succeed("solve");
  assert.equal(project.json("values", "list").total, models.length);
});

test("a dry run writes nothing; --no-execute records; the next solve submits", (t) => {
  const project = probeProject(t, { models });
  const catalog = project.path(".almanac/catalog.sqlite");
  const before = readFileSync(catalog);
  const dry = project.json("solve", "--dry-run");
  assert.equal(dry.items.length, models.length);
  assert.ok(readFileSync(catalog).equals(before), "the catalog is untouched");
  assert.ok(!existsSync(project.path("results")) && !existsSync(project.path(".almanac/scratch")));
  project.succeed("solve", "--no-execute");
  assert.equal(project.json("values", "list").total, 0);
  assert.equal(project.json("executions", "list").total, models.length);
  project.succeed("solve");
  assert.deepEqual(states(project), Array(4).fill("published"));
  assert.match(project.succeed("solve"), /nothing to do/);
});

test("a saved plan submits what --no-execute has recorded meanwhile", (t) => {
  const project = probeProject(t, { models });
  project.succeed("plan", "-o", "plan.json");
  project.succeed("solve", "--no-execute");
  project.succeed("apply", "plan.json");
  assert.deepEqual(states(project), Array(4).fill("published"));
});

test("a saved plan runs while the catalog stands, and is refused by what has moved", (t) => {
  const project = probeProject(t, { models });
  project.succeed("plan", "-o", "plan.json");
  project.write(probePath("MODEL-E"), "content");
  project.succeed("ingest", "--type", "cmip6", "--fast", "archive");
  const refused = project.run("apply", "plan.json");
  assert.equal(refused.status, 7, refused.stderr);
  assert.match(refused.stderr, /error\[STALE_PLAN\][\s\S]*newly to run: probe\/fine\/v1\/cmip6_MODEL-E/);
  assert.equal(project.json("executions", "list").total, 0);
  project.succeed("plan", "-o", "plan.json");
  project.succeed("apply", "plan.json");
  assert.equal(project.json("values", "list").total, 5);
});

test("a changed file runs its own groups again, and no others; retracting hides, restoring shows", (t) => {
  const project = probeProject(t, { models });
  project.succeed("solve");
  appendFileSync(project.path(probePath("MODEL-B")), "more");
  project.succeed("ingest", "--type", "cmip6", "--fast", "archive");
  const expected = { "cmip6_MODEL-A": "skip", "cmip6_MODEL-B": "run", "cmip6_MODEL-C": "skip" };
  assert.deepEqual(decisions(project), { ...expected, "cmip6_MODEL-D": "skip" });
  project.succeed("solve");
  assert.equal(project.json("executions", "list").total, models.length + 1);
  const id = "CMIP6.CMIP.INST.MODEL-D.historical.r1i1p1f1.Amon.tas.gn.v1";
  project.succeed("datasets", "retract", id);
  assert.ok(!("cmip6_MODEL-D" in decisions(project)));
  project.succeed("datasets", "restore", id);
  assert.equal(decisions(project)["cmip6_MODEL-D"], "skip");
});

test("results copied into an empty project give the same values, byte for byte", (t) => {
  const project = probeProject(t, { models });
  project.succeed("solve");
  const csv = project.succeed("values", "list", "--format", "csv");
  assert.equal(csv.trimEnd().split("\n").length, models.length + 1);
  const other = new CommandLineProject(t);
  other.write("almanac.config.ts", probeConfig());
  other.succeed("init");
  cpSync(project.path("results"), other.path("results"), { recursive: true });
  other.succeed("executions", "ingest");
  assert.equal(other.succeed("values", "list", "--format", "csv"), csv);
  assert.match(other.succeed("executions", "ingest"), /4 executions ingested, 0 failed/);
  assert.equal(other.succeed("values", "list", "--format", "csv"), csv);
});
