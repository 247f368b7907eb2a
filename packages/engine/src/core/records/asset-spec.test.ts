import assert from "node:assert/strict";
import { test } from "node:test";
import { type AssetSpec, readAssetSpec } from "./asset-spec.ts";

test("an asset is named by its RID, alone or with more about it, and is cached unless that is not wanted", () => {
  const read = (["1-4x2k", { rid: "3JSE" }, { rid: "3jse", role: "Input", cache: false }] as const).map(
    readAssetSpec,
  );
  assert.deepEqual(read, [
    { rid: "1-4X2K", cache: true },
    { rid: "3JSE", cache: true },
    { rid: "3JSE", cache: false },
  ]);
});

test("a text is never a path, and what else is wrong is said", () => {
  const wrong: readonly [unknown, RegExp][] = [
    ["./data.nc", /"\.\/data\.nc" is not a RID; a local file is an input by --input/],
    [{ rid: "data.csv" }, /"data\.csv" is not a RID/],
    [{ rid: "3JSE", role: "Output" }, /3JSE is an input: its role is not "Output"/],
    [{ rid: "3JSE", cached: false }, /has "cached": there are rid, role and cache/],
    [{ rid: "3JSE", cache: "no" }, /cache of the asset 3JSE is true or false/],
    [{ id: "3JSE" }, /\{"id":"3JSE"\} is no asset/],
    [null, /null is no asset/],
    [7, /7 is no asset/],
  ];
  for (const [spec, message] of wrong) {
    const read = readAssetSpec(spec as AssetSpec);
    assert.match("problem" in read ? read.problem : "accepted", message);
  }
});
