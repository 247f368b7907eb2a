import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { callsOf, convection, storeOf } from "../../../test/support/convection-pipeline.ts";
import { isAlmanacError } from "../../core/errors.ts";
import { explanationText, pipeline, type StepEvent, WorkflowRunner } from "./steps.ts";

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

  test("a step that changes what it was given changes nothing for others", async () => {
    const made = pipeline("p")
      .step("a", {
        produces: "a",
        version: "1",
        run: () => ({ list: [3, 1, 2], values: Float64Array.of(2, 1) }),
      })
      .step("b", {
        produces: "b",
        requires: ["a"],
        version: "1",
        run: ({ a }) => [a.list.reverse()[0], a.values.fill(1)[0]],
      })
      .step("c", {
        produces: "c",
        requires: ["a", "b"],
        version: "1",
        run: ({ a }) => [a.list[0], a.values[0]],
      });
    const runner = new WorkflowRunner(made);
    assert.deepEqual(
      [await runner.get("b"), await runner.get("c")],
      [
        [2, 1],
        [3, 2],
      ],
    );
    assert.deepEqual((await runner.get("a")).list, [3, 1, 2]);
  });

  test("parts of the configuration that a step returns are products like others", async (t) => {
    const open = storeOf(t);
    const config = { items: ["a", "b"], part: { x: [1], at: new Date(3) }, n: 3 };
    const parts = pipeline("parts", { config })
      .step("items", { produces: "items", run: ({ config: { items } }) => items })
      .map("marked", { over: "items", produces: "marked", item: ({ item }) => `${item}!` })
      .step("part", { produces: "part", run: ({ config: { part } }) => part })
      .step("all", { produces: "all", run: ({ config: whole }) => ({ whole }) })
      .step("use", {
        produces: "use",
        requires: ["part", "all"],
        run: ({ part, all }) => {
          part.x.push(all.whole.n);
          return part;
        },
      });
    for (const pass of ["made", "stored"]) {
      await using runner = new WorkflowRunner(parts, {}, open());
      assert.deepEqual(await runner.get("marked"), ["a!", "b!"], pass);
      assert.deepEqual(await runner.get("use"), { x: [1, 3], at: new Date(3) });
      assert.deepEqual(await runner.get("part"), config.part);
      assert.deepEqual(await runner.get("all"), { whole: config });
    }
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

  test("what they would read of the configuration later is an error, unless it is declared", async (t) => {
    const lazy = (uses?: readonly string[]) =>
      pipeline("p", { config: { size: 1 } })
        .step("model", {
          produces: "model",
          version: "1",
          ...(uses === undefined ? {} : { uses }),
          run:
            ({ config }) =>
            () =>
              config.size,
        })
        .step("answer", {
          produces: "answer",
          requires: ["model"],
          version: "1",
          run: ({ model }) => model(),
        });
    await assert.rejects(
      new WorkflowRunner(lazy()).get("answer"),
      /what step "model" made reads configuration path "size" after the step has ended/,
    );
    const open = storeOf(t);
    const answerOf = async (config: { size?: number }): Promise<number> => {
      await using runner = new WorkflowRunner(lazy(["size"]), config, open());
      return await runner.get("answer");
    };
    assert.equal(await answerOf({}), 1);
    assert.equal(await answerOf({ size: 2 }), 2);
  });
});

test("of a class, what is given is put over the members of an instance", async () => {
  class Config {
    readonly size: number = 2;
    readonly name: string = "a";
    get label(): string {
      return `${this.name}${this.size}`;
    }
  }
  const labelled = pipeline("p", { config: Config }).step("a", {
    produces: "a",
    version: "1",
    run: ({ config }) => config.label,
  });
  assert.equal(await new WorkflowRunner(labelled).get("a"), "a2");
  assert.equal(await new WorkflowRunner(labelled, { size: 3 }).get("a"), "a3");
  assert.equal(await new WorkflowRunner(labelled, new Config()).get("a"), "a2");
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

  test("another seed would hit if it were as before", async (t) => {
    const open = storeOf(t);
    const seeded = (seed: number) =>
      pipeline("p").step("a", { produces: "a", version: "1", seed, run: (_, context) => context.seed });
    {
      await using runner = new WorkflowRunner(seeded(1), {}, open());
      await runner.get("a");
    }
    await using runner = new WorkflowRunner(seeded(2), {}, open());
    assert.match(explanationText(await runner.explain("a")), /seed: 1 → 2\n.*if the seed were 1 again/);
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
