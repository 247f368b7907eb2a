import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { chainPipeline } from "../../../test/support/chain-pipeline.ts";
import type { LooseStep } from "../../core/steps/pipeline.ts";
import { openProducts, pipeline, pipelineOf, WorkflowRunner } from "./steps.ts";

function folderOf(t: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), "almanac-large-"));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

test("thirty stacked diamonds run each step once", async () => {
  let calls = 0;
  const steps: LooseStep[] = [{ id: "top0", produces: "top0", version: "1", run: () => 1 }];
  for (let level = 1; level <= 30; level++) {
    const before = `top${level - 1}`;
    const side = (name: string): LooseStep => ({
      id: `${name}${level}`,
      produces: `${name}${level}`,
      requires: [before],
      version: "1",
      run: (inputs: Record<string, number>) => (calls++, (inputs[before] ?? 0) % 1000),
    });
    steps.push(side("left"), side("right"), {
      id: `top${level}`,
      produces: `top${level}`,
      requires: [`left${level}`, `right${level}`],
      version: "1",
      run: (inputs: Record<string, number>) => (
        calls++, (inputs[`left${level}`] ?? 0) + (inputs[`right${level}`] ?? 0)
      ),
    });
  }
  const runner = new WorkflowRunner(pipelineOf("diamonds", steps));
  await runner.get("top30");
  assert.equal(calls, 90);
  assert.equal((await runner.explain("top30")).decision, "hit");
  assert.equal(runner.whatInvalidates("top0").length, 90);
});

test("a chain of ten thousand steps builds, plans, explains and draws without recursion", async (t) => {
  const length = 10_000;
  const chain = chainPipeline(length);
  const last = `p${length - 1}`;
  const folder = folderOf(t);
  {
    await using runner = new WorkflowRunner(chain, {}, openProducts(folder));
    assert.equal(await runner.get(last), length);
    await runner.invalidate("p0");
    assert.equal((await runner.plan([last])).length, length);
  }
  await using runner = new WorkflowRunner(chain, {}, openProducts(folder));
  assert.equal((await runner.explain(last)).because.length, 1);
  assert.deepEqual((await runner.buildProducts([last])).ran, ["s0"]);
  const svg = await runner.diagram();
  assert.equal(svg.match(/<rect /g)?.length, length + 5);
  assert.equal((await runner.diagram({ format: "dot" })).match(/->/g)?.length, length - 1);
  assert.equal((await runner.diagram({ format: "mermaid" })).match(/-->/g)?.length, length - 1);
});

test("one field of five changed, 200 of 1,000 steps read it: 200 run, dependents only where values changed", async (t) => {
  const folder = folderOf(t);
  const fields = ["a", "b", "c", "d", "e"] as const;
  const steps: LooseStep[] = Array.from({ length: 1000 }, (_, at): LooseStep => {
    const field = fields[at % 5] ?? "a";
    return {
      id: `s${at}`,
      produces: `p${at}`,
      version: "1",
      run: ({ config }: { config: Record<string, number> }) =>
        Math.floor((config[field] ?? 0) / (at % 10 === 2 ? 100 : 1)),
    };
  });
  for (let at = 0; at < 1000; at++)
    steps.push({
      id: `after${at}`,
      produces: `q${at}`,
      requires: [`p${at}`],
      version: "1",
      run: (inputs: Record<string, number>) => inputs[`p${at}`],
    });
  const made = pipelineOf("fields", steps);
  const build = async (c: number): Promise<readonly string[]> => {
    await using runner = new WorkflowRunner(
      made,
      { a: 1, b: 2, c, d: 4, e: 5 } as never,
      openProducts(folder),
    );
    return (await runner.buildProducts(runner.leaves())).ran;
  };
  assert.equal((await build(3)).length, 2000);
  const ran = await build(7);
  assert.equal(ran.filter((id) => id.startsWith("s")).length, 200);
  assert.equal(ran.filter((id) => id.startsWith("after")).length, 100, "half of them give the same value");
  assert.deepEqual(await build(3), []);
});

test("map steps: each item has a key of its own", async (t) => {
  const folder = folderOf(t);
  const runs: number[] = [];
  const made = pipeline("map", { config: { numbers: [1, 2, 3, 4, 4], factor: 10 } })
    .step("numbers", { produces: "numbers", version: "1", run: ({ config }) => [...config.numbers] })
    .step("offset", { produces: "offset", version: "1", run: () => 100 })
    .map("scaled", {
      over: "numbers",
      requires: ["offset"],
      produces: "scaled",
      version: "1",
      itemName: (item) => `number ${item}`,
      item: ({ config, item, offset }) => {
        runs.push(item);
        if (item === 13) throw new Error("unlucky");
        return item * config.factor + offset;
      },
    })
    .step("sum", {
      produces: "sum",
      requires: ["scaled"],
      version: "1",
      run: ({ scaled }) => scaled.reduce((a, b) => a + b, 0),
    });
  const build = async (config: Partial<{ numbers: number[]; factor: number }>): Promise<unknown> => {
    runs.length = 0;
    await using runner = new WorkflowRunner(made, config, openProducts(folder));
    await runner.get("sum");
    return await runner.get("scaled");
  };
  assert.deepEqual(await build({}), [110, 120, 130, 140, 140]);
  assert.deepEqual(runs, [1, 2, 3, 4]);
  assert.deepEqual(await build({}), [110, 120, 130, 140, 140]);
  assert.deepEqual(runs, []);
  assert.deepEqual(await build({ numbers: [4, 3, 2, 1] }), [140, 130, 120, 110]);
  assert.deepEqual(runs, [], "reversed");
  assert.deepEqual(await build({ numbers: [1, 7, 3] }), [110, 170, 130]);
  assert.deepEqual(runs, [7], "one changed");
  assert.deepEqual(await build({ numbers: [] }), []);
  await build({ numbers: [1, 2], factor: 20 });
  assert.deepEqual(runs, [1, 2]);
  await assert.rejects(build({ numbers: [5, 13] }), /item number 13 of step "scaled" failed.*unlucky/);
  assert.deepEqual(await build({ numbers: [5] }), [150]);
  assert.deepEqual(runs, [], "what was made before the failure is kept");
});

test("checkpoints: a killed run goes on, a growing budget goes on, a changed ingredient begins anew", async (t) => {
  const folder = folderOf(t);
  let failAt = 3;
  const done: number[] = [];
  const made = pipeline("loop", { config: { steps: 5, rate: 2, colour: "red" } }).step("evolve", {
    produces: "state",
    version: "1",
    checkpoints: { across: ["steps"] },
    run: async ({ config }, { checkpoint }) => {
      const { rate } = config;
      let state = ((await checkpoint.load()) as { at: number; value: number } | undefined) ?? {
        at: 0,
        value: 1,
      };
      while (state.at < config.steps) {
        if (state.at === failAt) throw new Error("killed");
        state = { at: state.at + 1, value: state.value * rate };
        done.push(state.at);
        await checkpoint.save(state);
      }
      return state.value;
    },
  });
  const run = async (config: Partial<{ steps: number; rate: number; colour: string }>): Promise<unknown> => {
    done.length = 0;
    await using runner = new WorkflowRunner(made, config, openProducts(folder));
    return await runner.get("state");
  };
  await assert.rejects(run({}), /killed/);
  failAt = -1;
  assert.equal(await run({ colour: "blue" }), 32);
  assert.deepEqual(done, [4, 5]);
  assert.equal(await run({ steps: 7 }), 128);
  assert.deepEqual(done, [6, 7]);
  assert.equal(await run({ rate: 3 }), 243);
  assert.deepEqual(done, [1, 2, 3, 4, 5]);
});

test("what is invalidated, forced or checked begins anew, without its checkpoints", async (t) => {
  const folder = folderOf(t);
  const begun: string[] = [];
  const made = pipeline("loop").step("a", {
    produces: "a",
    version: "1",
    run: async (_, { checkpoint }) => {
      const state = await checkpoint.load();
      begun.push(state === undefined ? "anew" : "on");
      await checkpoint.save(1);
      return 5;
    },
  });
  await using runner = new WorkflowRunner(made, {}, openProducts(folder));
  await runner.get("a");
  await runner.check(1);
  await runner.get("a", { force: ["a"] });
  await runner.rebuild("a");
  assert.deepEqual(begun, ["anew", "anew", "anew", "anew"]);
});
