/**
 * The bytes that a typed array, a `DataView` or an `ArrayBuffer` shows; a view, not a copy.
 * @param refuse makes the error for memory that others may change: shared, resizable or gone
 */
export function bytesOfArray(value: object, refuse: (what: string) => Error): Uint8Array {
  const buffer: unknown = ArrayBuffer.isView(value) ? value.buffer : value;
  if (!(buffer instanceof ArrayBuffer)) throw refuse("memory shared with other threads");
  if (buffer.resizable) throw refuse("memory that may change its size");
  if (buffer.detached) throw refuse("memory given away to another thread");
  return ArrayBuffer.isView(value)
    ? new Uint8Array(buffer, value.byteOffset, value.byteLength)
    : new Uint8Array(buffer);
}

type FloatArray = Float16Array | Float32Array | Float64Array;

/** True for arrays of floating-point numbers. */
export function isFloatArray(value: object): value is FloatArray {
  return value instanceof Float64Array || value instanceof Float32Array || value instanceof Float16Array;
}

/**
 * The bytes of an array with the same bits for every NaN: which ones an engine writes is its own affair.
 * @param bytes of the array
 * @returns the given bytes when there is no NaN, else a copy
 */
export function withOneNaN(value: FloatArray, bytes: Uint8Array): Uint8Array {
  let copy: FloatArray | undefined;
  for (let index = 0; index < value.length; index++) {
    if (!Number.isNaN(value[index])) continue;
    copy ??= value.slice();
    copy[index] = Number.NaN;
  }
  return copy === undefined ? bytes : new Uint8Array(copy.buffer, copy.byteOffset, copy.byteLength);
}
