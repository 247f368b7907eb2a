import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { compareCodeUnits } from "./compare.ts";
import { nearestNames } from "./nearest-names.ts";

test("the order is that of code units, not of a language", () => {
  const sorted = ["a", "Z", "é", "A", "10", "9", "\u{1F30D}", "\uFF5E"].toSorted(compareCodeUnits);
  assert.deepEqual(sorted, ["10", "9", "A", "Z", "a", "é", "\u{1F30D}", "\uFF5E"]);
});

test("the order is total and agrees with the default sort", () => {
  fc.assert(
    fc.property(fc.array(fc.string({ unit: "binary" })), (texts) => {
      assert.deepEqual(texts.toSorted(compareCodeUnits), texts.toSorted());
    }),
  );
});

test("a mistyped name finds its nearest ones, an unrelated one none", () => {
  const names = ["cmip6", "cmip7", "obs4mips", "pmp-climatology"];
  assert.deepEqual(nearestNames("CMIP5", names), ["cmip6", "cmip7"]);
  assert.deepEqual(nearestNames("climatology", names), ["pmp-climatology"]);
  assert.deepEqual(nearestNames("banana", names), []);
});
