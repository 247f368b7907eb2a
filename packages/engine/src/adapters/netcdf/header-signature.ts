/** What the first bytes of a file say it is. */
export type Signature =
  | { readonly kind: "hdf5" }
  | { readonly kind: "netcdf3" }
  | { readonly kind: "refused"; readonly reason: string };

/** How many bytes `signatureOf` wants to see. */
export const headBytes = 4096;

const hdf5Magic = Uint8Array.of(0x89, 0x48, 0x44, 0x46, 0x0d, 0x0a, 0x1a, 0x0a);

/**
 * Tells HDF5, NetCDF-3 and what is neither, and sees where an HDF5 file is shorter than its superblock says.
 * @param head the first `headBytes` of the file, or all of it
 * @param sizeBytes size of the file
 */
export function signatureOf(head: Uint8Array, sizeBytes: number): Signature {
  if (sizeBytes === 0) return refused("empty file (0 bytes): an interrupted download?");
  const at = superblockOffset(head);
  if (at !== undefined) {
    const expected = hdf5Size(head, at);
    return expected !== undefined && expected > sizeBytes
      ? refused(truncated(sizeBytes, expected))
      : { kind: "hdf5" };
  }
  if (head[0] === 0x43 && head[1] === 0x44 && head[2] === 0x46) return netcdf3(head[3]);
  return refused(foreign(head));
}

/** The reason given for a file that is shorter than its header says. */
export function truncated(sizeBytes: number, expectedBytes: number): string {
  return `truncated: ${sizeBytes} bytes, the header says ${expectedBytes}`;
}

function refused(reason: string): Signature {
  return { kind: "refused", reason };
}

function netcdf3(version: number | undefined): Signature {
  if (version === 1 || version === 2) return { kind: "netcdf3" };
  return version === 5
    ? refused("NetCDF-3 with 64-bit data (CDF-5), which is not read: convert with nccopy -k nc4")
    : refused(`NetCDF of the unknown version ${version ?? "none (truncated)"}`);
}

/** Where the superblock begins: at 0, or after a user block of 512 bytes or a power of two more. */
function superblockOffset(head: Uint8Array): number | undefined {
  for (let at = 0; at + hdf5Magic.length <= head.length; at = at === 0 ? 512 : at * 2) {
    if (hdf5Magic.every((byte, index) => head[at + index] === byte)) return at;
  }
  return undefined;
}

/**
 * End of the file by the superblock, or undefined when its form is not known here.
 * @source HDF5 file format specification 3.0, section II.A
 */
function hdf5Size(head: Uint8Array, at: number): number | undefined {
  const version = head[at + 8] ?? 255;
  const sizeOfOffsets = head[at + (version < 2 ? 13 : 9)];
  const position = at + ([40, 44, 28, 28][version] ?? head.length);
  if (sizeOfOffsets !== 8 || position + 8 > head.length) return undefined;
  const view = new DataView(head.buffer, head.byteOffset, head.byteLength);
  const end = view.getBigUint64(position, true);
  return end > BigInt(Number.MAX_SAFE_INTEGER) ? undefined : at + Number(end);
}

const known: readonly (readonly [RegExp, string])[] = [
  [/^\s*<(!doctype\s+html|html|head|body)/i, "HTML page, not NetCDF: a failed download?"],
  [/^\s*<\?xml/i, "XML document, not NetCDF: a failed download?"],
  [/^\s*[{[]\s*["{[\]}]/, "JSON text, not NetCDF: a failed download?"],
  [/^\x1f\x8b/, "compressed with gzip, not NetCDF: unpack it"],
  [/^PK\x03\x04/, "a ZIP archive, not NetCDF: unpack it"],
  [/^GRIB/, "GRIB, not NetCDF: convert it"],
  [/^\x0e\x03\x13\x01/, "HDF4, not NetCDF: convert it"],
  [/^version https:\/\/git-lfs/, "a Git LFS pointer, not NetCDF: fetch the file itself"],
  [/^\0+$/, "begins with zeros, not NetCDF: an interrupted download?"],
  [/^[\t\n\r\x20-\x7e]+$/, "text, not NetCDF"],
];

function foreign(head: Uint8Array): string {
  const beginning = head.subarray(0, 64);
  const text = String.fromCharCode(...beginning);
  const reason = known.find(([pattern]) => pattern.test(text))?.[1];
  const hex = Array.from(beginning.subarray(0, 8), (byte) => byte.toString(16).padStart(2, "0")).join(" ");
  return reason ?? `neither NetCDF nor HDF5: begins with the bytes ${hex}`;
}
