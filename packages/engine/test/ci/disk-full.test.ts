import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdirSync, readdirSync, readFileSync, rmSync, statfsSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import type { CommandLineProject } from "../support/command-line.ts";
import { probeProject } from "../support/probe-project.ts";

// A disk that fills up in the middle of a solve, whoever writes to it: with space again the next solve ends as an undisturbed one.

const models = ["MODEL-A", "MODEL-B", "MODEL-C", "MODEL-D"];

/** Each execution leaves a value, a series and a file of this size. */
const fileBytes = 40_000;

const diagnostics = {
  written: `facets: ["source_id", "metric"], run: (context) => {
    give(context, 1.5);
    const dimensions = { source_id: model(context), metric: "probe" };
    context.series({ dimensions, values: Array.from({ length: 500 }, (_, at) => at / 3), index: Array.from({ length: 500 }, (_, at) => at), indexName: "step", valueUnits: "1" });
    writeFileSync(context.data("values.txt", { longName: "Values" }), "x".repeat(${fileBytes}));
  }`,
  command: `command: ["sh", "-c", "head -c ${fileBytes} /dev/zero > zeros.bin"]`,
};

/** What lives on the small disk. */
type Place = "catalog" | "scratch" | "results";

const settings: Readonly<Record<Place, string>> = {
  catalog: `catalog: { url: "sqlite:disk/catalog.sqlite" }`,
  scratch: `paths: { scratch: "disk/scratch" }`,
  results: `paths: { results: "disk/results" }`,
};

/** Bytes left free when the solve begins: none, and enough to get into the middle of it. */
const freeBytes: Readonly<Record<Place, readonly number[]>> = {
  catalog: [0, 65_536],
  scratch: [8_192, 61_440],
  results: [0, 61_440],
};

const diskBytes = 8 * 1024 * 1024;

/** A project whose `place` is on a small disk of its own; undefined where none can be mounted. */
function projectOnDisk(t: TestContext, place: Place): CommandLineProject | undefined {
  let disk = "";
  // Before the project removes its folder.
  t.after(() => disk !== "" && spawnSync("umount", [disk]));
  const project = probeProject(t, { models, diagnostics });
  const folder = project.path("disk");
  mkdirSync(folder);
  if (spawnSync("mount", ["-t", "tmpfs", "-o", `size=${diskBytes}`, "tmpfs", folder]).status !== 0)
    return undefined;
  disk = folder;
  const config = `export default { providers: { modules: ["probe.ts"] }, executor: { jobs: 2 }, ${settings[place]} };\n`;
  project.write("almanac.config.ts", config);
  project.succeed("init");
  project.succeed("ingest", "--type", "cmip6", "--fast", "archive");
  return project;
}

/** Fills the disk but for some bytes. @returns the file that takes the space */
function fill(project: CommandLineProject, leave: number): string {
  const { bavail, bsize } = statfsSync(project.path("disk"));
  const filler = project.path("disk", "filler");
  writeFileSync(filler, Buffer.alloc(Math.max(0, bavail * bsize - leave)));
  return filler;
}

/** What a user sees in the end: decisions, values, and files of the results with their contents. */
function outcomeOf(project: CommandLineProject, results: string): object {
  const decisions = project
    .json("plan")
    .items.map(({ diagnostic, key, decision, reasons }) => [
      `${diagnostic}/${key}`,
      decision,
      (reasons as readonly { readonly code: string }[])[0]?.code,
    ]);
  const csv = project.succeed("values", "list", "--format", "csv").split("\n");
  const current = project
    .json("executions", "list", "--state", "published")
    .items.map(({ fragment }) => String(fragment));
  return {
    decisions,
    // The first two columns are RIDs, which count attempts too.
    values: csv.map((line) => line.split(",").slice(2).join()).sort(),
    files: current.flatMap((fragment) => filesOf(join(project.path(results), fragment))).sort(),
  };
}

function filesOf(folder: string): readonly string[] {
  const names = readdirSync(folder, { recursive: true, encoding: "utf8" });
  const timed = /^(execution\.json|execution\.log|manifest\.jsonl|outcome\.json)$/;
  return names
    .filter((name) => statSync(join(folder, name)).isFile())
    .map((name) => (timed.test(name) ? name : `${name} ${digestOf(join(folder, name))}`));
}

function digestOf(file: string): string {
  return createHash("sha256").update(readFileSync(file)).digest("hex");
}

/** What a solve reaches that meets no full disk; computed by the first test. */
let expected: object | undefined;

function undisturbed(t: TestContext): object {
  const project = probeProject(t, { models, diagnostics });
  project.succeed("solve");
  return outcomeOf(project, "results");
}

for (const place of ["catalog", "scratch", "results"] as const)
  test(`a disk that is full under ${place} fails what needs it; with space again the next solve does the rest`, (t) => {
    expected ??= undisturbed(t);
    let failures = 0;
    for (const free of freeBytes[place]) {
      const project = projectOnDisk(t, place);
      if (project === undefined) return t.skip("no tmpfs can be mounted here");
      const filler = fill(project, free);
      const full = project.run("solve");
      const said = `${free} bytes free: exit ${full.status}\n${full.stdout}${full.stderr}`;
      assert.ok(full.status === 4 || full.status === 0, said);
      if (full.status === 4) {
        failures += 1;
        assert.match(said, /DISK_FULL/);
        // What stays as it was is not passed over as done.
        const still = project.run("solve");
        assert.equal(still.status, 4, `${said}\nstill full: ${still.stdout}${still.stderr}`);
        assert.match(still.stderr, /DISK_FULL/);
      }
      rmSync(filler);
      const again = project.run("solve");
      assert.equal(again.status, 0, `${said}\nthen: ${again.stdout}${again.stderr}`);
      assert.deepEqual(outcomeOf(project, place === "results" ? "disk/results" : "results"), expected, said);
      const published = project.json("executions", "list", "--state", "published").items;
      const scratch = project.path(place === "scratch" ? "disk/scratch" : ".almanac/scratch");
      const left = readdirSync(scratch, { recursive: true, encoding: "utf8" });
      for (const { fragment } of published)
        assert.ok(!left.includes(String(fragment)), `${fragment} is left`);
    }
    assert.ok(failures > 0, "a solve met a full disk");
  });
