import assert from "node:assert/strict";
import { test } from "node:test";
import { limitRuns } from "./limits.ts";
import type { SolveOptions } from "./options.ts";
import type { Decision, RunCode } from "./plan.ts";

function run(code: RunCode): Decision {
  return {
    ...{ provider: "p", providerVersion: "1", diagnostic: "d", version: 1, set: 0, key: code },
    ...{ selectorDigest: code, selectors: {}, datasets: {}, fingerprint: "f", compatHash: "c" },
    decision: "run",
    reasons: [{ code, message: "" }],
  };
}

const codes = [
  "new",
  "interrupted",
  "datasets-changed",
  "dirty",
  "parameters-changed",
  "rerun-failed",
] as const;

function limited(options: SolveOptions): readonly string[] {
  return limitRuns(codes.map(run), options).map(({ decision, reasons }) => `${decision} ${reasons[0].code}`);
}

test("resuming takes what was begun and did not end; what is not begun takes no place of the limit", () => {
  const skip = "skip not-begun";
  assert.deepEqual(limited({ resume: true }), [skip, "run interrupted", skip, "run dirty", skip, skip]);
  assert.deepEqual(limited({ resume: true, limit: 1 }), [
    ...[skip, "run interrupted", skip, "skip limit", skip, skip],
  ]);
  assert.deepEqual(
    limited({}),
    codes.map((code) => `run ${code}`),
  );
});
