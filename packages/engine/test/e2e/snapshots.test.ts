import assert from "node:assert/strict";
import { chmodSync, existsSync, mkdirSync, readdirSync, statSync, writeFileSync } from "node:fs";
import { test } from "node:test";
import type { Rid } from "../../src/core/identity/rid.ts";
import { open } from "../../src/entry/library/open.ts";
import { registerSelfResolve } from "../../src/entry/self-resolve.ts";
import { CommandLineProject } from "../support/command-line.ts";

registerSelfResolve();

type Row = Readonly<Record<string, unknown>>;

function ran(project: CommandLineProject): string {
  return String(JSON.parse(project.succeed("run", "--json", "--", "sh", "-c", "true"))["rid"]);
}

function total(project: CommandLineProject, ...flags: readonly string[]): number {
  return project.json("executions", "list", ...flags).total;
}

test("a snapshot is the catalog of its moment, whatever happens later", (t) => {
  const project = new CommandLineProject(t);
  project.succeed("init");
  const first = ran(project);
  const made = project.json(
    "snapshots",
    "create",
    "paper",
    "--description",
    "as **published**",
  ) as unknown as Row;
  const id = String(made["id"]);
  assert.match(id, /^\d{8}T\d{6}Z$/);
  const second = ran(project);
  project.succeed("executions", "describe", first, "changed later");
  assert.deepEqual(
    [total(project), total(project, "--snapshot", "paper"), total(project, "--snapshot", id)],
    [2, 1, 1],
  );
  const shown = (...words: readonly string[]) =>
    project.json("executions", "show", ...words) as unknown as Row;
  assert.equal(shown(first)["description"], "changed later");
  assert.equal(shown(`${first}@${id}`)["description"], "");
  assert.equal(shown(`rid:${first.toLowerCase()}@${id.toLowerCase()}`)["rid"], first);
  assert.equal(project.run("executions", "show", `${second}@${id}`).status, 2, "it was not there yet");
  const { items } = project.json("snapshots", "list");
  assert.deepEqual(
    items.map(({ id: each, name, description }) => [each, name, description]),
    [[id, "paper", "as **published**"]],
  );
  project.succeed("plan", "--snapshot", "paper");
  project.succeed("db", "backup", "restored.sqlite", "--snapshot", "paper");
  assert.ok(statSync(project.path("restored.sqlite")).size > 0, "a snapshot can be copied back");
});

test("nothing of a snapshot can be changed: the error says so, and what to do", (t) => {
  const project = new CommandLineProject(t);
  project.succeed("init");
  const rid = ran(project);
  const { rid: workflow } = project.json("workflows", "list").items[0] as Row;
  project.succeed("snapshots", "create", "old");
  for (const words of [
    ["workflows", "types", "add", String(workflow), "Training"],
    ["workflows", "types", "remove", String(workflow), "Training"],
    ["workflows", "types", "set", String(workflow), "Training"],
    ["workflows", "describe", String(workflow), "other"],
    ["executions", "describe", rid, "other"],
    ["executions", "delete", rid],
    ["workflows", "delete", String(workflow)],
    ["vocab", "create", "Mood"],
    ["assets", "declare", "Kind"],
    ["run", "--", "true"],
    ["solve"],
    ["executions", "ingest"],
  ]) {
    const { status, stderr } = project.run("--snapshot", "old", ...words);
    assert.equal(status, 6, `${words.join(" ")}: ${stderr}`);
    assert.match(
      stderr,
      /error\[CATALOG_READ_ONLY\].*snapshot[\s\S]*leave out the snapshot/,
      words.join(" "),
    );
  }
  assert.deepEqual(
    project.json("workflows", "show", String(workflow), "--snapshot", "old"),
    project.json("workflows", "show", String(workflow)),
  );
});

test("as a library: reading answers as of the moment, writing is refused", async (t) => {
  const project = new CommandLineProject(t);
  project.succeed("init");
  const rid = ran(project) as Rid;
  const { id } = project.json("snapshots", "create") as unknown as { id: string };
  await using opened = await open({ folder: project.folder, snapshot: id });
  assert.equal(opened.snapshot?.id, id);
  assert.equal((await opened.catalog.executions.execution(rid))?.state, "published");
  await assert.rejects(opened.catalog.runs.describe(rid, "x"), {
    code: "CATALOG_READ_ONLY",
    hint: /leave out the snapshot/,
  });
  await assert.rejects(open({ folder: project.folder, snapshot: id, access: "write" }), {
    code: "CATALOG_READ_ONLY",
  });
  await assert.rejects(open({ folder: project.folder, snapshot: "none" }), {
    code: "UNKNOWN_NAME",
    hint: new RegExp(id),
  });
});

test("names are unique and cannot be taken for something else; unknown ones are told; deleting takes all of it", (t) => {
  const project = new CommandLineProject(t);
  project.succeed("init");
  project.succeed("snapshots", "create", "one");
  for (const [name, status] of [
    ["one", 7],
    ["1.2.0", 2],
    ["20261121T103005Z", 2],
    ["a/b", 2],
  ] as const)
    assert.equal(project.run("snapshots", "create", name).status, status, name);
  const missing = project.run("executions", "list", "--snapshot", "two");
  assert.equal(missing.status, 2);
  assert.match(missing.stderr, /no snapshot "two"[\s\S]*\(one\)/);
  const twice = project.run("executions", "show", "1@20261121T103005Z", "--snapshot", "one");
  assert.match(twice.stderr, /reads one snapshot/);
  project.succeed("snapshots", "create", "two");
  const ids = project.json("snapshots", "list").items.map(({ id }) => String(id));
  assert.equal(new Set(ids).size, 2, "two in one second have two ids");
  project.succeed("snapshots", "delete", "one", "two");
  assert.equal(project.json("snapshots", "list").total, 0);
  assert.deepEqual(readdirSync(project.path(".almanac", "catalog.sqlite.snapshots")), []);
});

test("a damaged copy is told; what a kill left is removed by the next", (t) => {
  const project = new CommandLineProject(t);
  project.succeed("init");
  const { id } = project.json("snapshots", "create", "one") as unknown as { id: string };
  const folder = project.path(".almanac", "catalog.sqlite.snapshots");
  const file = `${folder}/${id}/catalog.sqlite`;
  project.succeed("snapshots", "show", "one");
  chmodSync(file, 0o644);
  writeFileSync(file, "damaged", { flag: "a" });
  const { status, stderr } = project.run("snapshots", "show", "one");
  assert.deepEqual([status, /not what was stored/.test(stderr)], [9, true]);
  mkdirSync(`${folder}/.unfinished-999999999`);
  project.succeed("snapshots", "create", "two");
  assert.equal(existsSync(`${folder}/.unfinished-999999999`), false);
});
