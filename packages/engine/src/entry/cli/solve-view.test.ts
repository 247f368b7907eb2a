import assert from "node:assert/strict";
import { test } from "node:test";
import type { SolveReport } from "../../app/solve.ts";
import { solveText } from "./solve-view.ts";

const empty: SolveReport = {
  plan: { revision: 1, decisions: [], unsatisfied: [], errors: [], hidden: 0, orphaned: [] },
  ...{ opened: 0, recovered: [], ends: [], retried: [], held: [], outrun: 0 },
};

test("a solve whose runs another one had begun says so, and not that there was nothing to do", () => {
  assert.match(solveText(empty), /nothing to do/);
  const text = solveText({ ...empty, outrun: 8 });
  assert.match(text, /8 executions were left to another solve/);
  assert.doesNotMatch(text, /nothing to do/);
});
