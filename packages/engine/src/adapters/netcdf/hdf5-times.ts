/** Position in a version 2 object header of its flags; four times of four bytes follow when flag 0x20 is set. */
const flagsAt = 5;
const timesAt = 6;
const timesBytes = 16;

/**
 * Sets the times that HDF5 keeps of every object to zero, in place, so that equal content gives equal bytes. An object
 * header is recognised by its signature and its checksum, so data that happen to look like one are left alone.
 * @param bytes a whole HDF5 file
 * @returns the number of headers changed
 * @source HDF5 file format specification 3.0, section IV.A.1.b
 */
export function clearObjectTimes(bytes: Buffer): number {
  let changed = 0;
  for (let at = bytes.indexOf("OHDR"); at !== -1; at = bytes.indexOf("OHDR", at + 4)) {
    const end = checksumPosition(bytes, at);
    if (end === undefined || bytes.readUInt32LE(end) !== lookup3(bytes.subarray(at, end))) continue;
    bytes.fill(0, at + timesAt, at + timesAt + timesBytes);
    bytes.writeUInt32LE(lookup3(bytes.subarray(at, end)), end);
    changed += 1;
  }
  return changed;
}

/** Where the checksum of an object header with times begins; undefined for other forms. */
function checksumPosition(bytes: Buffer, at: number): number | undefined {
  const flags = bytes[at + flagsAt] ?? 0;
  if (bytes[at + 4] !== 2 || (flags & 0x20) === 0) return undefined;
  const sizeAt = at + timesAt + timesBytes + ((flags & 0x10) === 0 ? 0 : 4);
  const sizeBytes = 1 << (flags & 3);
  // Eight-byte sizes do not occur: a header is far smaller than 4 GiB.
  if (sizeBytes > 4 || sizeAt + sizeBytes > bytes.length) return undefined;
  const end = sizeAt + sizeBytes + bytes.readUIntLE(sizeAt, sizeBytes);
  return end + 4 <= bytes.length ? end : undefined;
}

function rotate(value: number, bits: number): number {
  return (value << bits) | (value >>> (32 - bits));
}

type State = [a: number, b: number, c: number];

function mix(state: State): void {
  let [a, b, c] = state;
  a = ((a - c) ^ rotate(c, 4)) | 0;
  c = (c + b) | 0;
  b = ((b - a) ^ rotate(a, 6)) | 0;
  a = (a + c) | 0;
  c = ((c - b) ^ rotate(b, 8)) | 0;
  b = (b + a) | 0;
  a = ((a - c) ^ rotate(c, 16)) | 0;
  c = (c + b) | 0;
  b = ((b - a) ^ rotate(a, 19)) | 0;
  a = (a + c) | 0;
  c = ((c - b) ^ rotate(b, 4)) | 0;
  b = (b + a) | 0;
  state[0] = a;
  state[1] = b;
  state[2] = c;
}

function finish([first, second, third]: State): number {
  let [a, b, c] = [first, second, third];
  c = ((c ^ b) - rotate(b, 14)) | 0;
  a = ((a ^ c) - rotate(c, 11)) | 0;
  b = ((b ^ a) - rotate(a, 25)) | 0;
  c = ((c ^ b) - rotate(b, 16)) | 0;
  a = ((a ^ c) - rotate(c, 4)) | 0;
  b = ((b ^ a) - rotate(a, 14)) | 0;
  c = ((c ^ b) - rotate(b, 24)) | 0;
  return c >>> 0;
}

/**
 * Bob Jenkins' lookup3 hash with initial value 0, the checksum of HDF5 metadata.
 * @source Jenkins, lookup3.c (hashlittle), 2006, public domain; HDF5 file format specification 3.0, appendix A
 */
export function lookup3(bytes: Uint8Array): number {
  const start = (0xdeadbeef + bytes.length) | 0;
  const state: State = [start, start, start];
  let at = 0;
  for (; bytes.length - at > 12; at += 12) {
    addWords(state, bytes.subarray(at, at + 12));
    mix(state);
  }
  if (bytes.length === at) return state[2] >>> 0;
  addWords(state, bytes.subarray(at));
  return finish(state);
}

/** Adds up to twelve bytes, little-endian, to the three words; absent ones count 0. */
function addWords(state: State, bytes: Uint8Array): void {
  for (const [at, byte] of bytes.entries()) {
    const word = at >> 2;
    state[word] = ((state[word] ?? 0) + (byte << (8 * (at & 3)))) | 0;
  }
}
