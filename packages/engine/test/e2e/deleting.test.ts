import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { CommandLineProject } from "../support/command-line.ts";
import { probeProject } from "../support/probe-project.ts";

type Row = Readonly<Record<string, unknown>>;

test("a solver's execution that is deleted is run again; an older one of its group stands in for a newer", (t) => {
  const project = probeProject(t);
  project.succeed("solve");
  const [only] = project.json("executions", "list").items;
  project.succeed("executions", "delete", String(only?.["rid"]));
  assert.deepEqual(
    [project.json("values", "list").total, existsSync(project.path("results", String(only?.["fragment"])))],
    [0, false],
  );
  project.succeed("solve");
  const [second] = project.json("executions", "list").items;
  assert.notEqual(second?.["rid"], only?.["rid"]);
  assert.equal(project.json("values", "list").total, 1);
  project.succeed("groups", "invalidate", "probe/fine/cmip6_MODEL-A");
  project.succeed("solve");
  const [third] = project.json("executions", "list").items;
  project.succeed("executions", "delete", String(third?.["rid"]));
  const [value] = project.json("values", "list").items;
  assert.equal(value?.["execution"], second?.["rid"]);
  project.succeed("doctor");
});

test("record types and vocabularies go when nothing names them, and say what does", (t) => {
  const project = new CommandLineProject(t);
  project.succeed("init");
  project.succeed("vocab", "create", "Label");
  project.succeed("vocab", "add", "Label", "good");
  project.succeed("records", "define", "Site", "--term", "label:Label");
  const refused = project.run("vocab", "delete", "Label");
  assert.equal(refused.status, 7);
  assert.match(refused.stderr, /IN_USE.*Label gives terms to the column label of record type Site/);
  assert.equal(project.run("vocab", "delete", "Asset_Type").status, 2);
  assert.equal(project.run("records", "delete", "Sites").status, 2);
  assert.match(project.succeed("records", "delete", "Site"), /record type Site deleted/);
  assert.match(project.succeed("vocab", "delete", "Label"), /vocabulary Label deleted/);
  assert.equal(project.run("vocab", "show", "Label").status, 2);
});

test("what is deleted, what depends on it, and what is not there is told; nothing happens then", async (t) => {
  const project = new CommandLineProject(t);
  project.succeed("init");
  const run = (...words: readonly string[]): Row =>
    JSON.parse(project.succeed("run", "--json", ...words)) as Row;
  const made = run("--", "sh", "-c", 'echo x > "$ALMANAC_EXECUTION/x.txt"');
  const asset = (made["stored"] as Row[]).find(({ fileName }) => fileName === "x.txt")?.["rid"];
  const user = run("--asset", String(asset), "--", "true");
  const rids = [String(made["rid"]), String(user["rid"])];
  const refused = project.run("executions", "delete", String(rids[0]));
  assert.equal(refused.status, 7);
  assert.match(
    refused.stderr,
    new RegExp(`error\\[IN_USE\\].*${rids[0]} made an input of execution ${rids[1]}`),
  );
  const dry = project.run("executions", "delete", String(rids[0]), "--dry-run");
  assert.deepEqual([dry.status, /it would be refused/.test(dry.stdout)], [7, true]);
  assert.equal(project.run("assets", "delete", String(asset)).status, 7);
  assert.equal(project.run("workflows", "delete", String((made["workflow"] as Row)["rid"])).status, 7);
  assert.equal(project.run("executions", "delete", "ZZZ", String(rids[1])).status, 2);
  assert.equal(project.json("executions", "list").total, 2, "all or nothing");
  assert.match(project.succeed("executions", "delete", ...rids, "--dry-run"), /2 would be deleted/);
  const slow = project.start("run", "--", "sh", "-c", "touch ready; sleep 300");
  for (let waited = 0; !existsSync(project.path("ready")) && waited < 60_000; waited += 20) await sleep(20);
  const { rid: live } = project.json("executions", "list").items[0] as { rid: string };
  const early = project.run("executions", "delete", live);
  assert.deepEqual([early.status, /only what has ended can be deleted/.test(early.stderr)], [7, true]);
  slow.signal("SIGINT");
  await sleep(150);
  slow.signal("SIGINT");
  await slow.ended;
  project.succeed("executions", "delete", live, ...rids);
  assert.equal(project.json("assets", "list").total, 0);
  project.succeed("workflows", "delete", String((user["workflow"] as Row)["rid"]));
});
