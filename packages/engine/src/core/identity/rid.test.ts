import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { AlmanacError } from "../errors.ts";
import { dryRunRid, formatRid, parseRid, requireRid } from "./rid.ts";

test("a counter becomes unpadded groups of four digits", () => {
  assert.equal(formatRid(1), "1");
  assert.equal(formatRid(31), "Z");
  assert.equal(formatRid(32), "10");
  assert.equal(formatRid(32 ** 4 - 1), "ZZZZ");
  assert.equal(formatRid(32 ** 4), "1-0000");
  assert.equal(formatRid(3 * 32 ** 3 + 18 * 32 ** 2 + 25 * 32 + 14), "3JSE");
});

test("every counter reads back, in any case and with the prefix, and no two are the same", () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: Number.MAX_SAFE_INTEGER }), (counter) => {
      const rid = formatRid(counter);
      assert.equal(parseRid(rid), rid);
      assert.equal(parseRid(`rid:${rid.toLowerCase()}`), rid);
      assert.notEqual(formatRid(counter === 1 ? 2 : counter - 1), rid);
    }),
  );
});

test("look-alike letters count as the digits they look like", () => {
  assert.equal(parseRid("3jse"), "3JSE");
  assert.equal(parseRid("i-4x2k"), "1-4X2K");
  assert.equal(parseRid("L-4X2K"), "1-4X2K");
  assert.equal(parseRid("2OO"), "200");
  assert.equal(parseRid("RID:1-4X2K"), "1-4X2K");
});

test("what is no RID is refused", () => {
  for (const text of ["", "U", "12345", "1-4X2", "1--4X2K", "-4X2K", "0123", "0", "climate/ecs/key", "3JSE "])
    assert.equal(parseRid(text), undefined, text);
  assert.equal(parseRid("0000"), dryRunRid);
  assert.throws(
    () => requireRid("12345"),
    (error) => error instanceof AlmanacError && error.code === "USAGE" && error.message.includes("12345"),
  );
});
