import assert from "node:assert/strict";
import { test } from "node:test";
import { logLine } from "./log-line.ts";

test("no line of a text can be taken for an entry of its own", () => {
  assert.equal(logLine("T INFO done"), "T INFO done\n");
  for (const newline of ["\n", "\r\n", "\r"])
    assert.equal(logLine(`T INFO begun${newline}T STATE completed\n`), "T INFO begun\n  T STATE completed\n");
});
