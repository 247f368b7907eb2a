import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { runInThisContext } from "node:vm";
import fc from "fast-check";
import { isAlmanacError } from "../errors.ts";
import { type Encodable, encode } from "./encode.ts";
import { digestOfValue, encodeValue } from "./value-encoding.ts";

const hex = (value: unknown): string => Buffer.from(encodeValue(value)).toString("hex");

interface Vectors {
  readonly vectors: readonly { readonly javascript: string; readonly hex: string }[];
}

const file = new URL("../../../test/golden/value-vectors.json", import.meta.url);
const { vectors } = JSON.parse(readFileSync(file, "utf8")) as Vectors;

for (const { javascript, hex: published } of vectors)
  test(`the published vector holds: ${javascript}`, () => {
    assert.equal(hex(runInThisContext(`(${javascript})`)), published);
  });

test("no two published vectors have the same bytes", () => {
  assert.equal(new Set(vectors.map((vector) => vector.hex)).size, vectors.length);
});

test("what the encoder of digests knows has the same bytes here", () => {
  const plain = fc.letrec<{ value: Encodable }>((tie) => ({
    value: fc.oneof(
      { maxDepth: 3 },
      fc.constant(null),
      fc.boolean(),
      fc.double().filter((number) => !Object.is(number, -0)),
      fc.bigInt(),
      fc.string({ unit: "binary" }),
      fc.uint8Array(),
      fc.array(tie("value"), { maxLength: 4 }),
      fc.dictionary(fc.string(), tie("value"), { maxKeys: 4, noNullPrototype: true }),
    ),
  })).value;
  fc.assert(
    fc.property(plain, (value) => {
      assert.deepEqual(encodeValue(value), encode(value));
    }),
  );
});

for (const [name, one, other] of [
  ["names of an object", { a: 1, b: 2 }, { b: 2, a: 1 }],
  ["members of a set", new Set([1, "1", true]), new Set([true, 1, "1"])],
  [
    "entries of a map",
    new Map([
      ["x", [1]],
      ["y", [2]],
    ]),
    new Map([
      ["y", [2]],
      ["x", [1]],
    ]),
  ],
  ["objects in a set", new Set([{ a: 1 }, [2], new Set([3])]), new Set([new Set([3]), { a: 1 }, [2]])],
  [
    "objects as keys",
    new Map([
      [{ a: 1 }, 1],
      [{ a: 1 }, 2],
    ]),
    new Map([
      [{ a: 1 }, 2],
      [{ a: 1 }, 1],
    ]),
  ],
  ["sets of sets of sets", nested(4, false), nested(4, true)],
] as const)
  test(`the order of insertion does not count: ${name}`, () => {
    assert.equal(hex(one), hex(other));
  });

test("the order of insertion does not count in sets that are inside themselves either", () => {
  const ring = (first: "a" | "b"): Set<unknown> => {
    const a: Record<string, unknown> = { x: 1 };
    const b: Record<string, unknown> = { x: 1, next: a };
    const found = new Set<unknown>();
    a["next"] = [b, 2];
    a["home"] = found;
    for (const each of first === "a" ? [a, b] : [b, a]) found.add(each);
    return found;
  };
  assert.equal(hex(ring("a")), hex(ring("b")));
});

test("members that differ by what they share are told apart, in whatever order they came", () => {
  const shared: unknown[] = [];
  const twice = [shared, shared];
  const copied = [[], []];
  assert.equal(hex(new Set([twice, copied])), hex(new Set([copied, twice])));
  assert.notEqual(hex(new Set([twice, copied])), hex(new Set([copied, [[], []]])));
});

test("a thousand sets that share one long list take no thousand lists", () => {
  const long = Array.from({ length: 20_000 }, (_, index) => [index]);
  const sets = Array.from({ length: 1000 }, (_, index) => new Set([[long, index], [index]]));
  assert.ok(encodeValue(sets).length < 400_000);
});

function nested(depth: number, reversed: boolean): Set<unknown> {
  const members: unknown[] =
    depth === 0 ? [1, 2] : [nested(depth - 1, reversed), [nested(depth - 1, reversed)], depth];
  return new Set(reversed ? members.reverse() : members);
}

test("NaN has one form, also in arrays of numbers", () => {
  const odd = new Float64Array(new BigUint64Array([0x7ff8000000000001n, 0x3ff0000000000000n]).buffer);
  assert.equal(hex(odd), hex(new Float64Array([Number.NaN, 1])));
  assert.equal(odd.byteLength, 16);
});

test("views of one memory count by what they show", () => {
  const memory = new Uint8Array([1, 2, 3, 4]);
  assert.equal(
    hex([memory.subarray(0, 2), memory.subarray(1, 3)]),
    hex([new Uint8Array([1, 2]), new Uint8Array([2, 3])]),
  );
});

class Solver {
  readonly tolerance = 1e-6;
}

for (const [name, value, path] of [
  ["a function", { mesh: { solver: () => 1 } }, "config.mesh.solver"],
  ["a symbol", [Symbol("s")], "config[0]"],
  ["an instance of Solver", { a: [0, new Solver()] }, "config.a[1]"],
  ["an instance of WeakMap", new Map([["w", new WeakMap()]]), "config.entry(0)"],
  ["an instance of Promise", new Set([Promise.resolve()]), "config.member(0)"],
  ["an instance of Error", { e: new Error("no") }, "config.e"],
  ["an instance of Number", new Number(1), "config"],
  [
    "an object with an accessor, x",
    {
      get x() {
        return 1;
      },
    },
    "config",
  ],
  ["an object with a hidden member, h", Object.defineProperty({}, "h", { value: 1 }), "config"],
  ["an object with a member named by Symbol(s)", { [Symbol("s")]: 1 }, "config"],
  ["a list with a member named note", Object.assign([1], { note: 1 }), "config"],
  ["a Map with a member named note", Object.assign(new Map(), { note: 1 }), "config"],
  ["no true Map", new Proxy(new Map(), {}), "config"],
  ["no true Date", Object.create(Date.prototype), "config"],
  ["memory shared with other threads", new Uint8Array(new SharedArrayBuffer(2)), "config"],
  ["a function", new Set([{ f: () => 1 }, { f: () => 2 }]), "config.member(0).f"],
] as const)
  test(`fails closed and says where: ${name} at ${path}`, () => {
    assert.throws(
      () => encodeValue(value, "config"),
      (error) => {
        assert.ok(isAlmanacError(error));
        assert.equal(error.code, "VALUE_UNHASHABLE");
        assert.ok(error.message.startsWith(`${path} has no canonical form: it is ${name}`), error.message);
        return true;
      },
    );
  });

test("a value that is read through a proxy counts as what it reads", () => {
  assert.equal(hex(new Proxy({ a: [1] }, {})), hex({ a: [1] }));
});

for (const [name, depth, wrap] of [
  ["lists", 100_000, (value: unknown) => [value]],
  ["objects", 100_000, (value: unknown) => ({ next: value })],
  ["maps", 100_000, (value: unknown) => new Map([[value, value]])],
  ["sets", 100_000, (value: unknown) => new Set([value, 1])],
  ["sets of several objects", 20_000, (value: unknown) => new Set([value, [1]])],
] as const)
  test(`${name} ${depth} deep are encoded without overflow, and differ at the bottom`, () => {
    const deep = (bottom: number): unknown => {
      let value: unknown = [bottom];
      for (let level = 0; level < depth; level++) value = wrap(value);
      return value;
    };
    const digest = digestOfValue(deep(1));
    assert.equal(digestOfValue(deep(1)), digest);
    assert.notEqual(digestOfValue(deep(2)), digest);
  });

test("wide values: a million items, a hundred thousand names and members", () => {
  const list = Array.from({ length: 1_000_000 }, (_, index) => index);
  assert.equal(encodeValue(list).length, 5 + 9 * list.length);
  const names = Object.fromEntries(list.slice(0, 100_000).map((index) => [`n${index}`, index]));
  assert.equal(digestOfValue(names), digestOfValue(Object.fromEntries(Object.entries(names).reverse())));
  const members = list.slice(0, 100_000).map((index) => [index]);
  assert.equal(digestOfValue(new Set(members)), digestOfValue(new Set(members.reverse())));
});

test("thirty stacked diamonds take thirty steps, not two to the thirtieth; a set of them too", () => {
  let diamond: unknown = [1];
  for (let level = 0; level < 30; level++) diamond = [diamond, diamond];
  assert.ok(encodeValue(diamond).length < 400);
  let sets: unknown = [1];
  for (let level = 0; level < 30; level++) sets = new Set([[sets], [sets]]);
  assert.ok(encodeValue(sets).length < 1000);
});

test("a hole a long way out does not count every place before it", () => {
  const sparse: number[] = [];
  sparse[4_000_000_000] = 1;
  assert.ok(encodeValue(sparse).length < 50);
});
