import assert from "node:assert/strict";
import { test } from "node:test";
import { nearestNames } from "./nearest-names.ts";

const variables = ["pr", "psl", "rlut", "rsut", "ta", "tas", "ts"];

test("of short names at most half of the letters may differ", () => {
  assert.deepEqual(nearestNames("o3", variables), []);
  assert.deepEqual(nearestNames("zg", variables), []);
  assert.deepEqual(nearestNames("va", variables), ["ta"]);
  assert.deepEqual(nearestNames("tos", variables), ["tas", "ts"]);
});

test("letters in another order are near, however short the name", () => {
  assert.deepEqual(nearestNames("rp", variables), ["pr"]);
  assert.deepEqual(nearestNames("tsa", variables)[0], "ta");
  assert.ok(nearestNames("tsa", variables).includes("tas"));
});

test("longer names: few edits, or a part; case does not count; best first, at most three", () => {
  assert.deepEqual(nearestNames("tabel_id", ["table_id", "variable_id", "grid_label"]), ["table_id"]);
  assert.deepEqual(nearestNames("SELECTFIRST", ["selectFirstMember", "ignoreFacets"]), ["selectFirstMember"]);
  assert.deepEqual(nearestNames("rsu", ["rsut", "rsus", "rsutcs", "rsuscs"]), ["rsus", "rsut", "rsuscs"]);
});
