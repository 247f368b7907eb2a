import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { after, test } from "node:test";
import { cmip6 } from "../../core/catalog/cmip6.ts";
import { openMonthlyChain } from "./monthly-chain.ts";
import { openNetcdf } from "./reader.ts";
import { writeSyntheticArchive } from "./synthetic-archive.ts";

const folder = mkdtempSync(join(tmpdir(), "almanac-synthetic-"));
after(() => rmSync(folder, { recursive: true }));
const archive = await writeSyntheticArchive(join(folder, "one"), { models: 1 });

test("every path follows the data reference syntax and agrees with the attributes", async () => {
  for (const path of archive.files) {
    const facts = cmip6.parsePath(relative(archive.root, path));
    assert.ok(facts !== undefined, path);
    if (path === archive.truncated) continue;
    const file = await openNetcdf(path);
    for (const name of cmip6.requiredAttributes)
      assert.ok(file.attributes[name] !== undefined, `${path}: ${name}`);
    for (const name of [
      "source_id",
      "experiment_id",
      "variable_id",
      "table_id",
      "grid_label",
      "institution_id",
    ])
      assert.equal(file.attributes[name], facts.facets[name], `${path}: ${name}`);
    file.close();
  }
});

test("the overlapping files agree where they overlap", async () => {
  const chain = await openMonthlyChain(archive.overlapping, "tas");
  assert.equal(chain.months.length, 80 * 12);
  assert.ok(new Set(chain.steps.map(({ file }) => file)).size === 2);
  chain.close();
});

test("the truncated file cannot be opened", async () => {
  await assert.rejects(openNetcdf(archive.truncated), /truncated/);
});

test("a second archive has the same bytes", async () => {
  const again = await writeSyntheticArchive(join(folder, "two"), { models: 1 });
  for (const [at, path] of archive.files.entries())
    assert.ok(readFileSync(path).equals(readFileSync(again.files[at] ?? "")), path);
});
