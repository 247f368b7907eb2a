import assert from "node:assert/strict";
import { test } from "node:test";
import { AlmanacError, type ErrorCode, errorKinds } from "../core/errors.ts";
import { failureOf, failureOfCommand } from "./computation-failure.ts";

test("an error of ours keeps its code, and is of the system if it is retryable or the environment's", () => {
  for (const [code, { retryable }] of Object.entries(errorKinds)) {
    const failure = failureOf(new AlmanacError(code as ErrorCode, "text"));
    assert.equal(failure.code, code);
    assert.equal(failure.class, retryable || code === "ENVIRONMENT_INVALID" ? "system" : "diagnostic");
    assert.equal(failure.message, "text");
  }
});

test("whatever else is thrown is the diagnostic's, but for a full disk and refused memory", () => {
  const full = Object.assign(new Error("ENOSPC: no space left on device"), { code: "ENOSPC" });
  const cases: readonly (readonly [unknown, string])[] = [
    [new TypeError("x is undefined"), "diagnostic DIAGNOSTIC_FAILED"],
    ["a text", "diagnostic DIAGNOSTIC_FAILED"],
    [undefined, "diagnostic DIAGNOSTIC_FAILED"],
    [full, "system DISK_FULL"],
    [new RangeError("Array buffer allocation failed"), "system MEMORY_LIMIT"],
    [new RangeError("Invalid array length"), "diagnostic DIAGNOSTIC_FAILED"],
  ];
  for (const [thrown, expected] of cases) {
    const failure = failureOf(thrown);
    assert.equal(`${failure.class} ${failure.code}`, expected);
    assert.ok(
      failure.message.length > 0 && failure.signature.startsWith(`${failure.class}|${failure.code}|`),
    );
  }
});

test("exit codes and signals of a command line", () => {
  const of = (exitCode: number | undefined, signal?: string): string | undefined => {
    const failure = failureOfCommand({ exitCode, signal });
    return failure && `${failure.class} ${failure.code}`;
  };
  assert.equal(of(0), undefined);
  assert.equal(of(1), "diagnostic EXIT_1");
  assert.equal(of(128), "diagnostic EXIT_128");
  assert.equal(of(137), "system SIGNAL_SIGKILL");
  assert.equal(of(143), "system SIGNAL_SIGTERM");
  assert.equal(of(128 + 34), "system SIGNAL_SIG34");
  assert.equal(of(255), "diagnostic EXIT_255");
  assert.equal(of(undefined, "SIGSEGV"), "system SIGNAL_SIGSEGV");
});
