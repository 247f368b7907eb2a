import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { callsOf, convection, storeOf } from "../../../test/support/convection-pipeline.ts";
import { isAlmanacError } from "../../core/errors.ts";
import { inputsText, pipeline, pipelineOf, WorkflowRunner } from "./steps.ts";

const code = (wanted: string) => (error: unknown) => isAlmanacError(error) && error.code === wanted;

describe("verbs", () => {
  test("buildAll makes every leaf and returns their names in order", async () => {
    const calls = callsOf();
    const runner = new WorkflowRunner(convection(calls));
    assert.deepEqual(await runner.buildAll(), ["figure", "log", "solution"]);
    assert.deepEqual([...calls.taken()].sort(), ["evolve", "figure", "mesh", "solution", "solver"]);
  });

  test("invalidate drops all products of the step and nothing downstream; rebuild makes them again", async (t) => {
    const calls = callsOf();
    await using runner = new WorkflowRunner(convection(calls), {}, storeOf(t)());
    await runner.get("figure");
    calls.taken();
    await runner.invalidate("temperature");
    assert.deepEqual(
      [await runner.status("temperature"), await runner.status("log"), await runner.has("figure")],
      ["missing", "missing", true],
    );
    assert.equal(await runner.get("figure"), "red 0,10000,20000");
    assert.deepEqual(calls.taken(), ["evolve"], "it came out the same: the figure stays");
    await runner.rebuild("mesh");
    assert.deepEqual(calls.taken(), ["mesh"]);
  });

  test("asking for one product does not replace another of the same step", async () => {
    const runner = new WorkflowRunner(convection(callsOf()));
    const log = await runner.get("log");
    await runner.get("temperature");
    assert.equal(await runner.get("log"), log);
  });

  test("products made by hand: saved, listed, loaded, removed; a step's product cannot be saved", async (t) => {
    const open = storeOf(t);
    {
      await using runner = new WorkflowRunner(convection(callsOf()), {}, open());
      await runner.save("observed", new Map([["a", Float32Array.of(1, 2)]]));
      await assert.rejects(runner.save("mesh", []), code("USAGE"));
      await assert.rejects(
        runner.save("bad", () => 1),
        code("CODEC_FAILED"),
      );
    }
    await using runner = new WorkflowRunner(convection(callsOf()), {}, open());
    assert.deepEqual(await runner.load("observed"), new Map([["a", Float32Array.of(1, 2)]]));
    assert.deepEqual(await runner.get("observed"), new Map([["a", Float32Array.of(1, 2)]]));
    assert.deepEqual(
      (await runner.list()).map(({ output }) => output.product),
      ["observed"],
    );
    await runner.remove("observed");
    assert.equal(await runner.has("observed"), false);
    await assert.rejects(runner.load("observed"), code("UNKNOWN_NAME"));
    await assert.rejects(runner.load("mesh"), code("PRODUCT_MISSING"));
  });

  test("an input is saved from outside and counts by what it is", async (t) => {
    const calls = callsOf();
    const made = pipeline("p")
      .input("data")
      .step("mean", {
        produces: "mean",
        requires: ["data"],
        version: "1",
        run: ({ data }) => (calls.add("mean"), (data as number[]).length),
      });
    await using runner = new WorkflowRunner(made, {}, storeOf(t)());
    await assert.rejects(
      runner.get("mean"),
      (error) => isAlmanacError(error, "PRODUCT_MISSING") && /runner\.save\("data"/.test(error.hint ?? ""),
    );
    await runner.save("data", [1, 2]);
    assert.equal(await runner.get("mean"), 2);
    await runner.save("data", [1, 2]);
    assert.equal(await runner.get("mean"), 2);
    await runner.save("data", [1, 2, 3]);
    assert.equal(await runner.get("mean"), 3);
    assert.deepEqual(calls.taken(), ["mean", "mean"]);
  });

  test("a step without product runs each time it is asked for", async () => {
    const calls = callsOf();
    const made = pipeline("p").step("report", { version: "1", run: () => calls.add("report") });
    const runner = new WorkflowRunner(made);
    await runner.get("report");
    await runner.buildProducts(["report"]);
    assert.deepEqual(calls.taken(), ["report", "report"]);
    assert.match(String(await runner.dag()), /report {2,}— {2,}— {2,}\(no product\)/);
  });

  test("existence is enough where it is asked for", async (t) => {
    const calls = callsOf();
    const made = pipeline("p", { config: { x: 1 } }).step("a", {
      produces: "a",
      version: "1",
      freshness: "existence",
      run: ({ config }) => (calls.add("a"), config.x),
    });
    const open = storeOf(t);
    for (const x of [1, 2]) {
      await using runner = new WorkflowRunner(made, { x }, open());
      assert.equal(await runner.get("a"), 1);
    }
    assert.deepEqual(calls.taken(), ["a"]);
    const renamed = pipeline("p")
      .step("a", { produces: "b", version: "1", freshness: "existence", run: () => 3 })
      .step("c", { produces: "c", requires: ["b"], version: "1", run: ({ b }) => b });
    await using runner = new WorkflowRunner(renamed, {}, open());
    assert.equal(await runner.get("c"), 3, "what is there is another product");
  });

  test("a stored product tells what it was made of", async (t) => {
    const made = pipeline("p", { config: { size: 2, colour: "red" } })
      .input("data")
      .step("a", { produces: "a", version: "1", run: ({ config }) => config.size })
      .step("b", {
        produces: "b",
        requires: ["a", "data"],
        version: "2",
        captures: { k: 4 },
        seed: 7,
        environment: ["arch"],
        run: ({ a }) => a,
      });
    await using runner = new WorkflowRunner(made, {}, storeOf(t)());
    await assert.rejects(runner.inputs("b"), (error) => isAlmanacError(error, "PRODUCT_MISSING"));
    await runner.save("data", 5);
    await runner.get("b");
    const [a, b] = [await runner.inputs("a"), await runner.inputs("b")];
    assert.deepEqual(a.ingredients.readings, [["size", "value", "2"]]);
    assert.deepEqual(
      b.requirements.map(({ product, key }) => [product, key]),
      [
        ["a", a.key],
        ["data", undefined],
      ],
    );
    assert.equal(b.requirements[0]?.digest, a.output.digest);
    const text = inputsText(b);
    for (const line of [
      /^step +p\/b$/m,
      /^because +first time/m,
      /^captured +k = 4$/m,
      /^environment +arch = /m,
      /^seed +7$/m,
      /^code +version:2$/m,
    ])
      assert.match(text, line);
    assert.match(inputsText(a), /^configuration +size = 2$/m);
  });

  test("what is forced must be there", async () => {
    const runner = new WorkflowRunner(convection(callsOf()));
    await assert.rejects(runner.plan(["mesh"], { force: ["mehs"] }), (error) =>
      isAlmanacError(error, "UNKNOWN_NAME"),
    );
  });

  test("a configuration in the older style counts by its identity fields", async (t) => {
    class Config {
      static readonly identityFields = ["x"];
      readonly x: number;
      readonly verbose: boolean;
      constructor(x: number, verbose: boolean) {
        this.x = x;
        this.verbose = verbose;
      }
    }
    const calls = callsOf();
    const made = pipelineOf("p", [
      {
        id: "a",
        produces: "a",
        version: "1",
        run: ({ config }: { config: Config }) => (calls.add("a"), config.verbose ? config.x : config.x),
      },
    ]);
    const open = storeOf(t);
    for (const config of [new Config(1, true), new Config(1, false), new Config(2, false)]) {
      await using runner = new WorkflowRunner(made, config as never, open());
      await runner.get("a");
    }
    assert.deepEqual(calls.taken(), ["a", "a"]);
  });

  test("pins are kept, other earlier products go", async (t) => {
    const open = storeOf(t);
    const get = async (rayleigh: number, pin: boolean): Promise<void> => {
      await using runner = new WorkflowRunner(convection(callsOf()), { rayleigh }, open());
      await runner.get("figure");
      if (pin) await runner.pin("figure", "published");
    };
    await get(1, true);
    await get(2, false);
    await get(3, false);
    await using runner = new WorkflowRunner(convection(callsOf()), { rayleigh: 3 }, open());
    const report = await runner.collect({ dryRun: false });
    assert.equal(report.postponed, undefined);
    assert.deepEqual(
      report.removed.map(({ step }) => step),
      [
        "convection/evolve",
        "convection/evolve",
        "convection/evolve",
        "convection/evolve",
        "convection/figure",
      ],
    );
    assert.equal(await runner.isFresh("figure"), true);
    assert.deepEqual(
      (await runner.pins()).map(({ note }) => note),
      ["published"],
    );
  });
});
