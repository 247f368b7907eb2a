import assert from "node:assert/strict";
import { test } from "node:test";
import type { Action, Output } from "../../core/steps/action.ts";
import type { Step } from "../../core/steps/step.ts";
import { createSettledSteps } from "./settled-steps.ts";

const stepOf = (...produces: readonly string[]): Step => ({
  ...{ id: produces.join("_"), kind: "step", produces, requires: [], run: undefined, options: {} },
});
const outputOf = (product: string): Output => ({ product, codec: "json", digest: `of ${product}`, bytes: 1 });
const actionOf = (ordinal: number, ...products: readonly string[]): Action => ({
  ...{ key: `key ${ordinal}`, outputs: products.map(outputOf), ordinal },
});

test("settled steps give digests and actions; what is not stored is kept whole", () => {
  const stored = [actionOf(0, "a"), actionOf(1, "b", "c"), actionOf(2, "old")];
  const settled = createSettledSteps(
    [stepOf("a"), stepOf("b", "c"), stepOf("new"), stepOf("x"), stepOf("y")],
    {
      at: (ordinal) => stored[ordinal] ?? assert.fail(),
      isCurrent: (ordinal) => ordinal !== 1,
    },
  );
  for (const [number, action] of stored.entries()) settled.set(number, action);
  settled.set(3, actionOf(-1, "x"));
  assert.deepEqual(
    [0, 1, 2, 3, 4].map((number) => settled.has(number)),
    [true, true, true, true, false],
  );
  assert.equal(settled.digest(0, "a"), "of a");
  assert.equal(settled.digest(1, "c"), "of c");
  assert.equal(settled.digest(2, "new"), undefined, "existence is enough, but its product had another name");
  assert.equal(settled.digest(3, "x"), "of x");
  assert.equal(settled.digest(4, "y"), undefined);
  assert.deepEqual(settled.get(1), stored[1]);
  assert.deepEqual(settled.get(3), actionOf(-1, "x"));
  assert.equal(settled.get(4), undefined);
  assert.deepEqual([...settled.notCurrent()], [[1, stored[1]]]);
});
