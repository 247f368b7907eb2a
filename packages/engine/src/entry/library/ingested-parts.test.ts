import assert from "node:assert/strict";
import { cpSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import type { Rid } from "../../core/identity/rid.ts";
import type { Project } from "../project.ts";
import { open } from "./open.ts";
import { withExecution } from "./run.ts";

async function emptyProject(
  t: TestContext,
  name = "analysis.ts",
): Promise<{ readonly project: Project; readonly code: string }> {
  const folder = mkdtempSync(join(tmpdir(), "almanac-parts-"));
  writeFileSync(join(folder, "almanac.config.json"), "{}");
  const code = join(folder, name);
  writeFileSync(code, "// the code of the runs");
  const project = await open({ folder, access: "create" });
  t.after(async () => {
    await project[Symbol.asyncDispose]();
    rmSync(folder, { recursive: true, force: true });
  });
  return { project, code };
}

/** A whole with a part that failed, a part with a part of its own, and one without a place. */
async function recordFamily({ project, code }: { project: Project; code: string }): Promise<Rid> {
  const { report } = await withExecution({ project, code, description: "whole" }, async (whole) => {
    await whole.nested({ description: "loose", run: () => {} });
    await whole.nested({ sequence: 2, description: "fails", run: (part) => part.fail("no such luck") });
    await whole.nested({
      ...{ sequence: 1, description: "first" },
      run: (part) => part.nested({ sequence: 7, description: "deep", run: () => {} }),
    });
  });
  return report.rid;
}

/** Everything below an execution, as a person sees it. */
async function family({ catalog }: Project, rid: Rid): Promise<readonly (readonly unknown[])[]> {
  return (await catalog.runs.children(rid, true)).map(({ description, sequence, depth, state }) => [
    ...[description, sequence, depth, state],
  ]);
}

const expected = [
  ["first", 1, 1, "published"],
  ["fails", 2, 1, "failed"],
  ["loose", undefined, 1, "published"],
  ["deep", 7, 2, "published"],
];

test("a results tree alone gives an empty catalog the same wholes and parts, failed ones too", async (t) => {
  const made = await emptyProject(t);
  const rid = await recordFamily(made);
  assert.deepEqual(await family(made.project, rid), expected);
  const { project } = await emptyProject(t);
  cpSync(made.project.results.folder("runs"), project.results.folder("runs"), { recursive: true });
  const report = await project.ingestResults([]);
  assert.deepEqual([report.ingested, report.failures, report.failed, report.warnings], [4, 1, [], []]);
  assert.deepEqual(await family(project, rid), expected);
  const [fails] = (await project.catalog.executions.list({ states: ["failed"] })).items;
  assert.match(fails?.failure?.message ?? "", /no such luck/);
  const original = await made.project.catalog.executions.execution(fails?.rid as Rid);
  assert.deepEqual(
    [fails?.failure, fails?.resources],
    [original?.failure, original?.resources],
    "a failed run keeps what is known of it",
  );
  const again = await project.ingestResults([]);
  assert.deepEqual([again.ingested, again.failures], [4, 0]);
  assert.deepEqual(await family(project, rid), expected);
});

test("in a catalog whose RIDs are taken the parts find their own whole", async (t) => {
  const made = await emptyProject(t);
  const rid = await recordFamily(made);
  const { project, code } = await emptyProject(t, "other.ts");
  const { report: other } = await withExecution({ project, code, description: "another" }, () => {});
  assert.equal(other.rid, rid, "both catalogs begin to count at the same number");
  cpSync(made.project.results.folder("runs"), project.results.folder("runs"), { recursive: true });
  const report = await project.ingestResults([]);
  assert.deepEqual([report.warnings, report.failed], [[], []]);
  assert.deepEqual(await family(project, other.rid), []);
  const [whole] = (await project.catalog.executions.list({})).items
    .filter(({ createdAt }) => createdAt < other.definition.createdAt)
    .slice(-1);
  assert.deepEqual(await family(project, whole?.rid as Rid), expected);
});

test("a part whose whole is not there is told", async (t) => {
  const made = await emptyProject(t);
  const rid = await recordFamily(made);
  const { project } = await emptyProject(t);
  cpSync(made.project.results.folder("runs"), project.results.folder("runs"), { recursive: true });
  const part = (await made.project.catalog.runs.children(rid, false))[0]?.rid as Rid;
  const first = await project.ingestResults([part]);
  assert.match(first.warnings[0]?.message ?? "", new RegExp(`part of ${rid}, which is not in this catalog`));
  await project.ingestResults([]);
  assert.deepEqual(await family(project, rid), expected, "whichever came first");
});
