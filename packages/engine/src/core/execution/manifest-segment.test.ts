import assert from "node:assert/strict";
import { test } from "node:test";
import { additionFolder, isAddition, isSegment } from "./manifest-segment.ts";

test("an addition's folder sorts in order and is told from what a computation wrote", () => {
  const folder = additionFolder(9, "ab".repeat(32));
  assert.equal(folder, "additions/000009-abababababab");
  assert.ok(additionFolder(10, "00".repeat(32)) > folder);
  assert.ok(isAddition(`${folder}/note.txt`) && isAddition(`${folder}/manifest.jsonl`));
  assert.ok(isSegment(`${folder}/manifest.jsonl`));
  for (const other of ["manifest.jsonl", "additions/note.txt", "additions/x/manifest.jsonl", "a/additions/x"])
    assert.ok(!isAddition(other) && !isSegment(other), other);
  assert.ok(!isSegment(`${folder}/sub/manifest.jsonl`));
});
