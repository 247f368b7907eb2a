import assert from "node:assert/strict";
import { test } from "node:test";
import { contentId, updatedContentId } from "./content-id.ts";
import { versionRank } from "./version-order.ts";

test("the content id prefers the tracking id, then size and time", () => {
  assert.equal(contentId({ trackingId: "hdl:1", sizeBytes: 10, mtimeMs: 5 }), "t:hdl:1:10");
  assert.equal(contentId({ sizeBytes: 10, mtimeMs: 5 }), "s:10:5");
  assert.equal(contentId({ trackingId: "hdl:1" }), "none");
  assert.equal(contentId({ sizeBytes: 10 }), "none");
  assert.equal(contentId({}), "none");
});

test("it is fixed when first seen: learning something changes nothing", () => {
  const seenFast = { contentId: "s:10:5", sizeBytes: 10, mtimeMs: 5 };
  assert.equal(updatedContentId(seenFast, { trackingId: "hdl:1", sizeBytes: 10, mtimeMs: 5 }), "s:10:5");
  assert.equal(updatedContentId({ contentId: "none" }, { sizeBytes: 10, mtimeMs: 5 }), "none");
  assert.equal(updatedContentId(seenFast, {}), "s:10:5");
});

test("it changes when size or time changed and the new one differs", () => {
  const tracked = { contentId: "t:hdl:1:10", sizeBytes: 10, mtimeMs: 5 };
  assert.equal(updatedContentId(tracked, { trackingId: "hdl:1", sizeBytes: 10, mtimeMs: 6 }), "t:hdl:1:10");
  assert.equal(updatedContentId(tracked, { trackingId: "hdl:2", sizeBytes: 10, mtimeMs: 6 }), "t:hdl:2:10");
  assert.equal(updatedContentId(tracked, { trackingId: "hdl:1", sizeBytes: 11, mtimeMs: 6 }), "t:hdl:1:11");
  const untracked = { contentId: "s:10:5", sizeBytes: 10, mtimeMs: 5 };
  assert.equal(updatedContentId(untracked, { sizeBytes: 10, mtimeMs: 6 }), "s:10:6");
});

test("versions rank by the integer after v, anything else before them all", () => {
  assert.equal(versionRank("v20191115"), 20191115);
  assert.ok(versionRank("v10") > versionRank("v9"));
  assert.equal(versionRank("v0"), 0);
  for (const version of [undefined, "", "latest", "V1", "v1a", "v-1", "20191115"])
    assert.equal(versionRank(version), -1);
});
