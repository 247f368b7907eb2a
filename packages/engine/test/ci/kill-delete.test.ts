import assert from "node:assert/strict";
import { existsSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { KilledProject } from "./killed-project.ts";
import type { Moment, PointKill } from "./killing-observer.ts";

// Deleting, and making snapshots, killed at any durable write: an execution is there whole, or nothing of it is left once
// another command has written; a snapshot is there whole or not at all.

async function ready(): Promise<KilledProject> {
  const project = new KilledProject();
  project.writeConfig();
  writeFileSync(join(project.folder, "provider.ts"), "export default [];\n");
  await succeed(project, "init");
  await succeed(project, "run", "--", "sh", "-c", 'echo x > "$ALMANAC_EXECUTION/x.txt"');
  return project;
}

async function succeed(project: KilledProject, ...words: readonly string[]): Promise<string> {
  const { code, output, stdout } = await project.almanac(...words);
  assert.equal(code, 0, output);
  return stdout;
}

async function listed(
  project: KilledProject,
  ...words: readonly string[]
): Promise<readonly Record<string, unknown>[]> {
  return JSON.parse(await succeed(project, ...words, "--json")).items;
}

/** Every kill at the points that a command passes. */
function killsOf(hits: readonly string[]): readonly PointKill[] {
  return [...Map.groupBy(hits, (line) => line)].flatMap(([line, all]) => {
    const [side, moment, point] = line.split(" ") as [PointKill["side"], Moment, PointKill["point"]];
    return [...new Set([1, all.length])].map((hit) => ({ side, moment, point, hit }));
  });
}

test("a deletion that is killed leaves all of the execution, or nothing once another command has written", async (t) => {
  using prepared = await ready();
  const [{ rid } = {}] = await listed(prepared, "executions", "list");
  const words = ["executions", "delete", String(rid)];
  using rehearsal = prepared.copy();
  assert.equal((await rehearsal.start(words).ended).code, 0);
  const kills = killsOf(rehearsal.hits());
  assert.ok(new Set(kills.map(({ point }) => point)).size >= 2, JSON.stringify(kills));
  for (const kill of kills)
    await t.test(`${kill.moment} ${kill.point}, hit ${kill.hit}`, async () => {
      using project = prepared.copy();
      const ended = await project.start(words, kill).ended;
      assert.equal(ended.signal, "SIGKILL", ended.output);
      const results = join(project.folder, "results");
      const there = await listed(project, "executions", "list");
      if (there.length > 0)
        assert.ok(
          existsSync(join(results, String(there[0]?.["fragment"]), "x.txt")),
          "files go after the record",
        );
      const { output } = await project.almanac("executions", "ingest");
      assert.equal(
        (await listed(project, "executions", "list")).length,
        there.length,
        `it does not come back: ${output}`,
      );
      if (there.length > 0) await succeed(project, ...words);
      assert.deepEqual(existsSync(results) ? readdirSync(results, { recursive: true }) : [], []);
      assert.deepEqual(await listed(project, "assets", "list"), []);
    });
});

test("a snapshot that is killed is there whole or not at all", async (t) => {
  using prepared = await ready();
  const words = ["snapshots", "create", "one"];
  using rehearsal = prepared.copy();
  assert.equal((await rehearsal.start(words).ended).code, 0);
  for (const kill of killsOf(rehearsal.hits()))
    await t.test(`${kill.moment} ${kill.point}`, async () => {
      using project = prepared.copy();
      assert.equal((await project.start(words, kill).ended).signal, "SIGKILL");
      for (const { id } of await listed(project, "snapshots", "list"))
        await succeed(project, "snapshots", "show", String(id));
      await succeed(project, "snapshots", "create", "two");
      const left = readdirSync(join(project.folder, ".almanac/catalog.sqlite.snapshots"));
      assert.equal(left.filter((name) => name.startsWith(".")).length, 0, left.join());
      assert.equal((await listed(project, "executions", "list", "--snapshot", "two")).length, 1);
    });
});
