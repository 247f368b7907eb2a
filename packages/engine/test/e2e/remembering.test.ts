import assert from "node:assert/strict";
import { appendFileSync, cpSync, existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { type TestContext, test } from "node:test";
import type { CommandLineProject } from "../support/command-line.ts";
import { probePath, probeProject } from "../support/probe-project.ts";

const models = ["MODEL-A", "MODEL-B", "MODEL-C", "MODEL-D"];
const catalog = ".almanac/catalog.sqlite";
const decisionsFile = `${catalog}.decisions`;
const idOf = (model: string): string => `CMIP6.CMIP.INST.${model}.historical.r1i1p1f1.Amon.tas.gn.v1`;

/** A plan as JSON: how much of it was computed, and all the rest. */
function planOf(project: CommandLineProject): { readonly groups: number; readonly text: string } {
  const { stdout, stderr, status } = project.run("plan", "--json");
  assert.equal(status, 0, stderr);
  const { recomputed, ...plan } = JSON.parse(stdout) as { readonly recomputed: { readonly groups: number } };
  return { groups: recomputed.groups, text: JSON.stringify(plan, null, 1) };
}

/** Plans with what is remembered and without it. @returns how many groups each computed */
function planTwice(project: CommandLineProject): readonly [known: number, all: number] {
  const known = planOf(project);
  const kept = readFileSync(project.path(decisionsFile));
  rmSync(project.path(decisionsFile));
  const all = planOf(project);
  assert.ok(!existsSync(project.path(decisionsFile)), "a plan keeps nothing");
  writeFileSync(project.path(decisionsFile), kept);
  assert.equal(known.text, all.text);
  return [known.groups, all.groups];
}

function solvedProject(t: TestContext): CommandLineProject {
  const project = probeProject(t, { models });
  project.succeed("solve");
  return project;
}

test("what a solve found is not computed again; what changes is, and no more", (t) => {
  const project = solvedProject(t);
  assert.deepEqual(planTwice(project), [0, 4]);
  const { stderr } = project.run("plan");
  assert.match(stderr, /0 of 4 groups computed anew: nothing changed since the last solve/);
  project.succeed("datasets", "retract", idOf("MODEL-B"));
  assert.deepEqual(planTwice(project), [0, 3]);
  project.succeed("datasets", "restore", idOf("MODEL-B"));
  assert.deepEqual(planTwice(project), [1, 4]);
  assert.match(project.run("plan").stderr, /1 of 4 groups computed anew: 1 dataset changed since/);
  appendFileSync(project.path(probePath("MODEL-C")), "more");
  project.write(probePath("MODEL-E"), "content");
  project.succeed("ingest", "--type", "cmip6", "--fast", "archive");
  assert.deepEqual(planTwice(project), [3, 5]);
  project.succeed("solve");
  assert.deepEqual(planTwice(project), [0, 5]);
});

test("executions that fail, are cancelled or run again change what is decided, not what is computed", (t) => {
  const project = solvedProject(t);
  const rid = project.json("executions", "list").items[0]?.["rid"] as string;
  project.succeed("executions", "retry", rid);
  assert.deepEqual(planTwice(project), [0, 4]);
  project.succeed("solve", "--no-execute");
  assert.deepEqual(planTwice(project), [0, 4]);
  project.succeed("solve");
  assert.deepEqual(planTwice(project), [0, 4]);
});

test("what is remembered is cut short, of another catalog, or away: then all is computed", (t) => {
  const project = solvedProject(t);
  const whole = readFileSync(project.path(decisionsFile));
  const expected = planOf(project).text;
  for (const damaged of [whole.subarray(0, 100), Buffer.alloc(0), Buffer.from(whole).fill(7, 2000, 2010)]) {
    writeFileSync(project.path(decisionsFile), damaged);
    assert.deepEqual(planOf(project), { groups: 4, text: expected });
  }
  writeFileSync(project.path(decisionsFile), whole);
  rmSync(project.path(`${catalog}.snapshot`));
  assert.deepEqual(planOf(project), { groups: 0, text: expected });
  project.succeed("datasets", "retract", idOf("MODEL-A"));
  assert.deepEqual(planTwice(project), [3, 3]);
});

test("a catalog that was put back and went another way is not taken for the remembered one", (t) => {
  const project = probeProject(t, { models });
  const backup = project.path("backup.sqlite");
  cpSync(project.path(catalog), backup);
  project.succeed("datasets", "retract", idOf("MODEL-A"));
  project.succeed("solve", "--no-execute");
  assert.deepEqual(planTwice(project), [0, 3]);
  cpSync(backup, project.path(catalog));
  for (const rest of ["-wal", "-shm"]) rmSync(project.path(catalog + rest), { force: true });
  project.succeed("datasets", "retract", idOf("MODEL-B"));
  assert.deepEqual(planTwice(project), [3, 3]);
});
