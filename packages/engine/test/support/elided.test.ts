import assert from "node:assert/strict";
import { test } from "node:test";
import { misfitOf } from "./elided.ts";

const printed = "name   value\na      1.5\nb      2.5 (or so)\nc      3\n\nend\n";

test("lines in order, blanks aside, with something left out", () => {
  for (const shown of [
    printed,
    "a 1.5\nb  2.5 (or so)",
    "name value\n…\nc 3",
    "b  …\nc  …\n\nend",
    "… 1.5\n…\nend",
  ])
    assert.equal(misfitOf(shown, printed), undefined, shown);
});

test("the first line that is not there is told", () => {
  assert.deepEqual(misfitOf("a 1.5\nc 3", printed), { line: 2, text: "c 3" });
  assert.deepEqual(misfitOf("a 1.5\n…\nb 2.6", printed), { line: 3, text: "b 2.6" });
  assert.deepEqual(misfitOf("a 1", printed), { line: 1, text: "a 1" });
  assert.deepEqual(misfitOf("end\n…\nc …", printed), { line: 3, text: "c …" });
  assert.deepEqual(misfitOf("a 1x5", printed), { line: 1, text: "a 1x5" });
});
