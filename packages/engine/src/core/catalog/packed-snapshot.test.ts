import assert from "node:assert/strict";
import { test } from "node:test";
import { deserialize, serialize } from "node:v8";
import fc from "fast-check";
import { catalogArbitraries } from "../../entry/testing/catalog-arbitraries.ts";
import { type PackedTables, packTables, unpackTables } from "./packed-snapshot.ts";
import type { Snapshot } from "./snapshot.ts";
import { snapshotOf } from "./snapshot-of.ts";

function written(tables: Snapshot["tables"]): Snapshot["tables"] {
  return unpackTables(deserialize(serialize(packTables(tables))) as PackedTables);
}

test("packed tables come back as they were", () => {
  fc.assert(
    fc.property(catalogArbitraries(fc).snapshot(), ({ tables }) => assert.deepEqual(written(tables), tables)),
    { numRuns: 50 },
  );
});

test("texts of any kind come back, each with what it has in common with the one before", () => {
  const text = fc.oneof(
    fc.string({ unit: "binary" }).map((each) => each.replaceAll("\0", "")),
    fc.constantFrom("", "a", "ab", "\u{1f30d}x", "\u{1f30e}x"),
  );
  fc.assert(
    fc.property(fc.array(text), (paths) => {
      const files = paths.map((path) => ({ path, contentId: `c:${path}` }));
      const { tables } = snapshotOf([{ sourceType: "cmip6", id: "i", facets: {}, finalised: true, files }]);
      assert.deepEqual(written(tables), tables);
    }),
  );
});

test("what ends texts cannot be in one", () => {
  const files = [{ path: "a\0b", contentId: "c" }];
  const { tables } = snapshotOf([{ sourceType: "cmip6", id: "i", facets: {}, finalised: true, files }]);
  assert.equal(packTables(tables), undefined);
});
