import assert from "node:assert/strict";
import { test } from "node:test";
import { bytesOf, byteText } from "./byte-text.ts";

test("bytes are written with two figures or more, in powers of 1000", () => {
  const written = [0, 1, 999, 1000, 1250, 9940, 9960, 999_400, 999_600, 1e9, 45e9, 2.5e16].map(byteText);
  assert.deepEqual(written, [
    ...["0 bytes", "1 byte", "999 bytes", "1.0 kB", "1.3 kB", "9.9 kB", "10 kB", "999 kB", "1.0 MB"],
    ...["1.0 GB", "45 GB", "25 PB"],
  ]);
});

test("bytes are read in every common spelling", () => {
  const read = ["0", "1000", "500MB", "1.5 GiB", "2k", "3 tb", "12 bytes", "7b"].map(bytesOf);
  assert.deepEqual(read, [0, 1000, 500e6, 1.5 * 2 ** 30, 2000, 3e12, 12, 7]);
  for (const text of ["", "much", "-1", "1 XB", "1..5 MB", "GB"])
    assert.equal(bytesOf(text), undefined, text);
});
