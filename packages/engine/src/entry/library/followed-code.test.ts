import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { isAlmanacError } from "../../core/errors.ts";
import { pipeline, WorkflowRunner } from "./steps.ts";

const twice = (x: number): number => x * 2;
const thrice = (x: number): number => x * 3;

/** A step made by a function, with what it captures given or not. */
function made(kernel: (x: number) => number, given: boolean) {
  return pipeline("p").step("a", {
    produces: "a",
    ...(given ? { captures: { kernel } } : {}),
    run: () => kernel(5),
  });
}

describe("code of steps", () => {
  test("the module of the steps is found from the call of pipeline()", async () => {
    const steps = pipeline("p").step("a", { produces: "a", run: () => twice(4) });
    const runner = new WorkflowRunner(steps);
    assert.equal(await runner.get("a"), 8);
    assert.deepEqual(await runner.plan(["a"]).then(([step]) => step?.decision), "hit");
  });

  test("what cannot be followed is an error that says how to go on", async () => {
    await assert.rejects(new WorkflowRunner(made(twice, false)).get("a"), (error) => {
      assert.ok(isAlmanacError(error, "CODE_UNFOLLOWED"));
      assert.match(error.message, /step "a" depends on what cannot be followed: kernel \(it is a parameter/);
      assert.match(error.hint ?? "", /captures: \{ kernel \}/);
      return true;
    });
  });

  test("or the step runs each time, and says so", async () => {
    let calls = 0;
    const count = (): number => ++calls;
    const steps = pipeline("p", { unfollowed: "always-stale" }).step("a", {
      produces: "a",
      run: () => count(),
    });
    const runner = new WorkflowRunner(steps);
    assert.equal(await runner.get("a"), 1);
    assert.equal(await runner.get("a"), 2);
    const [planned] = await runner.plan(["a"]);
    assert.match(JSON.stringify(planned?.reasons), /always-stale.*calls|count/);
  });

  test("a captured function counts by its code, a captured value by what it is", async () => {
    const runner = new WorkflowRunner(made(twice, true));
    assert.equal(await runner.get("a"), 10);
    const keyOf = async (kernel: (x: number) => number): Promise<unknown> => {
      const other = new WorkflowRunner(made(kernel, true));
      await other.get("a");
      return (await other.list())[0]?.key;
    };
    assert.equal(await keyOf(twice), await keyOf(twice));
    assert.notEqual(await keyOf(twice), await keyOf(thrice));
  });
});
