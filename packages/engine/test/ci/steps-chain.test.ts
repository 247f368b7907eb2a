import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import type { LooseStep } from "../../src/core/steps/pipeline.ts";
import { openProducts, pipelineOf, WorkflowRunner } from "../../src/entry/library/steps.ts";

test("a chain of a hundred thousand steps builds, is found again, and is explained", async (t) => {
  const folder = mkdtempSync(join(tmpdir(), "almanac-chain-"));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  const length = 100_000;
  const steps = Array.from(
    { length },
    (_, at): LooseStep => ({
      id: `s${at}`,
      produces: `p${at}`,
      requires: at === 0 ? [] : [`p${at - 1}`],
      version: "1",
      run: (inputs: Record<string, number>) => (inputs[`p${at - 1}`] ?? 0) + 1,
    }),
  );
  const chain = pipelineOf("chain", steps.toReversed());
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
