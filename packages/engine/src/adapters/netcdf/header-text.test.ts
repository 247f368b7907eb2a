import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { decodeText, numbersText, numberText } from "./header-text.ts";

test("text ends at the first zero byte", () => {
  assert.equal(decodeText(Buffer.from("days\0\0rest")), "days");
});

test("text is UTF-8, or Latin-1 where it is no UTF-8", () => {
  assert.equal(decodeText(Buffer.from("Météo-France")), "Météo-France");
  assert.equal(decodeText(Uint8Array.of(0x4d, 0xe9)), "Mé");
});

test("a float of four bytes has its own shortest form", () => {
  assert.equal(numberText(Math.fround(0.1), true), "0.1");
  assert.equal(numberText(Math.fround(0.1), false), "0.10000000149011612");
  assert.equal(numberText(Math.fround(1e20), true), "100000000000000000000");
});

test("integers have no fraction, NaN is missing", () => {
  assert.equal(numberText(60265, false), "60265");
  assert.equal(numberText(9007199254740993n, false), "9007199254740993");
  assert.equal(numberText(Number.NaN, true), undefined);
  assert.equal(numbersText([Number.NaN], false), undefined);
  assert.equal(numbersText([850, 500.5], false), "850, 500.5");
});

test("every number reads back as itself", () => {
  fc.assert(
    fc.property(fc.double({ noNaN: true }), (value) => {
      const text = numberText(value, false);
      assert.ok(Number(text) === value);
    }),
  );
  fc.assert(
    fc.property(fc.float({ noNaN: true }), (value) => {
      const text = numberText(value, true);
      assert.ok(Math.fround(Number(text)) === value);
    }),
  );
});
