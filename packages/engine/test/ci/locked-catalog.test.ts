import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { suite, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { lockCatalog } from "../support/catalog-lock.ts";
import { probePath, probeProject, probeProvider } from "../support/probe-project.ts";

// Another process keeps the catalog locked for longer than a command waits: half a minute each, so all at once.

const catalog = ".almanac/catalog.sqlite";

suite("a catalog that stays locked", { concurrency: true }, () => {
  test("ends commands that write with exit code 6, naming who holds it; nothing is changed", async (t) => {
    const project = probeProject(t);
    project.write(probePath("MODEL-B"), "content");
    const holder = await lockCatalog(t, project.path(catalog));
    const commands = [["solve"], ["ingest", "--type", "cmip6", "--fast", "archive"]];
    const ends = await Promise.all(commands.map((words) => project.start(...words).ended));
    for (const { status, stderr } of ends) {
      assert.equal(status, 6, stderr);
      assert.match(stderr, /error\[CATALOG_LOCKED\].* for 30 s\n/);
      if (existsSync("/proc/locks")) assert.ok(stderr.includes(`process ${holder.pid}`), stderr);
    }
    holder.kill("SIGKILL");
    assert.equal(project.json("executions", "list").total, 0);
    project.succeed("ingest", "--type", "cmip6", "--fast", "archive");
    project.succeed("solve");
    assert.equal(project.json("values", "list").total, 2);
  });

  test("in the middle of a solve loses nothing that was computed", async (t) => {
    const models = ["MODEL-A", "MODEL-B", "MODEL-C"];
    const project = probeProject(t, { models });
    const started = project.path("started.txt");
    const slow = `run: async (context) => { appendFileSync(${JSON.stringify(started)}, "x"); await sleep(1000); give(context, 1); }`;
    project.write("probe.ts", probeProvider({ slow }));
    const solve = project.start("solve");
    while (!existsSync(started)) await sleep(20);
    const holder = await lockCatalog(t, project.path(catalog));
    const { status, stderr } = await solve.ended;
    assert.equal(status, 6, stderr);
    holder.kill("SIGKILL");
    const again = project.run("solve");
    assert.equal(again.status, 0, again.stderr);
    assert.equal(project.json("values", "list").total, models.length);
    const decisions = project.json("plan").items.map(({ decision }) => decision);
    assert.deepEqual(new Set(decisions), new Set(["skip"]));
  });
});
