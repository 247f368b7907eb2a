import assert from "node:assert/strict";
import { test } from "node:test";
import { withSnapshot } from "./snapshot-words.ts";

const id = "20261121T103005Z";

test("RIDs with a snapshot become RIDs, and the command reads the snapshot", () => {
  assert.deepEqual(withSnapshot(["executions", "diff", `3jse@${id}`, `4A@${id}`]), [
    ...["--snapshot", id, "executions", "diff", "3JSE", "4A"],
  ]);
  const others = ["run", "--asset", "3JSE@1.2.0", "--", "echo", `3JSE@${id}`];
  assert.equal(withSnapshot(others), others, "versions, and words of other programs, stay");
});

test("two snapshots in one command are refused", () => {
  for (const words of [
    ["lineage", `3JSE@${id}`, `4A@${id}-2`],
    ["lineage", `3JSE@${id}`, "--snapshot", id],
  ])
    assert.throws(() => withSnapshot(words), { code: "USAGE" });
});
