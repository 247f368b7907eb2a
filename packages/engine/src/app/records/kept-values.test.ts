import assert from "node:assert/strict";
import { test } from "node:test";
import type { ExecutionContext } from "../../core/execution/context.ts";
import type { Scalar } from "../../core/results/value.ts";
import { nothingCollected } from "../execution-context.ts";
import { keptValues } from "./kept-values.ts";

function scalar(metric: string, value: number): Scalar {
  return { dimensions: { metric }, kind: "model", value, attributes: {} };
}

test("a value that a resumed run gives stands instead of the earlier one, before and after it is taken over", () => {
  const collected = nothingCollected();
  const written: string[] = [];
  const none = (): never => assert.fail("no file is named");
  const context = {
    ...{ plot: none, data: none, html: none },
    scalar: (given: Parameters<ExecutionContext["scalar"]>[0]) =>
      void collected.scalars.push({ ...scalar("", 0), ...given }),
    series: none,
  };
  const append = (_: string, text: string): void => void written.push(text);
  const values = keptValues(context, { collected, folder: { append } });
  values.scalar(scalar("before", 10));
  const scalars = [scalar("before", 1), scalar("after", 2), scalar("alone", 3), scalar("alone", 4)];
  assert.equal(values.takeOver({ scalars, series: [], outputs: [] }), 2);
  values.scalar(scalar("after", 20));
  values.scalar(scalar("after", 21));
  const now = collected.scalars.map(({ dimensions, value }) => [dimensions["metric"], value]);
  assert.deepEqual(
    now,
    [
      ["before", 10],
      ["alone", 4],
      ["after", 20],
      ["after", 21],
    ],
    "one that this run gives twice stays twice: that is told when the bundle is written",
  );
  assert.equal(written.length, 5, "what was taken over is kept for the next that resumes");
});
