import assert from "node:assert/strict";
import { chmodSync, readFileSync, rmSync } from "node:fs";
import { DatabaseSync } from "node:sqlite";
import { type TestContext, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { lockCatalog } from "../support/catalog-lock.ts";
import type { CommandLineProject } from "../support/command-line.ts";
import { probePath, probeProject } from "../support/probe-project.ts";

const models = ["MODEL-A", "MODEL-B"];

/** Commands that only read. */
const reading: readonly (readonly string[])[] = [
  ["plan"],
  ["status"],
  ["datasets", "list"],
  ["values", "list"],
  ["executions", "list"],
  ["solve", "--dry-run"],
];

/** Commands that write. */
const writing: readonly (readonly string[])[] = [
  ["solve"],
  ["ingest", "--type", "cmip6", "--fast", "archive"],
  ["executions", "ingest"],
];

function solved(t: TestContext): CommandLineProject {
  const project = probeProject(t, { models });
  project.succeed("solve");
  return project;
}

test("while another process writes, reading commands answer and a solve waits its turn", async (t) => {
  const project = solved(t);
  project.write(probePath("MODEL-C"), "content");
  project.succeed("ingest", "--type", "cmip6", "--fast", "archive");
  const holder = await lockCatalog(t, project.path(".almanac/catalog.sqlite"));
  for (const words of reading) project.succeed(...words);
  const solve = project.start("solve");
  const ended = await Promise.race([solve.ended, sleep(1500)]);
  assert.equal(ended, undefined, "it waits");
  holder.kill("SIGKILL");
  const { status, stderr } = await solve.ended;
  assert.equal(status, 0, stderr);
  assert.equal(project.json("values", "list").total, 3);
});

test("a catalog from a newer version is refused by every command with what to do, and stays as it is", (t) => {
  const project = solved(t);
  const file = project.path(".almanac/catalog.sqlite");
  const database = new DatabaseSync(file);
  database
    .prepare("insert into migration_checksum (name, checksum) values ('9999-from-the-future', 'unknown')")
    .run();
  database.exec("pragma wal_checkpoint(truncate)");
  database.close();
  const before = readFileSync(file);
  for (const words of [...reading, ...writing]) {
    const { status, stderr } = project.run(...words);
    assert.equal(status, 6, `${words.join(" ")}: ${stderr}`);
    assert.match(stderr, /error\[CATALOG_NEWER\][\s\S]*to do: /, words.join(" "));
  }
  assert.match(project.succeed("db", "status"), /newer|9999-from-the-future/);
  assert.notEqual(project.run("db", "migrate").status, 0);
  assert.ok(readFileSync(file).equals(before), "it was not touched");
});

test("in a folder that may not be written reading commands answer the same, writing ones say why not", (t) => {
  const project = solved(t);
  project.write(probePath("MODEL-C"), "content");
  project.succeed("ingest", "--type", "cmip6", "--fast", "archive");
  project.write(probePath("MODEL-D"), "content");
  const expected = reading.map((words) => project.succeed(...words));
  const folders = ["results", ".almanac", "."].map((folder) => project.path(folder));
  chmodSync(project.path(".almanac/catalog.sqlite"), 0o444);
  for (const folder of folders) chmodSync(folder, 0o555);
  try {
    for (const [index, words] of reading.entries()) {
      const { status, stdout, stderr } = project.runAsNobody(...words);
      assert.equal(status, 0, `${words.join(" ")}: ${stderr}`);
      assert.equal(stdout, expected[index], words.join(" "));
    }
    for (const words of writing) {
      const { status, stderr } = project.runAsNobody(...words);
      assert.equal(status, 6, `${words.join(" ")}: ${stderr}`);
      assert.match(stderr, /error\[CATALOG_READ_ONLY\][\s\S]*to do: .*permissions/, words.join(" "));
    }
  } finally {
    // What cannot be written could not be removed either.
    for (const folder of folders) chmodSync(folder, 0o755);
  }
});

test("without a catalog every command says how to make one", (t) => {
  const project = solved(t);
  rmSync(project.path(".almanac"), { recursive: true });
  for (const words of [...reading, ...writing]) {
    const { status, stderr } = project.run(...words);
    assert.equal(status, 3, `${words.join(" ")}: ${stderr}`);
    assert.match(stderr, /error\[CATALOG_MISSING\][\s\S]*to do: almanac init/, words.join(" "));
  }
});
