import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, type TestContext, test } from "node:test";
import { isAlmanacError } from "../../core/errors.ts";
import {
  explanationText,
  openProducts,
  pipeline,
  pipelineOf,
  type StepEvent,
  WorkflowRunner,
} from "./steps.ts";

/** A store of its own for one test. */
function storeOf(t: TestContext): () => ReturnType<typeof openProducts> {
  const folder = mkdtempSync(join(tmpdir(), "almanac-runner-"));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  return () => openProducts(folder);
}

interface Calls {
  /** Names of the steps called since the last look. */
  taken(): readonly string[];
  add(name: string): void;
}

function callsOf(): Calls {
  const calls: string[] = [];
  return { taken: () => calls.splice(0), add: (name) => void calls.push(name) };
}

const defaults = { size: 3, rayleigh: 1e4, plot: { colour: "red", dpi: 100 } };

/** Mesh, evolution with two products, figure, live solver and what comes of it. */
function convection(calls: Calls) {
  return pipeline("convection", { config: defaults })
    .step("mesh", {
      produces: "mesh",
      version: "1",
      run: ({ config }) => {
        calls.add("mesh");
        return Array.from({ length: config.size }, (_, at) => at);
      },
    })
    .step("evolve", {
      produces: ["temperature", "log"],
      requires: ["mesh"],
      version: "1",
      run: async ({ config, mesh }) => {
        calls.add("evolve");
        return {
          temperature: Float64Array.from(mesh, (x) => x * config.rayleigh),
          log: { steps: mesh.length },
        };
      },
    })
    .step("figure", {
      produces: "figure",
      requires: ["temperature"],
      version: "1",
      run: ({ config, temperature }) => {
        calls.add("figure");
        return `${config.plot.colour} ${temperature.join(",")}`;
      },
    })
    .step("solver", {
      produces: "solver",
      requires: ["mesh"],
      version: "1",
      run: ({ mesh }) => {
        calls.add("solver");
        return { solve: () => mesh.length };
      },
    })
    .step("solution", {
      produces: "solution",
      requires: ["solver"],
      version: "1",
      run: ({ solver }) => {
        calls.add("solution");
        return solver.solve();
      },
    });
}

const code = (wanted: string) => (error: unknown) => isAlmanacError(error) && error.code === wanted;

describe("asking for a product", () => {
  test("it is made, then cached, then loaded by another session without touching what is upstream", async (t) => {
    const open = storeOf(t);
    const calls = callsOf();
    const one = new WorkflowRunner(convection(calls), {}, open());
    const kinds: string[] = [];
    const stop = one.observe(({ kind, product }) => kinds.push(`${kind} ${product}`));
    assert.equal(await one.status("figure"), "missing");
    assert.equal(await one.get("figure"), "red 0,10000,20000");
    assert.deepEqual(kinds, [
      "building figure",
      "building temperature",
      "building mesh",
      "built mesh",
      "cached mesh",
      "built temperature",
      "cached temperature",
      "built figure",
      "cached figure",
    ]);
    assert.deepEqual(calls.taken(), ["mesh", "evolve", "figure"]);
    assert.equal(await one.status("figure"), "cached");
    stop();
    await one.get("figure");
    assert.equal(kinds.length, 9);
    await one.close();
    const two = new WorkflowRunner(convection(calls), {}, open());
    two.observe(({ kind, product }) => kinds.push(`${kind} ${product}`));
    assert.equal(await two.status("figure"), "fresh");
    assert.deepEqual(await two.get("log"), { steps: 3 });
    assert.equal(await two.get("figure"), "red 0,10000,20000");
    assert.deepEqual(kinds.slice(9), ["loaded log", "loaded figure"]);
    assert.deepEqual(calls.taken(), []);
    await two.close();
  });

  test("configurations A, B, A: two computations; the names follow", async (t) => {
    const open = storeOf(t);
    const calls = callsOf();
    const run = async (rayleigh: number): Promise<void> => {
      await using runner = new WorkflowRunner(convection(calls), { rayleigh }, open());
      assert.equal(await runner.get("figure"), `red 0,${rayleigh},${2 * rayleigh}`);
      assert.equal(await runner.load("figure"), `red 0,${rayleigh},${2 * rayleigh}`);
    };
    await run(1);
    await run(2);
    assert.deepEqual(calls.taken(), ["mesh", "evolve", "figure", "evolve", "figure"]);
    await run(1);
    assert.deepEqual(calls.taken(), []);
    await using runner = new WorkflowRunner(convection(calls), { rayleigh: 2 }, open());
    assert.equal(await runner.load("figure"), "red 0,1,2");
    assert.equal(await runner.isFresh("figure"), true);
  });

  test("a configuration that changes in a session counts, although the product is in memory", async () => {
    class Config {
      size = 2;
    }
    const config = new Config();
    const made = pipeline("p", { config: Config }).step("a", {
      produces: "a",
      version: "1",
      run: ({ config: { size } }) => size * 10,
    });
    const runner = new WorkflowRunner(made, config);
    assert.equal(await runner.get("a"), 20);
    config.size = 3;
    assert.equal(await runner.status("a"), "stale");
    assert.equal(await runner.get("a"), 30);
  });

  test("a requirement that comes out the same makes nothing downstream stale", async (t) => {
    const open = storeOf(t);
    const calls = callsOf();
    const made = (version: string) =>
      pipeline("p")
        .step("a", { produces: "a", version, run: () => (calls.add("a"), 1) })
        .step("b", { produces: "b", requires: ["a"], version: "1", run: ({ a }) => (calls.add("b"), a + 1) });
    for (const version of ["1", "2"]) {
      await using runner = new WorkflowRunner(made(version), {}, open());
      const [first, second] = await runner.plan();
      if (version === "2") {
        assert.equal(first?.decision, "run");
        assert.equal(second?.decision, "if-changed");
        assert.deepEqual(second?.waitsFor, ["a"]);
      }
      assert.equal(await runner.get("b"), 2);
    }
    assert.deepEqual(calls.taken(), ["a", "b", "a"]);
  });

  test("an unknown product lists what there is, nearest first", async (t) => {
    const runner = new WorkflowRunner(convection(callsOf()), {}, storeOf(t)());
    await runner.save("observed", 5);
    await assert.rejects(runner.get("tempratur"), (error) => {
      assert.ok(isAlmanacError(error, "UNKNOWN_NAME"));
      assert.match(error.hint ?? "", /^products: temperature, .*observed/);
      return true;
    });
    await runner.close();
  });

  test("concurrent requests share one run", async () => {
    const calls = callsOf();
    const runner = new WorkflowRunner(convection(calls));
    await Promise.all([
      runner.get("figure"),
      runner.get("log"),
      runner.get("temperature"),
      runner.get("figure"),
    ]);
    assert.deepEqual(calls.taken(), ["mesh", "evolve", "figure"]);
  });
});

describe("live values", () => {
  test("they stay in memory; what comes of them is stored and does not need them again", async (t) => {
    const open = storeOf(t);
    const calls = callsOf();
    {
      await using runner = new WorkflowRunner(convection(calls), {}, open());
      assert.equal(await runner.get("solution"), 3);
      assert.equal((await runner.get("solver")).solve(), 3);
      assert.deepEqual(calls.taken(), ["mesh", "solver", "solution"]);
    }
    await using runner = new WorkflowRunner(convection(calls), {}, open());
    assert.equal(await runner.get("solution"), 3);
    assert.equal(await runner.status("solver"), "missing");
    assert.deepEqual(calls.taken(), []);
    assert.equal((await runner.get("solver")).solve(), 3);
    assert.deepEqual(calls.taken(), ["solver"]);
  });
});

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

describe("explaining", () => {
  test("down to the root cause, and what would hit", async (t) => {
    const open = storeOf(t);
    {
      await using runner = new WorkflowRunner(convection(callsOf()), { rayleigh: 1e-6 }, open());
      await runner.buildAll();
    }
    await using runner = new WorkflowRunner(convection(callsOf()), { rayleigh: 5 }, open());
    const explanation = await runner.explain("figure");
    assert.equal(explanation.because[0]?.nearest?.differences.length, 1);
    const text = explanationText(explanation);
    assert.match(text, /figure \(figure\) will be made only if a requirement comes out different/);
    assert.match(
      text,
      /temperature \(evolve\) will be made\n.*configuration rayleigh: 0\.000001 → 5\n.*would hit if `rayleigh` were 0\.000001 again/,
    );
    await runner.get("figure");
    const made = explanationText(await runner.explain("figure"));
    assert.match(
      made,
      /is up to date[\s\S]*because requirement temperature changed[\s\S]*because configuration rayleigh/,
    );
  });
});

describe("events", () => {
  test("they have ids and parents; a throwing observer harms nothing", async () => {
    const problems: unknown[] = [];
    const runner = new WorkflowRunner(convection(callsOf()), {}, undefined, {
      reportError: (error) => problems.push(error),
    });
    const events: StepEvent[] = [];
    runner.observe(() => {
      throw new Error("observer");
    });
    runner.observe((event) => events.push(event));
    await runner.get("log");
    assert.equal(problems.length, events.length);
    assert.deepEqual(
      events.map(({ id }) => id),
      events.map((_, at) => at + 1),
    );
    const building = new Map(
      events.flatMap(({ kind, step, id }) => (kind === "building" ? [[step, id]] : [])),
    );
    const mesh = events.find(({ kind, step }) => kind === "building" && step === "mesh");
    assert.equal(mesh?.parent, building.get("evolve"));
    const built = events.find((event) => event.kind === "built" && event.step === "evolve");
    assert.ok(built?.kind === "built" && built.durationMs >= 0 && built.bytes > 0);
  });

  test("as an endless list that can be left", async () => {
    const runner = new WorkflowRunner(convection(callsOf()));
    const events = runner.events();
    const first = events.next();
    await runner.get("mesh");
    assert.equal((await first).value?.kind, "building");
    assert.equal((await events.next()).value?.kind, "built");
    await events.return();
  });
});
