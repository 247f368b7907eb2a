import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import type { Rid } from "../identity/rid.ts";
import type { Selector } from "./definition.ts";
import { fragmentIn, selectorFolder } from "./fragment.ts";
import { insidePath } from "./relative-path.ts";

test("a fragment reads well", () => {
  const folder = selectorFolder({
    cmip6: [
      ["source_id", "ACCESS-ESM1-5"],
      ["variant_label", "r1i1p1f1"],
    ],
    other: [["source_id", "ACCESS-ESM1-5"]],
  });
  const fragment = fragmentIn(folder, {
    provider: "climate",
    diagnostic: "ecs",
    group: "2A" as Rid,
    execution: "1-4X2K" as Rid,
  });
  assert.equal(fragment, "climate/ecs/ACCESS-ESM1-5_r1i1p1f1/2A/1-4X2K");
});

test("any selector gives one safe folder of at most 64 bytes", () => {
  const selectors = fc.dictionary(
    fc.string(),
    fc.array(fc.tuple(fc.string(), fc.string({ unit: "binary" }))),
  );
  fc.assert(
    fc.property(selectors, (given) => {
      const folder = selectorFolder(given as Record<string, Selector>);
      assert.match(folder, /^[A-Za-z0-9_-][A-Za-z0-9._-]{0,63}$/);
      assert.equal(insidePath(folder), folder);
    }),
  );
});

test("long selectors that differ at the end get different folders", () => {
  const folder = (last: string) =>
    selectorFolder({
      t: [
        ["a", "x".repeat(80)],
        ["b", last],
      ],
    });
  assert.equal(folder("1").length, 64);
  assert.notEqual(folder("1"), folder("2"));
});
