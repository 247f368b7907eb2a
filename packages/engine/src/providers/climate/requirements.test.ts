import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { after, test } from "node:test";
import { openedSnapshot } from "../../../test/support/opened-folder.ts";
import { solve } from "../../core/solver/solve.ts";
import { writeSyntheticArchive } from "../../entry/library/testing.ts";
import climate from "./provider.ts";

const folder = mkdtempSync(path.join(tmpdir(), "almanac-requirements-"));
after(() => rmSync(folder, { recursive: true }));
await writeSyntheticArchive(folder);
const plan = solve(await openedSnapshot(folder), [climate], { history: { groups: [] } });

function datasetsOf(diagnostic: string, part: string): readonly string[] {
  const found = plan.decisions.filter((each) => each.diagnostic === diagnostic && each.key.includes(part));
  assert.equal(found.length, 1, `${diagnostic} ${part}`);
  return Object.values(found[0]?.datasets ?? {}).flat();
}

test("nothing fails, and each diagnostic has its candidates", () => {
  assert.deepEqual(plan.errors, []);
  const counts = Map.groupBy(plan.decisions, ({ diagnostic }) => diagnostic);
  assert.deepEqual(Object.fromEntries([...counts].map(([slug, found]) => [slug, found.length])), {
    "annual-cycle": 32,
    "equilibrium-climate-sensitivity": 2,
    "global-mean-timeseries": 32,
    "transient-climate-response": 3,
    "trend-map": 9,
  });
});

test("a model without one flux has no climate sensitivity, and the plan counts it as unsatisfied", () => {
  assert.ok(
    !plan.decisions.some(
      ({ diagnostic, key }) => diagnostic.startsWith("equilibrium") && key.includes("SYNTH-C"),
    ),
  );
  const steps = plan.unsatisfied.filter(({ diagnostic }) => diagnostic === "equilibrium-climate-sensitivity");
  assert.deepEqual(
    steps.map(({ step, groups }) => [step.split(" ")[0], groups]),
    [["requireFacets", 1]],
  );
});

test("the sensitivity takes four variables of experiment and control, and the cell areas", () => {
  const ids = datasetsOf("equilibrium-climate-sensitivity", "SYNTH-A");
  assert.equal(ids.length, 9);
  assert.equal(ids.filter((id) => id.includes(".piControl.")).length, 4);
  assert.equal(ids.filter((id) => id.includes(".areacella.")).length, 1);
  assert.equal(datasetsOf("equilibrium-climate-sensitivity", "SYNTH-B").length, 8);
});

test("a mean takes its variable and the areas of its grid", () => {
  const ids = datasetsOf("global-mean-timeseries", "historical_gn_r1i1p1f1_SYNTH-A_Amon_pr");
  assert.deepEqual(new Set(ids.map((id) => id.split(".").at(-3))), new Set(["areacella", "pr"]));
});
