import assert from "node:assert/strict";
import { describe, test } from "node:test";
import fc from "fast-check";
import { isAlmanacError } from "../../core/errors.ts";
import type { DecodeContext } from "../../core/steps/codec.ts";
import { builtInCodecs } from "./built-in-codecs.ts";

const context: DecodeContext = { file: (path) => path, product: () => Promise.reject(new Error("none")) };

/** The value after storing and loading, with the codec that took it. */
async function roundTrip(value: unknown): Promise<{ readonly name: string; readonly value: unknown }> {
  const codec = builtInCodecs.find((each) => each.accepts(value));
  assert.ok(codec, "no codec takes it");
  const { bytes } = await codec.encode(value);
  // The store hands out views into larger buffers: their place must not matter.
  const shifted = new Uint8Array(bytes.length + 3).subarray(3);
  shifted.set(bytes);
  return { name: codec.name, value: await codec.decode(shifted, context) };
}

const typedArrays = [
  Int8Array.of(-1, 2),
  Uint8Array.of(1, 255),
  Uint8ClampedArray.of(3),
  Int16Array.of(-300),
  Uint16Array.of(60_000, 1, 2),
  Int32Array.of(-1),
  Uint32Array.of(4_000_000_000),
  BigInt64Array.of(-5n),
  BigUint64Array.of(5n),
  Float32Array.of(0.5, Number.NaN, -0),
  Float64Array.of(1e300, Number.NEGATIVE_INFINITY),
];

describe("built-in codecs", () => {
  test("simple values take the simple codecs", async () => {
    for (const [value, name] of [
      ["héllo", "text"],
      [Uint8Array.of(1, 2), "bytes"],
      [Buffer.from("x"), "buffer"],
      [{ a: [1, "b", null, true] }, "json"],
      [5, "json"],
      [undefined, "structured"],
      ["\ud800", "json"],
      [Number.NaN, "structured"],
      [-0, "structured"],
      [5n, "structured"],
      [{ shape: [2, 2], values: Float64Array.of(1, 2, 3, 4) }, "structured"],
    ] as const) {
      const back = await roundTrip(value);
      assert.equal(back.name, name);
      assert.deepStrictEqual(back.value, value);
    }
  });

  test("typed arrays come back with type, length and bits, alone and inside", async () => {
    for (const array of typedArrays) {
      assert.deepStrictEqual((await roundTrip(array)).value, array);
      assert.deepStrictEqual((await roundTrip({ before: "x", array, more: [array] })).value, {
        before: "x",
        array,
        more: [array],
      });
    }
    const part = Float64Array.of(1, 2, 3).subarray(1);
    assert.deepStrictEqual((await roundTrip(part)).value, Float64Array.of(2, 3));
  });

  test("any nesting of values comes back equal, and equal values have equal bytes", async () => {
    const value = fc.anything({
      withBigInt: true,
      withDate: true,
      withMap: true,
      withSet: true,
      withTypedArray: true,
      withSparseArray: true,
    });
    await fc.assert(
      fc.asyncProperty(value, async (given) => {
        assert.deepEqual((await roundTrip(given)).value, given);
        const codec = builtInCodecs.find((each) => each.accepts(given));
        const [one, two] = [await codec?.encode(given), await codec?.encode(structuredClone(given))];
        assert.deepEqual(one?.bytes, two?.bytes);
      }),
      { numRuns: 300 },
    );
  });

  test("what has no stored form is taken by none; a circle is an error", async () => {
    class Solver {
      readonly x = 1;
    }
    for (const value of [
      () => 1,
      { f: () => 1 },
      new Solver(),
      [new Solver()],
      Symbol("s"),
      new WeakMap(),
      Promise.resolve(1),
      { b: Buffer.from("x") },
    ])
      assert.equal(
        builtInCodecs.some((each) => each.accepts(value)),
        false,
      );
    const circle: { self?: unknown; n: number } = { n: Number.NaN };
    circle.self = circle;
    await assert.rejects(roundTrip(circle), (error) => isAlmanacError(error, "CODEC_FAILED"));
  });

  test("members that lists, maps and the like were given come back; so does having no prototype", async () => {
    const withHole = [1, 2, 3];
    Reflect.deleteProperty(withHole, 1);
    for (const value of [
      "abc".match(/(?<x>b)/),
      Object.groupBy([1, 2, 3], (each) => (each > 1 ? "large" : "__proto__")),
      { inside: Object.assign(Object.create(null), { q: 1 }) },
      Object.assign(new Map([[1, [2]]]), { note: "x" }),
      Object.assign(new Set([1]), { note: Number.NaN }),
      Object.assign(new Date(4), { zone: "UTC" }),
      Object.assign(Float64Array.of(1), { shape: [1] }),
      Object.assign(new Float64Array(1000), { shape: [10, 100] }),
      Object.assign(withHole, { name: ["a"] }),
    ])
      assert.deepStrictEqual((await roundTrip(value)).value, value);
    assert.equal((await roundTrip(new Float64Array(1000))).name, "structured");
  });

  test("what would come back as something else is taken by none", () => {
    class List extends Array {}
    class Table extends Map {}
    class Day extends Date {}
    for (const value of [
      List.of(1),
      { inside: new Table() },
      new Day(0),
      Object.defineProperty({ a: 1 }, "hidden", { value: 2 }),
      Object.assign([1], { [Symbol.for("s")]: 1 }),
      Object.assign(new Float64Array(100), { f: () => 1 }),
    ])
      assert.ok(!builtInCodecs.some((codec) => codec.accepts(value)));
  });
});
