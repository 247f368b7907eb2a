import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { existsSync, globSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { pathToFileURL } from "node:url";
import { KilledProject } from "./killed-project.ts";
import type { Moment, PointKill } from "./killing-observer.ts";

// Exporting, completing and importing bags, killed at any durable write: the same command given again ends as it would have.

const linux = {
  skip: existsSync("/proc/self/stat") ? false : "needs /proc to see which processes are left",
  concurrency: 2,
};

const module = `import { writeFileSync } from "node:fs";
export function make({ execution: { outputPath } }) {
  for (const name of ["a b.txt", "sub/c.txt"]) writeFileSync(outputPath(name), "made " + name);
}
`;

async function run(project: KilledProject, ...words: readonly string[]): Promise<string> {
  const { code, stdout, output } = await project.almanac(...words);
  assert.equal(code, 0, output);
  return stdout;
}

/** A project with a released dataset, one of whose files lies elsewhere, and a bag without that file. */
async function ready(): Promise<KilledProject> {
  const project = new KilledProject();
  project.writeConfig();
  writeFileSync(join(project.folder, "provider.ts"), "export default [];\n");
  writeFileSync(join(project.folder, "make.mjs"), module);
  const bytes = "from elsewhere";
  const file = join(project.folder, "elsewhere.bin");
  writeFileSync(file, bytes);
  const sha256 = createHash("sha256").update(bytes).digest("hex");
  await run(project, "init");
  await run(project, "run", "make.mjs#make");
  const added = ["--sha256", sha256, "--size", `${bytes.length}`];
  await run(project, "assets", "add", pathToFileURL(file).href, ...added);
  const { items } = JSON.parse(
    await run(project, "assets", "list", "--kind", "execution-asset", "file", "--json"),
  ) as { items: readonly { rid: string }[] };
  assert.equal(items.length, 3);
  await run(project, "datasets", "create", "d", "--member", ...items.map(({ rid }) => rid), "--release");
  await run(project, "datasets", "bag", "export", "d@0.1.0", "partial", "--files", "local");
  await run(project, "datasets", "bag", "export", "d@0.1.0", "whole");
  return project;
}

interface Case {
  readonly words: readonly string[];
  /** Folder of the bag that is valid in the end. */
  readonly bag: string;
  readonly points: readonly string[];
}

const cases: readonly Case[] = [
  {
    words: ["datasets", "bag", "export", "d@0.1.0", "new"],
    ...{ bag: "new", points: ["bags.build", "bags.place"] },
  },
  {
    words: ["datasets", "bag", "complete", "partial"],
    ...{ bag: "partial", points: ["bags.fetch"] },
  },
  {
    words: ["datasets", "bag", "export", "d@0.1.0", "partial"],
    ...{ bag: "partial", points: ["bags.fetch"] },
  },
];

for (const each of cases)
  test(`almanac ${each.words.join(" ")}, killed at any durable write`, linux, async (t) => {
    using prepared = await ready();
    const hits = await hitsOf(prepared, each.words);
    for (const point of each.points)
      assert.ok(
        hits.some((line) => line.endsWith(point)),
        hits.join(", "),
      );
    for (const kill of killsOf(hits))
      await t.test(`${kill.moment} ${kill.point}, hit ${kill.hit}`, async () => {
        using project = prepared.copy();
        const killed = await project.start(each.words, kill).ended;
        assert.equal(killed.signal, "SIGKILL", killed.output);
        await run(project, ...each.words);
        await run(project, "datasets", "bag", "verify", each.bag);
        assert.deepEqual(
          readdirSync(project.folder).filter((name) => name.startsWith(".almanac-bag-")),
          [],
        );
      });
  });

test("almanac datasets bag import, killed at any durable write", linux, async (t) => {
  using source = await ready();
  using prepared = new KilledProject();
  prepared.writeConfig();
  writeFileSync(join(prepared.folder, "provider.ts"), "export default [];\n");
  await run(prepared, "init");
  const words = ["datasets", "bag", "import", join(source.folder, "whole")];
  const hits = await hitsOf(prepared, words);
  assert.ok(
    hits.some((line) => line.endsWith("catalog.record")),
    hits.join(", "),
  );
  for (const kill of killsOf(hits))
    await t.test(`${kill.moment} ${kill.point}, hit ${kill.hit}`, async () => {
      using project = prepared.copy();
      const killed = await project.start(words, kill).ended;
      assert.equal(killed.signal, "SIGKILL", killed.output);
      // Any command that writes clears away what nobody has.
      await run(project, "ingest", "--type", "cmip6", project.folder).catch(() => "");
      const taken = JSON.parse(await run(project, "assets", "list", "--json")) as { total: number };
      const files = globSync("results/datasets/**", { cwd: project.folder });
      assert.equal(files.length > 0, taken.total > 0, files.join(", "));
      await run(project, ...words);
      const { items } = JSON.parse(await run(project, "assets", "verify", "--json")) as {
        items: readonly { state: string }[];
      };
      assert.deepEqual(
        items.map(({ state }) => state),
        ["good", "good", "good"],
      );
      assert.equal(globSync("results/datasets/*/*", { cwd: project.folder }).length, 1);
    });
});

/** What a command hits when nothing is killed. */
async function hitsOf(prepared: KilledProject, words: readonly string[]): Promise<readonly string[]> {
  using project = prepared.copy();
  const known = project.hits().length;
  const { code, output } = await project.start(words).ended;
  assert.equal(code, 0, output);
  return project.hits().slice(known);
}

/** The first and the last hit of each point, before and after. */
function killsOf(hits: readonly string[]): readonly PointKill[] {
  return [...Map.groupBy(hits, (line) => line)].flatMap(([line, all]) => {
    const [side, moment, point] = line.split(" ") as [PointKill["side"], Moment, PointKill["point"]];
    return [...new Set([1, all.length])].map((hit) => ({ side, moment, point, hit }));
  });
}
