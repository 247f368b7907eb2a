import assert from "node:assert/strict";
import { test } from "node:test";
import { parseSnapshotId, parseSnapshotRid, snapshotId } from "./snapshot-id.ts";

test("snapshots are named by their time, several of one second in order", () => {
  assert.equal(snapshotId("2026-11-21T10:30:05.123Z", 1), "20261121T103005Z");
  assert.equal(snapshotId("2026-11-21T10:30:05.123Z", 2), "20261121T103005Z-2");
  for (const number of [1, 2, 13])
    assert.equal(
      parseSnapshotId(snapshotId("2026-11-21T10:30:05Z", number).toLowerCase()),
      snapshotId("2026-11-21T10:30:05Z", number),
    );
});

test("a RID with a snapshot is told from one with a version, and from other words", () => {
  assert.deepEqual(parseSnapshotRid("rid:3jse@20261121t103005z"), {
    rid: "3JSE",
    snapshot: "20261121T103005Z",
  });
  for (const other of [
    "3JSE",
    "3JSE@1.2.0",
    "3JSE@",
    "@20261121T103005Z",
    "a b@20261121T103005Z",
    "20261121T103005Z",
  ])
    assert.equal(parseSnapshotRid(other), undefined, other);
});
