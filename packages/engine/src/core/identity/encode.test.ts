import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import fc from "fast-check";
import { Defect } from "../errors.ts";
import { digestOf, sha1Hex, sha256Hex } from "./digest.ts";
import { type Encodable, encode } from "./encode.ts";

/** A value of the vectors file: JSON alone cannot say −0, NaN, bytes or a lone surrogate. */
type Tagged =
  | { readonly null: true }
  | { readonly boolean: boolean }
  | { readonly number: string }
  | { readonly bigint: string }
  | { readonly text: string }
  | { readonly utf16: readonly number[] }
  | { readonly bytes: string }
  | { readonly list: readonly Tagged[] }
  | { readonly object: Readonly<Record<string, Tagged>> };

interface Vectors {
  readonly vectors: readonly { readonly name: string; readonly value: Tagged; readonly hex: string }[];
}

function untagged(value: Tagged): Encodable {
  if ("boolean" in value) return value.boolean;
  if ("number" in value) return Number(value.number);
  if ("bigint" in value) return BigInt(value.bigint);
  if ("text" in value) return value.text;
  if ("utf16" in value) return String.fromCharCode(...value.utf16);
  if ("bytes" in value) return Uint8Array.from(Buffer.from(value.bytes, "hex"));
  if ("list" in value) return value.list.map(untagged);
  if ("object" in value)
    return Object.fromEntries(Object.entries(value.object).map(([name, member]) => [name, untagged(member)]));
  return null;
}

const file = new URL("../../../test/golden/encode-vectors.json", import.meta.url);
const { vectors } = JSON.parse(readFileSync(file, "utf8")) as Vectors;

for (const { name, value, hex } of vectors)
  test(`the published vector holds: ${name}`, () => {
    assert.equal(Buffer.from(encode(untagged(value))).toString("hex"), hex);
  });

const encodable = fc.letrec<{ value: Encodable }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 3 },
    fc.constant(null),
    fc.boolean(),
    fc.double(),
    fc.bigInt(),
    fc.string({ unit: "binary" }),
    fc.uint8Array(),
    fc.array(tie("value"), { maxLength: 4 }),
    fc.dictionary(fc.string(), tie("value"), { maxKeys: 4 }),
  ),
})).value;

test("different values have different encodings, equal ones the same", () => {
  fc.assert(
    fc.property(encodable, encodable, (a, b) => {
      assert.equal(sameBytes(a, b), isEqual(a, b));
    }),
    { numRuns: 500 },
  );
});

test("the order in which members were added does not count", () => {
  fc.assert(
    fc.property(fc.dictionary(fc.string(), encodable), (object) => {
      const reversed = Object.fromEntries(Object.entries(object).reverse());
      assert.deepEqual(encode(reversed), encode(object));
    }),
  );
});

test("what has no encoding is a defect, not silently dropped", () => {
  assert.throws(() => encode({ a: undefined } as unknown as Encodable), Defect);
  assert.throws(() => encode(new Map() as unknown as Encodable), Defect);
  assert.throws(() => encode([() => 1] as unknown as Encodable), Defect);
});

test("digests are those of other programs", () => {
  assert.equal(
    sha256Hex(new Uint8Array()),
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
  );
  assert.equal(sha1Hex("abc"), "a9993e364706816aba3e25717850c26c9cd0d89d");
  // SHA-256 of the single byte "n".
  assert.equal(digestOf(null), sha256Hex(Uint8Array.of(0x6e)));
});

function sameBytes(a: Encodable, b: Encodable): boolean {
  return Buffer.compare(encode(a), encode(b)) === 0;
}

function isEqual(a: Encodable, b: Encodable): boolean {
  try {
    assert.deepStrictEqual(withoutNegativeZero(a), withoutNegativeZero(b));
    return true;
  } catch (error) {
    if (error instanceof assert.AssertionError) return false;
    throw error;
  }
}

/** Plain copies: prototypes (fast-check makes objects without one) and the sign of zero do not count. */
function withoutNegativeZero(value: Encodable): unknown {
  if (typeof value === "number") return value + 0;
  if (Array.isArray(value)) return value.map(withoutNegativeZero);
  if (value === null || typeof value !== "object" || value instanceof Uint8Array) return value;
  return new Map(
    Object.entries(value).map(([name, member]) => [name, withoutNegativeZero(member as Encodable)]),
  );
}
