import assert from "node:assert/strict";
import { appendFileSync, rmSync, utimesSync } from "node:fs";
import { test } from "node:test";
import { probePath, probeProject } from "../support/probe-project.ts";

const models = ["SAME", "GONE", "CUT", "TOUCHED"];

test("files that have vanished, changed size or been written again since they were ingested", (t) => {
  const project = probeProject(t, { models });
  const clean = project.json("datasets", "verify");
  assert.deepEqual([clean.total, clean["verified"]], [0, { datasets: 4, files: 4 }]);
  rmSync(project.path(probePath("GONE")));
  appendFileSync(project.path(probePath("CUT")), "more");
  utimesSync(project.path(probePath("TOUCHED")), 1, 1);
  const { status, stdout } = project.run("datasets", "verify", "--json");
  assert.equal(status, 9);
  const { items } = JSON.parse(stdout) as { items: { path: string; change: string }[] };
  const changes = items.map(({ path, change }) => `${models.find((name) => path.includes(name))} ${change}`);
  assert.deepEqual(changes, ["CUT size", "GONE missing", "TOUCHED modified"]);
  assert.equal(project.run("datasets", "verify", "source_id=SAME").stderr, "0 changed files\n");

  assert.equal(project.run("ingest", "--type", "cmip6", "--fast", "archive").status, 0);
  const left = project.run("datasets", "verify", "--format", "csv");
  assert.match(
    left.stdout,
    /^rid,id,file,change\n[^\n]*GONE[^\n]*,"?missing: is not there, as recorded"?\n$/,
  );

  const ids = project.json("datasets", "list").items.map(({ id }) => String(id));
  const idOf = (model: string) => ids.find((id) => id.includes(model)) ?? "";
  const refused = project.run("datasets", "remove", idOf("SAME"), "--yes");
  assert.equal(refused.status, 7);
  assert.match(refused.stderr, /IN_USE.*has files/);
  const gone = idOf("GONE");
  assert.equal(project.succeed("datasets", "remove", gone), `would remove ${gone}; --yes does\n`);
  assert.equal(project.json("datasets", "list").total, 4);
  assert.equal(project.succeed("datasets", "remove", gone, "--yes"), `removed ${gone}\n`);
  assert.equal(project.json("datasets", "list").total, 3);
  assert.equal(project.json("datasets", "verify").total, 0);
});
