import assert from "node:assert/strict";
import { test } from "node:test";
import { clearObjectTimes, lookup3 } from "./hdf5-times.ts";

test("lookup3 gives its author's published values", () => {
  assert.equal(lookup3(new Uint8Array(0)), 0xdeadbeef);
  assert.equal(lookup3(Buffer.from("Four score and seven years ago")), 0x17770551);
});

test("bytes that only look like an object header are left alone", () => {
  const bytes = Buffer.concat([Buffer.from("OHDR"), Buffer.from([2, 0x20]), Buffer.alloc(60, 7)]);
  const before = Buffer.from(bytes);
  assert.equal(clearObjectTimes(bytes), 0);
  assert.ok(bytes.equals(before));
});
