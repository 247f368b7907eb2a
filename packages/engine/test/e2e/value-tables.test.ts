import assert from "node:assert/strict";
import { test } from "node:test";
import { probeProject } from "../support/probe-project.ts";

const models = ["A", "B", "C", "D", "E", "F"].map((letter) => `MODEL-${letter}`);
/** One scalar a model, the last far from the others; and two that only `statistic` tells apart. */
const fine = `run: (context) => give(context, model(context) === "MODEL-F" ? 500 : model(context).charCodeAt(6))`;
const twice = `run: (context) => { for (const statistic of ["mean", "max"]) context.scalar({ dimensions: { source_id: model(context), metric: "probe", statistic }, value: statistic.length, units: "K" }); }`;

test("scalars as a table, and those far outside of the quartiles of their group", (t) => {
  const project = probeProject(t, { models, diagnostics: { fine, twice } });
  project.succeed("solve");
  const pivot = ["values", "pivot", "--rows", "source_id"];
  const table = project.json(...pivot, "--columns", "diagnostic", "statistic!=max");
  assert.equal(table.total, 6);
  assert.deepEqual(table.items[0], { row: { source_id: "MODEL-A" }, cells: { fine: 65, twice: 4 } });
  assert.deepEqual(table["columns"], [
    { name: "fine", units: "1" },
    { name: "twice", units: "K" },
  ]);
  const csv = project.succeed(...pivot, "--columns", "diagnostic", "statistic!=max", "--format", "csv");
  assert.match(csv, /^source_id,fine,twice \[K\]\nMODEL-A,65,4\n/);

  const several = project.run(...pivot, "--columns", "metric", "--exact", "--diagnostic", "twice");
  assert.equal(several.status, 2);
  assert.match(several.stderr, /2 values for one cell \(MODEL-A, probe\).*told apart by statistic/);
  const mean = [...pivot, "--columns", "metric", "--diagnostic", "twice", "--reduce", "mean"];
  assert.deepEqual(project.json(...mean).items[0]?.["cells"], { probe: 3.5 });
  assert.match(project.run(...pivot, "--columns", "metrik").stderr, /UNKNOWN_NAME.*\n.*nearest: metric/);

  const found = project.json("values", "outliers", "--diagnostic", "fine");
  // Means 65 to 69 and 500: quartiles 66.25 and 68.75, ten ranges of 2.5 outside.
  assert.deepEqual(
    found.items.map(({ dimensions, reason, lower, upper }) => [dimensions, reason, lower, upper]),
    [[{ source_id: "MODEL-F", metric: "probe" }, "above", 41.25, 93.75]],
  );
  const few = project.run("values", "outliers", "--diagnostic", "fine", "--sources", "7");
  assert.match(few.stderr, /^0 outliers\nof 0 groups.*\ntoo few {2}probe\/fine\/probe {2}6 of 7 sources\n$/);
});
