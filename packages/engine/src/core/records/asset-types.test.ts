import assert from "node:assert/strict";
import { test } from "node:test";
import { assetTypeNames } from "./asset-types.ts";

const kinds = [{ name: "Weights", description: "", columns: [] }];
const assetTypes = [
  { name: "model", synonyms: ["network"] },
  { name: "figure", synonyms: ["plot"] },
];

test("types are stored by their names, whatever they were spelt like; names of kinds are types", () => {
  const read = assetTypeNames(["plot", "figure", "Weights", "network"], { assetTypes, kinds });
  assert.deepEqual(read, { ok: true, value: ["figure", "Weights", "model"] });
});

test("each spelling that is no type is told with the nearest ones", () => {
  const read = assetTypeNames(["modell", "figure", "zzzzzz"], { assetTypes, kinds });
  assert.deepEqual(read, {
    ok: false,
    error: ['there is no asset type "modell"; did you mean "model"?', 'there is no asset type "zzzzzz"'],
  });
});

test("a definition of before there were types allows all", () => {
  assert.deepEqual(assetTypeNames(["anything"], { kinds }), { ok: true, value: ["anything"] });
});
