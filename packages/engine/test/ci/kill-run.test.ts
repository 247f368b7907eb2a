import assert from "node:assert/strict";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { KilledProject } from "./killed-project.ts";
import type { Moment, PointKill } from "./killing-observer.ts";

// A recorded run that is killed at any durable write is published by the next command if it had been computed, else it
// has failed as lost; nothing of it stays alive, and what is published is whole.

const linux = {
  skip: existsSync("/proc/self/stat") ? false : "needs /proc to see which processes are left",
  concurrency: 2,
};

const module = `import { writeFileSync } from "node:fs";
export function make({ execution: { outputPath, scalar } }) {
  writeFileSync(outputPath("a b.txt"), "made");
  writeFileSync(outputPath("c.txt"), "too");
  scalar({ dimensions: { metric: "m" }, value: 1 });
}
`;

const run = ["run", "make.mjs#make", "--input", "input.txt"];

async function ready(): Promise<KilledProject> {
  const project = new KilledProject();
  project.writeConfig();
  writeFileSync(join(project.folder, "provider.ts"), "export default [];\n");
  writeFileSync(join(project.folder, "make.mjs"), module);
  writeFileSync(join(project.folder, "input.txt"), "in");
  const { code, output } = await project.almanac("init");
  assert.equal(code, 0, output);
  return project;
}

/** The one run of the project, or none. */
async function recorded(project: KilledProject): Promise<Readonly<Record<string, unknown>> | undefined> {
  const { code, stdout, output } = await project.almanac("executions", "list", "--json");
  assert.equal(code, 0, output);
  const { items } = JSON.parse(stdout) as { items: readonly Readonly<Record<string, unknown>>[] };
  assert.ok(items.length <= 1);
  return items[0];
}

async function check(kill: PointKill, prepared: KilledProject): Promise<void> {
  using project = prepared.copy();
  const ended = await project.start(run, kill).ended;
  assert.equal(ended.signal, "SIGKILL", ended.output);
  const left = await recorded(project);
  const fragment = String(left?.["fragment"]);
  const computed =
    left !== undefined && existsSync(join(project.folder, ".almanac/scratch", fragment, "outcome.json"));
  const before = left?.["state"];
  const { output } = await project.almanac("publish");
  const after = await recorded(project);
  if (left === undefined) assert.equal(after, undefined, output);
  else if (computed || before === "published") assert.equal(after?.["state"], "published", output);
  else assert.match(String(after?.["state"]), /^(failed|published)$/, output);
  if (after?.["state"] === "failed")
    assert.equal((after["failure"] as { code: string }).code, "EXECUTION_LOST");
  if (after?.["state"] !== "published") return;
  const results = join(project.folder, "results", fragment);
  assert.equal(readFileSync(join(results, "a b.txt"), "utf8"), "made");
  const assets = await project.almanac("assets", "list", "--execution", String(after["rid"]), "--json");
  const { items } = JSON.parse(assets.stdout) as { items: readonly { fileName: string }[] };
  for (const name of ["input.txt", "a b.txt", "c.txt"])
    assert.ok(
      items.some(({ fileName }) => fileName === name),
      `${name}: ${assets.stdout}`,
    );
  const again = await project.almanac("publish", String(after["rid"]));
  assert.equal(again.code, 0, again.output);
}

test(
  "a recorded run killed at any durable write is finished or failed by almanac publish",
  linux,
  async (t) => {
    using prepared = await ready();
    using project = prepared.copy();
    const known = project.hits().length;
    const { code, output } = await project.start(run).ended;
    assert.equal(code, 0, output);
    const hits = project.hits().slice(known);
    const counts = Map.groupBy(hits, (line) => line);
    assert.ok(counts.size >= 16, [...counts.keys()].join(", "));
    const kills = [...counts].flatMap(([line, all]): readonly PointKill[] => {
      const [side, moment, point] = line.split(" ") as [PointKill["side"], Moment, PointKill["point"]];
      const wanted = new Set([1, all.length]);
      return [...wanted].map((hit) => ({ side, moment, point, hit }));
    });
    await Promise.all(
      kills.map((kill) =>
        t.test(`${kill.moment} ${kill.point}, hit ${kill.hit}`, { concurrency: 2 }, () =>
          check(kill, prepared),
        ),
      ),
    );
  },
);
