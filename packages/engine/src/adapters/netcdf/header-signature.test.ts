import assert from "node:assert/strict";
import { test } from "node:test";
import { signatureOf } from "./header-signature.ts";

const magic = [0x89, 0x48, 0x44, 0x46, 0x0d, 0x0a, 0x1a, 0x0a];

/** A superblock that says how long the file is. */
function superblock(version: number, endOfFile: number): Uint8Array {
  const bytes = new Uint8Array(64);
  bytes.set(magic);
  bytes[8] = version;
  bytes[version < 2 ? 13 : 9] = 8;
  const view = new DataView(bytes.buffer);
  view.setBigUint64([40, 44, 28, 28][version] ?? 0, BigInt(endOfFile), true);
  return bytes;
}

function reasonOf(head: Uint8Array | string, size = head.length): string | undefined {
  const signature = signatureOf(typeof head === "string" ? Buffer.from(head, "latin1") : head, size);
  return signature.kind === "refused" ? signature.reason : undefined;
}

for (const version of [0, 1, 2, 3])
  test(`HDF5 with superblock ${version}: whole, and shorter than it says`, () => {
    assert.deepEqual(signatureOf(superblock(version, 9000), 9000), { kind: "hdf5" });
    assert.deepEqual(signatureOf(superblock(version, 9000), 9500), { kind: "hdf5" });
    assert.equal(reasonOf(superblock(version, 9000), 8999), "truncated: 8999 bytes, the header says 9000");
  });

test("HDF5 may begin after a user block", () => {
  const head = new Uint8Array(2048);
  head.set(superblock(0, 100), 1024);
  assert.deepEqual(signatureOf(head, 1124), { kind: "hdf5" });
  assert.match(reasonOf(head, 1100) ?? "", /^truncated/);
});

test("NetCDF-3 is told by its version", () => {
  assert.deepEqual(signatureOf(Buffer.from("CDF\x01"), 4), { kind: "netcdf3" });
  assert.deepEqual(signatureOf(Buffer.from("CDF\x02"), 4), { kind: "netcdf3" });
  assert.match(reasonOf("CDF\x05") ?? "", /nccopy -k nc4/);
  assert.match(reasonOf("CDF") ?? "", /truncated/);
});

test("what is no NetCDF is named", () => {
  assert.match(reasonOf("") ?? "", /^empty file/);
  assert.match(reasonOf("\n<!DOCTYPE html><html>") ?? "", /^HTML page/);
  assert.match(reasonOf("<html><body>404") ?? "", /^HTML page/);
  assert.match(reasonOf('{"error": "not found"}') ?? "", /^JSON/);
  assert.match(reasonOf("\x1f\x8b\x08") ?? "", /gzip/);
  assert.match(reasonOf("GRIB\x00\x00") ?? "", /^GRIB/);
  assert.match(reasonOf("version https://git-lfs.github.com/spec/v1") ?? "", /Git LFS/);
  assert.match(reasonOf(new Uint8Array(100)) ?? "", /zeros/);
  assert.match(reasonOf("hello, world") ?? "", /^text/);
  assert.match(reasonOf(Uint8Array.of(1, 2, 0xff)) ?? "", /bytes 01 02 ff/);
});
