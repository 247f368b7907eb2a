import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { formatRid } from "../identity/rid.ts";
import type { SplitItem } from "./split-request.ts";
import { subsampleMembers } from "./subsample.ts";

function items(count: number): readonly SplitItem[] {
  return Array.from({ length: count }, (_, at) => ({ rid: formatRid(at + 1) }));
}

test("a smaller sample lies in a larger one of the same seed, and has exactly so many", () => {
  const counts = fc.tuple(fc.integer({ min: 1, max: 20 }), fc.integer({ min: 1, max: 20 }));
  fc.assert(
    fc.property(fc.integer({ min: 20, max: 60 }), counts, fc.nat(), (total, [a, b], seed) => {
      const sample = (count: number) => {
        const drawn = subsampleMembers(items(total), { count, seed });
        return drawn.ok ? drawn.value : [];
      };
      const [small, large] = [sample(Math.min(a, b)), sample(Math.max(a, b))];
      assert.equal(small.length, Math.min(a, b));
      for (const rid of small) assert.ok(large.includes(rid));
    }),
  );
});

test("strata are sampled in proportion, keys as a whole", () => {
  const grouped = items(40).map((item, at) => ({ ...item, stratum: at < 30 ? "land" : "sea" }));
  const half = subsampleMembers(grouped, { fraction: 0.5, seed: 1 });
  assert.ok(half.ok);
  assert.equal(half.value.filter((rid) => grouped.findIndex((item) => item.rid === rid) < 30).length, 15);
  const keyed = items(40).map((item, at) => ({ ...item, key: `model ${at % 4}` }));
  const quarter = subsampleMembers(keyed, { fraction: 0.25, seed: 1 });
  assert.ok(quarter.ok);
  assert.equal(new Set(quarter.value.map((rid) => keyed.find((item) => item.rid === rid)?.key)).size, 1);
});

test("a sample of more than there is, is refused", () => {
  const refused = subsampleMembers(items(3), { count: 4, seed: 1 });
  assert.deepEqual(refused.ok ? [] : refused.error, ["the parts ask for 4 of 3 members"]);
});
