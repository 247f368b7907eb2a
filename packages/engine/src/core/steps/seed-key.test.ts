import assert from "node:assert/strict";
import { test } from "node:test";
import { isAlmanacError } from "../errors.ts";
import { pythonJson, seedKey } from "./seed-key.ts";

test("keys are those of the older library", () => {
  const key = seedKey({ x: 5 });
  assert.equal(key, "20d7b7c7ac12780b");
  assert.equal(seedKey({ x: 5 }, { b: key, a: key }), "270a538da41d6214");
  const config = { rayleigh: { float: 1e6 }, cellsize: 0.0625, T_degree: 3, regular: false };
  assert.equal(seedKey(config), "8e28256d7d7ce055");
});

// Printed by Python 3.13: json.dumps([...], sort_keys=True).
test("numbers and texts are written as Python writes them", () => {
  const floats = [
    1e16, 1e15, 123456789012345680, 1e-4, 1e-5, 1.5e-7, 0.1, 1e22, 1.7976931348623157e308, 5e-324, 0,
  ];
  assert.equal(
    pythonJson(floats.map((float) => ({ float }))),
    "[1e+16, 1000000000000000.0, 1.2345678901234568e+17, 0.0001, 1e-05, 1.5e-07, 0.1, 1e+22, 1.7976931348623157e+308, 5e-324, 0.0]",
  );
  assert.equal(pythonJson([-0, 1, -5, 2 ** 53, 0.5]), "[-0.0, 1, -5, 9007199254740992, 0.5]");
  assert.equal(
    pythonJson(["é", "\u{1F30D}", '"\\/\n\t\u0001\u007f']),
    '["\\u00e9", "\\ud83c\\udf0d", "\\"\\\\/\\n\\t\\u0001\u007f"]',
  );
  assert.equal(
    pythonJson({ b: null, a: [], "\uffff": true, "\u{10000}": {} }),
    '{"a": [], "b": null, "\\uffff": true, "\\ud800\\udc00": {}}',
  );
});

test("numbers that JSON does not know are refused", () => {
  assert.throws(
    () => seedKey({ x: Number.NaN }),
    (error) => isAlmanacError(error, "VALUE_UNHASHABLE"),
  );
});
