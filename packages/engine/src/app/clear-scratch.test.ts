import assert from "node:assert/strict";
import { type TestContext, test } from "node:test";
import { createMemoryFragmentStore } from "../adapters/memory/fragment-store.ts";
import { openCatalog } from "../adapters/sqlite/open.ts";
import {
  pathToPublished,
  sampleDecision,
  sampleExecution,
  sampleOwner,
  transitionsAlong,
} from "../ports/sample-records.contract.ts";
import { clearScratch, type KeepScratch } from "./clear-scratch.ts";

async function left(t: TestContext, keepScratch: KeepScratch): Promise<readonly string[]> {
  const catalog = await openCatalog({ file: ":memory:" });
  t.after(() => catalog.close());
  const scratch = createMemoryFragmentStore("scratch");
  const keys = ["published", "failed", "running"] as const;
  const made = await catalog.executions.record(
    keys.map((key) => sampleExecution(sampleDecision(key))),
    sampleOwner,
  );
  const names = new Map(made.map(({ rid, fragment }, index) => [fragment, { rid, name: keys[index] ?? "" }]));
  for (const [fragment, { rid, name }] of names) {
    scratch.write(fragment, "execution.json", "{}");
    const path = name === "published" ? pathToPublished : pathToPublished.slice(0, 4);
    await catalog.executions.transition(transitionsAlong(rid, path));
    if (name === "failed")
      await catalog.executions.transition([
        { rid, from: "running", to: "failed", at: "", message: "", actor: "worker", owner: null },
      ]);
  }
  scratch.write("runs/unknown/3ZZZ", "execution.json", "{}");
  const removed = await clearScratch({
    ...{ executions: catalog.executions, scratch, keepScratch },
    alive: () => false,
  });
  const remains: string[] = [];
  for await (const each of scratch.remains()) remains.push(names.get(each)?.name ?? each);
  assert.equal(removed.length, 4 - remains.length);
  return remains.sort();
}

test("what a published execution left is removed; unknown and unended ones, and kept failed ones, stay", async (t) => {
  assert.deepEqual(await left(t, "failed"), ["failed", "running", "runs/unknown/3ZZZ"]);
  assert.deepEqual(await left(t, "never"), ["running", "runs/unknown/3ZZZ"]);
  assert.deepEqual(await left(t, "always"), ["failed", "published", "running", "runs/unknown/3ZZZ"]);
});
