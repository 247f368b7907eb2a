import assert from "node:assert/strict";
import { describe, test } from "node:test";
import fc from "fast-check";
import { isAlmanacError } from "../errors.ts";
import { coneOf } from "./graph.ts";
import { declarePipeline, type LooseStep, pipelineOfSteps } from "./pipeline.ts";
import { leavesOf, whatInvalidates } from "./reach.ts";

const base = () =>
  declarePipeline("convection", { config: { size: 2, plot: { colour: "red" } } })
    .step("mesh", { produces: "mesh", run: ({ config }) => [config.size] })
    .step("evolve", {
      produces: ["temperature", "log"],
      requires: ["mesh"],
      run: ({ mesh }) => ({ temperature: Float64Array.from(mesh), log: "done" }),
    });

function refused(action: () => unknown, ...parts: readonly RegExp[]): void {
  assert.throws(action, (error) => {
    assert.ok(isAlmanacError(error, "PIPELINE_INVALID"), String(error));
    for (const part of parts) assert.match(`${error.message}\n${error.hint}`, part);
    return true;
  });
}

describe("declaration", () => {
  test("codecs are of what the step produces", () => {
    const codec = {
      name: "x",
      accepts: () => true,
      encode: () => ({ bytes: new Uint8Array() }),
      decode: () => 1,
    };
    refused(
      () => declarePipeline("p").step("s", { produces: "a", codecs: { b: codec }, run: () => 1 }),
      /codec for "b", which it does not produce/,
      /it produces a$/,
    );
  });

  test("names are such that they can be shown, typed and be members of objects", () => {
    for (const [name, why] of [
      ["a\nb", /cannot be shown/],
      ["\u001b[31mred", /cannot be shown/],
      ["\ud800", /cannot be shown/],
      [" mesh", /blanks around it/],
      ["__proto__", /meaning of its own/],
      ["x".repeat(501), /501 characters, more than 500/],
    ] as const) {
      refused(
        () => declarePipeline("p").step("s", { produces: name, run: () => 1 }),
        /product of step "s"/,
        why,
      );
      refused(() => declarePipeline("p").step(name, { run: () => 1 }), /of a step/, why);
    }
    const fine = declarePipeline("p").step("schritt 1/2", { produces: "größe 漢字", run: () => 1 });
    assert.deepEqual(leavesOf(fine.graph()), ["größe 漢字"]);
  });

  test("products are typed through the chain", () => {
    const pipeline = base().step("plot", {
      produces: "figure",
      requires: ["temperature", "log"],
      run: ({ config, temperature, log }) => {
        const colour: string = config.plot.colour;
        const length: number = temperature.length;
        const text: string = log;
        return `${colour}${length}${text}`;
      },
    });
    assert.deepEqual(
      pipeline.steps().map(({ id }) => id),
      ["mesh", "evolve", "plot"],
    );
    const unknownProduct = () =>
      // @ts-expect-error: no step produces it
      base().step("plot", { produces: "figure", requires: ["temprature"], run: () => 1 });
    refused(unknownProduct, /requires "temprature"/, /did you mean temperature/);
    const unknownField = () =>
      // @ts-expect-error: the configuration has no such field
      base().step("plot", { produces: "figure", run: ({ config }) => config.sise });
    assert.ok(unknownField());
  });

  test("map steps are typed by items", () => {
    const pipeline = base()
      .map("squares", { over: "mesh", produces: "squares", item: ({ item }) => item * item })
      .step("sum", {
        produces: "sum",
        requires: ["squares"],
        run: ({ squares }) => squares.reduce((a, b) => a + b, 0),
      });
    assert.deepEqual(pipeline.graph().steps.at(-2)?.requires, ["mesh"]);
  });

  test("two producers, unknown and own products are errors that name the steps", () => {
    refused(() => base().step("other", { produces: "mesh", run: () => 1 }), /"mesh": mesh and other/);
    refused(
      () =>
        base()
          .step("mesh", { produces: "m2", run: () => 1 })
          .graph(),
      /two steps have the name "mesh"/,
    );
    const steps: LooseStep[] = [{ id: "a", produces: "x", requires: ["x"], run: () => 1 }];
    refused(() => pipelineOfSteps("p", steps), /"a" requires "x", which it produces itself/);
    refused(
      () => pipelineOfSteps("p", [{ id: "a", requires: ["nothing"], run: () => 1 }]),
      /\.input\("nothing"\)/,
    );
  });

  test("an argument that is not required is an error", () => {
    const wrong = (run: LooseStep["run"]) => () =>
      pipelineOfSteps("p", [
        { id: "a", produces: "x", run: () => 1 },
        { id: "b", produces: "y", requires: ["x"], run },
      ]);
    refused(
      wrong(({ z }: { z: unknown }) => z),
      /takes an argument "z"/,
    );
    refused(
      wrong(function named({ config, x: renamed, z = { a: [1, "}"] } }: Record<string, unknown>) {
        return [config, renamed, z];
      }),
      /takes an argument "z"/,
    );
    assert.ok(wrong(({ config, x }: Record<string, unknown>) => [config, x])());
    assert.ok(wrong(({ x, ...others }: Record<string, unknown>) => [x, others])());
    assert.ok(wrong((inputs: Record<string, unknown>) => inputs)());
  });

  test("unknown options and missing functions are errors", () => {
    refused(
      () => pipelineOfSteps("p", [{ id: "a", produces: "x", run: () => 1, requre: ["y"] } as LooseStep]),
      /option "requre"/,
    );
    refused(() => pipelineOfSteps("p", [{ id: "a", produces: "x" } as unknown as LooseStep]), /no function/);
    refused(
      () => pipelineOfSteps("p", [{ id: "a", produces: ["x", "x"], run: () => 1 }]),
      /produces "x" twice/,
    );
  });

  test("a pipeline that branches off leaves the other as it was", () => {
    const common = base();
    const one = common.step("one", { produces: "extra", run: () => 1 });
    const two = common.step("two", { produces: "extra", run: () => 2 });
    assert.deepEqual(
      [common, one, two].map((each) => each.steps().length),
      [2, 3, 3],
    );
    assert.equal(two.graph().steps.at(-1)?.id, "two");
  });
});

describe("graph", () => {
  test("a circle is told with its path", () => {
    const step = (id: string, needs: string): LooseStep => ({
      id,
      produces: id,
      requires: [needs],
      run: () => 1,
    });
    refused(() => pipelineOfSteps("p", [step("a", "b"), step("b", "c"), step("c", "a")]), /a → b → c → a/);
  });

  test("the order of an unordered list does not matter, and each step comes after what it needs", () => {
    const edges = fc.array(fc.tuple(fc.nat(19), fc.nat(19)), { maxLength: 60 });
    const orders = fc.array(fc.nat(), { minLength: 20, maxLength: 20 });
    fc.assert(
      fc.property(edges, orders, (pairs, keys) => {
        const needsOf = (at: number): string[] => [
          ...new Set(pairs.filter(([a, b]) => b === at && a < at).map(([a]) => `p${a}`)),
        ];
        const steps = Array.from(
          { length: 20 },
          (_, at): LooseStep => ({ id: `s${at}`, produces: `p${at}`, requires: needsOf(at), run: () => 1 }),
        );
        const shuffled = steps
          .map((step, at) => ({ step, key: keys[at] ?? 0 }))
          .sort((a, b) => a.key - b.key);
        const graph = pipelineOfSteps(
          "p",
          shuffled.map(({ step }) => step),
        ).graph();
        const place = new Map([...graph.order].map((number, at) => [number, at]));
        assert.equal(place.size, 20);
        for (const [number, needs] of graph.needs.entries())
          for (const need of needs) assert.ok((place.get(need) ?? 99) < (place.get(number) ?? -1));
      }),
      { numRuns: 100 },
    );
  });

  test("cone, leaves and what a product invalidates", () => {
    const graph = base()
      .step("plot", { produces: "figure", requires: ["temperature"], run: () => 1 })
      .graph();
    assert.deepEqual(coneOf(graph, [1]), [0, 1]);
    assert.deepEqual(leavesOf(graph), ["figure", "log"]);
    assert.deepEqual(whatInvalidates(graph, "mesh"), ["figure", "log", "temperature"]);
    assert.deepEqual(whatInvalidates(graph, "temperature"), ["figure", "log"]);
    assert.deepEqual(whatInvalidates(graph, "log"), ["temperature"]);
    assert.deepEqual(whatInvalidates(graph, "figure"), []);
  });
});
