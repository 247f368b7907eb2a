import assert from "node:assert/strict";
import { test } from "node:test";
import type { ExecutionEnd } from "../../app/run-executions.ts";
import { signatureOf } from "../../core/execution/failure-signature.ts";
import type { ExecutionState } from "../../core/execution/state.ts";
import type { Rid } from "../../core/identity/rid.ts";
import { failureLines } from "./failure-lines.ts";

function end(rid: string, state: ExecutionState, message?: string): ExecutionEnd {
  const failure =
    message === undefined
      ? {}
      : {
          failure: {
            ...({ class: "system", code: "DISK_FULL", message } as const),
            signature: signatureOf("system", "DISK_FULL", message),
          },
        };
  return { rid: rid as Rid, state, ...failure };
}

test("executions that failed for one cause are one line; what is well or was interrupted is not told", () => {
  const ends = [
    end("A", "published"),
    end("B", "failed", "no space at /tmp/x/1"),
    end("C", "failed", "no space at /tmp/x/2"),
    end("D", "publishing", "no space at /tmp/y\nmore"),
    end("E", "aborted"),
  ];
  assert.deepEqual(failureLines(ends), [
    "failed  2 executions, such as B: DISK_FULL: no space at /tmp/x/1",
    "computed, not published yet  D: DISK_FULL: no space at /tmp/y",
  ]);
});

test("only the first causes are told", () => {
  const lines = failureLines(["a", "b", "c", "d", "e", "f", "g"].map((each) => end(each, "failed", each)));
  assert.equal(lines.length, 6);
  assert.equal(lines.at(-1), "… and 2 other causes");
});
