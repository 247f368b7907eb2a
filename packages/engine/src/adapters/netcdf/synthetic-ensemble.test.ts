import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { after, test } from "node:test";
import { cmip6 } from "../../core/catalog/cmip6.ts";
import { weightedMeans } from "../../core/science/area-mean.ts";
import { annualMeans } from "../../core/science/monthly.ts";
import { latitudeWeights, readGrid } from "./grid.ts";
import { openMonthlyChain } from "./monthly-chain.ts";
import { openNetcdf } from "./reader.ts";
import { exactTransientResponse } from "./synthetic-climate.ts";
import { writeSyntheticEnsemble } from "./synthetic-ensemble.ts";

const folder = mkdtempSync(join(tmpdir(), "almanac-ensemble-"));
after(() => rmSync(folder, { recursive: true }));
const ensemble = await writeSyntheticEnsemble(join(folder, "one"), { models: 2, members: 2 });

test("paths tell member, experiment and model as the attributes do; no two files have one tracking id", async () => {
  assert.equal(ensemble.files.length, 2 * (1 + 2 * 2));
  const tracked = new Set<unknown>();
  for (const path of ensemble.files) {
    const facets = cmip6.parsePath(relative(ensemble.root, path))?.facets ?? {};
    const file = await openNetcdf(path);
    for (const name of ["source_id", "experiment_id", "variant_label", "variable_id"])
      assert.equal(file.attributes[name], facets[name] ?? facets["member_id"], `${path}: ${name}`);
    assert.equal(`r${file.attributes["realization_index"]}i1p1f1`, facets["member_id"]);
    tracked.add(file.attributes["tracking_id"]);
    file.close();
  }
  assert.equal(tracked.size, ensemble.files.length);
});

test("members of a model have its transient response but for weather, and not the same weather", async () => {
  for (const { source, climate } of ensemble.models) {
    const control = await globalMeans(`${source}_piControl_r1i`);
    const responses = [];
    for (const member of [1, 2]) {
      const ramp = await globalMeans(`${source}_1pctCO2_r${member}i`);
      responses.push(mean(ramp.subarray(60, 80)) - mean(control));
    }
    for (const response of responses)
      assert.ok(Math.abs(response - exactTransientResponse(climate)) < 0.2, `${source} ${responses.join()}`);
    assert.ok(Math.abs((responses[0] ?? 0) - (responses[1] ?? 0)) > 1e-4);
  }
});

test("a second ensemble has the same bytes, a smaller one the same first models' names and climates", async () => {
  const again = await writeSyntheticEnsemble(join(folder, "two"), { models: 2, members: 2 });
  for (const [at, path] of ensemble.files.entries())
    assert.ok(readFileSync(path).equals(readFileSync(again.files[at] ?? "")), path);
  const smaller = await writeSyntheticEnsemble(join(folder, "three"), { models: 1, members: 2 });
  assert.deepEqual(smaller.models, ensemble.models.slice(0, 1));
});

/** Annual global means of the file whose name holds a text. @units K */
async function globalMeans(part: string): Promise<Float64Array> {
  const chain = await openMonthlyChain(
    ensemble.files.filter((path) => path.includes(part)),
    "tas",
  );
  try {
    const weights = latitudeWeights(readGrid(chain.first, chain.variable));
    const monthly = new Float64Array(chain.months.length);
    for (const { first, values } of chain.chunks()) monthly.set(weightedMeans(values, weights), first);
    return annualMeans(monthly, chain).values;
  } finally {
    chain.close();
  }
}

function mean(values: Float64Array): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
