import assert from "node:assert/strict";
import { test } from "node:test";
import { callError } from "./call-problems.ts";
import { computationCalls, runCalls } from "./context-calls.ts";

function told(method: keyof typeof computationCalls, ...given: readonly unknown[]): string {
  return callError({ method, given }, computationCalls[method])?.message ?? "";
}

test("a wrong argument is named with what was given and what it must be", () => {
  const cases: readonly (readonly [string, RegExp])[] = [
    [told("outputPath"), /^outputPath was called wrongly: path is missing, it must be a text$/],
    [told("outputPath", 5), /path is 5, it must be a text/],
    [told("outputPath", "a", { types: "model" }), /options.types is "model", it must be a list of texts/],
    [told("outputPath", "a", { type: ["model"] }), /options has no "type": did you mean "types"\?/],
    [
      told("outputPath", "a", { metadata: { at: new Date() } }),
      /options.metadata.at is a Date, it must be a/,
    ],
    [
      told("scalar", { dimensions: { metric: 1 } }),
      /scalar.dimensions.metric is 1,.*scalar.value is missing/,
    ],
    [told("registerFile", "a", "b"), /options is missing, it must be an object with mode/],
    [told("createDataset", {}), /dataset.members is missing, it must be a list of members/],
    [told("addFeatures", "text"), /records is "text", it must be a list of feature records/],
    [told("useAsset", Promise.resolve()), /spec is a promise: await it, it must be the RID of an asset/],
    [
      told("series", { dimensions: {}, values: new Float64Array(1), index: [1], indexName: "x" }),
      /values is a Float64Array, it must be a list of numbers \(of a typed array: Array.from\)/,
    ],
  ];
  for (const [message, expected] of cases) {
    assert.match(message, expected);
    assert.doesNotMatch(message, /undefined|\[object/);
  }
});

test("values that cannot be written are told, also those that go in a circle", () => {
  const circle: Record<string, unknown> = {};
  circle["self"] = circle;
  assert.match(told("outputPath", "a", { metadata: { circle } }), /metadata.circle is an object of self/);
  assert.match(told("createDataset", { members: [], derivation: { n: 1n } }), /derivation is an object of n/);
});

test("many problems are cut, and the signature is the hint", () => {
  const dimensions = Object.fromEntries(Array.from({ length: 30 }, (_, at) => [`d${at}`, at]));
  assert.match(told("scalar", { dimensions, value: 1 }), /; and 10 more$/);
  const error = callError({ method: "registerFile", given: [] }, runCalls.registerFile);
  assert.deepEqual([error?.code, error?.hint], ["ARTIFACT_INVALID", "registerFile(file, path, options)"]);
  assert.equal(
    callError({ method: "outputPath", given: [] }, runCalls.outputPath)?.hint,
    "outputPath(path, options?)",
  );
});

test("what is right passes: absent options, undefined ones, generators, sets", () => {
  const right: readonly string[] = [
    told("outputPath", "a"),
    told("outputPath", "a", { types: undefined, metadata: { note: undefined, list: [1, { x: null }] } }),
    told("addFeatures", (function* () {})()),
    told("createDataset", { members: new Set(["a"]) }),
    told("useDataset", { rid: "3JSE", version: "0.1.0" }),
    told("scalar", { dimensions: { metric: "x" }, value: null, units: "K", kind: "model" }),
  ];
  assert.deepEqual([...new Set(right)], [""]);
});
