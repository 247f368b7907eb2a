import type { Hdf5Module } from "./hdf5.ts";
import { decodeText, numbersText } from "./header-text.ts";

/** A place in an open file: the file's handle and the object's path in it. */
export interface Hdf5Object {
  readonly file: bigint;
  readonly path: string;
}

/** Type classes of the C library (`H5T_class_t`). */
const typeClass = { integer: 0, float: 1, text: 3 } as const;

// Written by the netCDF and HDF5 libraries for themselves; most hold references, which have no text.
const internal: ReadonlySet<string> = new Set([
  "CLASS",
  "NAME",
  "DIMENSION_LIST",
  "REFERENCE_LIST",
  "_Netcdf4Dimid",
  "_Netcdf4Coordinates",
  "_NCProperties",
  "_nc3_strict",
]);

/**
 * All attributes of an object as text. Left out: those of the netCDF library itself, NaN, and types that have no
 * text (references, compounds). Goes below h5wasm's `get_attribute`, which reads text that calls itself ASCII wrongly.
 */
export function readAttributes(module: Hdf5Module, object: Hdf5Object): Record<string, string> {
  const attributes: Record<string, string> = {};
  for (const name of module.get_attribute_names(object.file, object.path)) {
    if (internal.has(name)) continue;
    const text = readAttribute(module, object, name);
    if (text !== undefined) attributes[name] = text;
  }
  return attributes;
}

type Metadata = ReturnType<Hdf5Module["get_attribute_metadata"]>;

function readAttribute(module: Hdf5Module, { file, path }: Hdf5Object, name: string): string | undefined {
  const metadata = module.get_attribute_metadata(file, path, name);
  const isText = metadata.type === typeClass.text;
  if (!isText && metadata.type !== typeClass.integer && metadata.type !== typeClass.float) return undefined;
  if (metadata.shape === null) return isText ? "" : undefined;
  const byteLength = metadata.size * metadata.total_size;
  if (byteLength === 0) return isText ? "" : undefined;
  const pointer = module._malloc(byteLength);
  try {
    module.get_attribute_data(file, path, name, BigInt(pointer));
    return isText ? textAt(module, metadata, pointer) : numberAt(module, metadata, pointer);
  } finally {
    if (metadata.vlen) module.reclaim_vlen_memory(file, path, name, BigInt(pointer));
    module._free(pointer);
  }
}

function textAt(module: Hdf5Module, { vlen, size, total_size: count }: Metadata, pointer: number): string {
  const memory = module.HEAPU8;
  const starts = new Uint32Array(memory.buffer, vlen ? pointer : 0, vlen ? count : 0);
  const texts: string[] = [];
  for (let index = 0; index < count; index += 1) {
    const start = vlen ? (starts[index] ?? 0) : pointer + index * size;
    const end = vlen ? memory.indexOf(0, start) : start + size;
    texts.push(start === 0 ? "" : decodeText(memory.subarray(start, end)));
  }
  return texts.join(", ");
}

function numberAt(module: Hdf5Module, metadata: Metadata, pointer: number): string | undefined {
  const byteLength = metadata.size * metadata.total_size;
  const bytes = module.HEAPU8.slice(pointer, pointer + byteLength);
  const single = metadata.type === typeClass.float && metadata.size === 4;
  const values = numbersOf(metadata, bytes.buffer);
  return values === undefined ? undefined : numbersText(values, single);
}

/**
 * Bytes of numbers as the C library leaves them, little-endian.
 * @returns undefined for a type that is no number of 1, 2, 4 or 8 bytes
 */
export function numbersOf(
  { type, size, signed }: { readonly type: number; readonly size: number; readonly signed: boolean },
  bytes: ArrayBuffer,
): Iterable<number | bigint> | undefined {
  const Numbers = arrays[`${type === typeClass.float ? "f" : signed ? "i" : "u"}${size}`];
  return Numbers === undefined ? undefined : new Numbers(bytes);
}

type NumberArray = new (bytes: ArrayBuffer) => Iterable<number | bigint>;

const arrays: Readonly<Record<string, NumberArray | undefined>> = {
  f4: Float32Array,
  f8: Float64Array,
  i1: Int8Array,
  i2: Int16Array,
  i4: Int32Array,
  i8: BigInt64Array,
  u1: Uint8Array,
  u2: Uint16Array,
  u4: Uint32Array,
  u8: BigUint64Array,
};
