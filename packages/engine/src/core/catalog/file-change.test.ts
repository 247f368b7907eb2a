import assert from "node:assert/strict";
import { test } from "node:test";
import { fileChange } from "./file-change.ts";

const seen = { sizeBytes: 10, mtimeMs: 1000 };
const file = { path: "a.nc", contentId: "none", ...seen };
const changed = (recorded: typeof file | { path: string; contentId: string }, now?: typeof seen) =>
  fileChange(recorded, { seen: now, recordedMissing: false })?.change;

test("a file is compared in being there, size and time of writing, as far as they are recorded", () => {
  assert.equal(changed(file, seen), undefined);
  assert.equal(changed(file), "missing");
  assert.equal(changed({ ...file, sizeBytes: 9 }, seen), "size");
  assert.equal(changed({ ...file, mtimeMs: 999 }, seen), "modified");
  assert.equal(changed({ path: "a.nc", contentId: "none" }, seen), undefined);
});

test("a vanished file stays missing or is back, whatever its size", () => {
  assert.equal(fileChange(file, { seen: undefined, recordedMissing: true })?.change, "missing");
  assert.equal(fileChange({ ...file, sizeBytes: 9 }, { seen, recordedMissing: true })?.change, "back");
});
