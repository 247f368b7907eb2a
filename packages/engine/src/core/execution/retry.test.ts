import assert from "node:assert/strict";
import { test } from "node:test";
import { passesByItself } from "./retry.ts";
import type { FailureClass } from "./state.ts";

function failure(failureClass: FailureClass, code: string): Parameters<typeof passesByItself>[0] {
  return { class: failureClass, code, message: "", signature: "" };
}

test("what killed a worker may pass; limits, a full disk, a missing program and a diagnostic's own error stay", () => {
  for (const code of ["EXECUTION_LOST", "SIGNAL_SIGKILL", "COMPUTATION_ABORTED", "STORE_UNAVAILABLE"])
    assert.ok(passesByItself(failure("system", code)), code);
  for (const code of ["TIMEOUT", "MEMORY_LIMIT", "DISK_FULL", "ENVIRONMENT_INVALID"])
    assert.ok(!passesByItself(failure("system", code)), code);
  assert.ok(!passesByItself(failure("diagnostic", "DIAGNOSTIC_FAILED")));
  assert.ok(!passesByItself(undefined));
});
