import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import {
  bumpedVersion,
  compareVersions,
  datasetSpecText,
  isVersion,
  parseDatasetSpec,
  type VersionBump,
} from "./dataset-version.ts";

const numbers = fc.tuple(fc.nat(999), fc.nat(999), fc.nat(999));

test("every bump gives the least greater version of its kind", () => {
  fc.assert(
    fc.property(numbers, fc.constantFrom<VersionBump>("major", "minor", "patch"), (parts, bump) => {
      const version = parts.join(".");
      const next = bumpedVersion(version, bump);
      assert.ok(isVersion(next));
      assert.ok(compareVersions(next, version) > 0);
    }),
  );
  assert.deepEqual(
    (["major", "minor", "patch"] as const).map((bump) => bumpedVersion("1.2.3", bump)),
    ["2.0.0", "1.3.0", "1.2.4"],
  );
});

test("versions are compared by number", () => {
  fc.assert(
    fc.property(numbers, numbers, (a, b) => {
      const at = [0, 1, 2].find((part) => a[part as 0] !== b[part as 0]);
      const expected = at === undefined ? 0 : Math.sign((a[at as 0] ?? 0) - (b[at as 0] ?? 0));
      assert.equal(Math.sign(compareVersions(a.join("."), b.join("."))), expected);
    }),
  );
  assert.deepEqual(["0.10.0", "0.9.0", "0.1.10"].sort(compareVersions), ["0.1.10", "0.9.0", "0.10.0"]);
});

test("a dataset is named by RID, alone or with a version", () => {
  for (const [text, expected] of [
    ["3jse", "3JSE"],
    ["rid:3JSE@0.1.0", "3JSE@0.1.0"],
    ["1-4x2k@draft", "1-4X2K@draft"],
    ["3JSE@1.0", undefined],
    ["3JSE@01.0.0", undefined],
    ["3JSE@0.1.0@0.2.0", undefined],
    ["@0.1.0", undefined],
    ["a name", undefined],
  ] as const) {
    const spec = parseDatasetSpec(text);
    assert.equal(spec && datasetSpecText(spec), expected, text);
  }
});
