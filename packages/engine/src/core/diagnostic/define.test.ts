import assert from "node:assert/strict";
import { test } from "node:test";
import { type DiagnosticInput, defineDiagnostic } from "./define.ts";

function limitsOf(input: Partial<DiagnosticInput>): ReturnType<typeof defineDiagnostic>["limits"] {
  return defineDiagnostic({ slug: "d", command: ["true"], ...input }).limits;
}

test("a diagnostic without a time limit of its own gets six hours, beside whatever else it limits", () => {
  assert.deepEqual(limitsOf({}), { timeoutSeconds: 6 * 3600 });
  assert.deepEqual(limitsOf({ limits: { memoryBytes: 1 } }), { timeoutSeconds: 6 * 3600, memoryBytes: 1 });
  assert.deepEqual(limitsOf({ limits: { timeoutSeconds: 1e6 } }), { timeoutSeconds: 1e6 });
});
