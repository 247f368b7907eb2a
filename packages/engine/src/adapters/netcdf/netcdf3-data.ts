import { closeSync, fstatSync, openSync, readSync } from "node:fs";
import { AlmanacError } from "../../core/errors.ts";
import { type Layout, readNetcdf3Layout } from "./netcdf3-header.ts";
import type {
  Attributes,
  AttributeValue,
  Hyperslab,
  NetcdfVariable,
  RawFile,
  StoredType,
} from "./raw-file.ts";

type Stored = Layout["variables"][number];

const types = {
  byte: { size: 1, stored: "integer", read: (bytes: DataView, at: number) => bytes.getInt8(at) },
  char: { size: 1, stored: "text", read: (bytes: DataView, at: number) => bytes.getUint8(at) },
  short: { size: 2, stored: "integer", read: (bytes: DataView, at: number) => bytes.getInt16(at) },
  int: { size: 4, stored: "integer", read: (bytes: DataView, at: number) => bytes.getInt32(at) },
  float: { size: 4, stored: "float32", read: (bytes: DataView, at: number) => bytes.getFloat32(at) },
  double: { size: 8, stored: "float64", read: (bytes: DataView, at: number) => bytes.getFloat64(at) },
} as const satisfies Record<
  string,
  { size: number; stored: StoredType; read: (bytes: DataView, at: number) => number }
>;

/**
 * Opens a NetCDF-3 file (classic or 64-bit offset). Only the bytes of what is asked for are read, run by run.
 * @throws FILE_INVALID when its header is damaged, or later when values lie beyond its end
 */
export function openNetcdf3Data(path: string): RawFile {
  const descriptor = openSync(path, "r");
  let open = true;
  const close = (): void => {
    if (open) closeSync(descriptor);
    open = false;
  };
  try {
    const layout = readNetcdf3Layout(descriptor, fstatSync(descriptor).size);
    const stored = new Map((layout.variables ?? []).map((variable) => [variable.name, variable]));
    return {
      attributes: readAttributes(layout.globalAttributes),
      variables: new Map([...stored].map(([name, variable]) => [name, describe(layout, variable)])),
      readStored: (variable, slab) => {
        const found = stored.get(variable.name);
        if (found === undefined)
          throw new AlmanacError("FILE_INVALID", `${path} has no variable ${variable.name}`);
        return readSlab({ descriptor, path, layout, stored: found, shape: variable.shape }, slab);
      },
      close,
    };
  } catch (error) {
    close();
    throw error;
  }
}

function typeOf(stored: Stored): (typeof types)[keyof typeof types] {
  return types[stored.type as keyof typeof types];
}

function describe(layout: Layout, stored: Stored): NetcdfVariable {
  const { id, length } = layout.recordDimension;
  return {
    name: stored.name,
    type: typeOf(stored).stored,
    dimensions: stored.dimensions.map((dimension) => layout.dimensions[dimension]?.name ?? ""),
    shape: stored.dimensions.map((dimension) =>
      dimension === id ? length : (layout.dimensions[dimension]?.size ?? 0),
    ),
    attributes: readAttributes(stored.attributes),
  };
}

function readAttributes(list: Layout["globalAttributes"]): Attributes {
  const read: Record<string, AttributeValue> = {};
  // The library makes one character of each byte of text; the bytes are UTF-8 as a rule.
  for (const { name, value } of list)
    read[name] =
      typeof value === "string" ? Buffer.from(value, "latin1").toString("utf8").replace(/\0+$/, "") : value;
  return read;
}

interface Source {
  readonly descriptor: number;
  readonly path: string;
  readonly layout: Layout;
  readonly stored: Stored;
  readonly shape: readonly number[];
}

/** Reads a hyperslab as runs of neighbouring values along the last dimension. */
function readSlab(source: Source, { start, count }: Hyperslab): Float64Array {
  const total = count.reduce((product, size) => product * size, 1);
  const values = new Float64Array(total);
  // The record dimension is not contiguous with the next one, so a run never spans records.
  const run = count.at(-1) ?? 1;
  const isSingleAxisRecord = source.stored.record && source.shape.length === 1;
  const runLength = isSingleAxisRecord ? 1 : run;
  for (let at = 0; at < total; at += runLength) {
    const index = unravel(at, count).map((position, axis) => position + (start[axis] ?? 0));
    readRun(source, { position: bytePosition(source, index), target: values.subarray(at, at + runLength) });
  }
  return values;
}

function unravel(flat: number, shape: readonly number[]): number[] {
  const index: number[] = new Array(shape.length).fill(0);
  let rest = flat;
  for (let axis = shape.length - 1; axis >= 0; axis--) {
    const size = shape[axis] ?? 1;
    index[axis] = rest % size;
    rest = Math.floor(rest / size);
  }
  return index;
}

function bytePosition({ layout, stored, shape }: Source, index: readonly number[]): number {
  const { size } = typeOf(stored);
  const firstInner = stored.record ? 1 : 0;
  let inner = 0;
  for (let axis = firstInner; axis < shape.length; axis++)
    inner = inner * (shape[axis] ?? 1) + (index[axis] ?? 0);
  const records = stored.record ? (index[0] ?? 0) * recordStep(layout, stored, shape) : 0;
  return stored.offset + records + inner * size;
}

/** Bytes from one record to the next; a lone record variable is stored without padding. */
function recordStep(layout: Layout, stored: Stored, shape: readonly number[]): number {
  const lone = layout.variables.filter((variable) => variable.record).length === 1;
  const packed = shape.slice(1).reduce((product, size) => product * size, typeOf(stored).size);
  return lone ? packed : (layout.recordDimension.recordStep ?? packed);
}

function readRun(
  { descriptor, path, stored }: Source,
  { position, target }: { readonly position: number; readonly target: Float64Array },
): void {
  const { size, read } = typeOf(stored);
  const bytes = Buffer.alloc(target.length * size);
  const got = readSync(descriptor, bytes, 0, bytes.length, position);
  if (got < bytes.length)
    throw new AlmanacError("FILE_INVALID", `${path} is truncated: ${stored.name} goes on beyond its end`, {
      facts: { path, variable: stored.name },
    });
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (let at = 0; at < target.length; at++) target[at] = read(view, at * size);
}
