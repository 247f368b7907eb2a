import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { openProducts, WorkflowRunner } from "../../src/entry/library/steps.ts";
import { chainPipeline } from "../support/chain-pipeline.ts";

test("a chain of a hundred thousand steps builds, is found again, and is explained", async (t) => {
  const folder = mkdtempSync(join(tmpdir(), "almanac-chain-"));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  const length = 100_000;
  const chain = chainPipeline(length);
  const last = `p${length - 1}`;
  {
    await using runner = new WorkflowRunner(chain, {}, openProducts(folder));
    assert.equal(await runner.get(last), length);
  }
  await using runner = new WorkflowRunner(chain, {}, openProducts(folder));
  assert.deepEqual((await runner.buildProducts([last])).ran, []);
  await runner.invalidate("p50000");
  assert.deepEqual((await runner.buildProducts([last])).ran, ["s50000"]);
  assert.equal(runner.whatInvalidates("p0").length, length - 1);
});
