// Run with: node --test
import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { noHistory, snapshotOf, solve } from "almanac/solver";
import { catalogArbitraries, openInMemory, testDiagnostic, writeSyntheticArchive } from "almanac/testing";
import fc from "fast-check";
import provider, { fileCount } from "./provider.ts";

const folder = mkdtempSync(join(tmpdir(), "provider-test-"));
after(() => rmSync(folder, { recursive: true }));
const archive = await writeSyntheticArchive(folder, { models: 1 });
const never = new AbortController().signal;

test("one group: its value and no failure", async () => {
  const where = ["source_id=SYNTH-A", "experiment_id=piControl"];
  await using tested = await testDiagnostic(fileCount, { paths: [archive.root], where });
  assert.equal(tested.failure, undefined);
  assert.equal(tested.scalars[0]?.value, 2);
});

test("inputs of one's own", async () => {
  const files = archive.files.slice(0, 1);
  const datasets = [{ facets: { source_id: "X", experiment_id: "historical" }, files }];
  await using tested = await testDiagnostic(fileCount, { datasets });
  assert.deepEqual(tested.scalars[0]?.dimensions["source_id"], "X");
});

test("from files to values, in memory", async () => {
  await using project = await openInMemory({ providers: [provider] });
  await project.ingest({ sourceType: "cmip6", folders: [archive.root], mode: "full" }, never);
  const request = { options: {}, open: true, execute: true };
  const { ends } = await project.solve(request, { stop: never, cancel: never });
  assert.deepEqual(
    ends.map(({ state }) => state),
    ["published", "published"],
  );
  const { items } = await project.catalog.values.values({ kind: "scalar" });
  assert.equal(items.length, 2);
});

test("whatever the catalog holds, every group is of one model and its latest version", () => {
  fc.assert(
    fc.property(catalogArbitraries(fc).datasets({ maxDatasets: 20 }), (datasets) => {
      const { decisions } = solve(snapshotOf(datasets), [provider], { history: noHistory });
      for (const { datasets: used } of decisions) {
        const facets = datasets.filter(({ id }) => used["cmip6"]?.includes(id)).map((each) => each.facets);
        assert.equal(new Set(facets.map((each) => each["source_id"])).size, 1);
        assert.equal(new Set(facets.map((each) => each["version"])).size, 1);
      }
    }),
  );
});
