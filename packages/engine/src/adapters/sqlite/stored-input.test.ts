import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { inputOfStored, storedInput } from "./stored-input.ts";

const optionalText = fc.option(fc.constantFrom("", "a", "noleap", "1850-01-16 12:00:00"), { nil: undefined });
const file = fc
  .record({
    path: fc.oneof(
      fc.string({ unit: "grapheme" }),
      fc.constantFrom("a/b/c1.nc", "a/b/c2.nc", "a/b/\u{1f30d}"),
    ),
    contentId: fc.constantFrom("none", "t:1", "t:2"),
    sizeBytes: fc.option(fc.nat(), { nil: undefined }),
    start: optionalText,
    calendar: optionalText,
  })
  .map(({ path, contentId, ...rest }) => ({
    path,
    contentId,
    ...Object.fromEntries(Object.entries(rest).filter(([, value]) => value !== undefined)),
  }));

test("an input dataset comes back as it was stored", () => {
  fc.assert(
    fc.property(fc.array(file, { maxLength: 6 }), (files) => {
      const facets = { source_id: "M1" };
      const input = { requirement: "cmip6", sourceType: "cmip6", id: "i", version: "v1", facets, files };
      const stored = JSON.stringify(storedInput(input));
      assert.deepEqual(inputOfStored(JSON.parse(stored), "cmip6"), input);
    }),
  );
});
