import { closeSync, fstatSync, openSync, readSync } from "node:fs";
import { NetCDFReader } from "netcdfjs";
import type { FileHeader } from "../../core/catalog/source-type.ts";
import { AlmanacError } from "../../core/errors.ts";
import { mainVariable, verticalNames } from "./header-layout.ts";
import { truncated } from "./header-signature.ts";
import { decodeText, numbersText } from "./header-text.ts";
import { type TimeFacts, timeFacts } from "./header-time.ts";

const firstWindowBytes = 64 * 1024;

/** A NetCDF-3 header as the library gives it. */
export type Layout = NetCDFReader["header"];
type Variable = Layout["variables"][number];
type Attribute = Layout["globalAttributes"][number];

/**
 * Header of a NetCDF-3 file (classic or 64-bit offset). The library wants a whole file: it gets the head, and a larger one
 * when the header is longer than that.
 * @throws FILE_INVALID when the file is truncated or its header is damaged
 * @throws CALENDAR_INVALID when its time coordinate is not understood
 */
export function readNetcdf3Header(path: string): FileHeader {
  const descriptor = openSync(path, "r");
  try {
    const sizeBytes = fstatSync(descriptor).size;
    const layout = readNetcdf3Layout(descriptor, sizeBytes);
    const expected = expectedBytes(layout);
    if (expected > sizeBytes) throw new AlmanacError("FILE_INVALID", truncated(sizeBytes, expected));
    return headerOf(layout, { path, descriptor });
  } finally {
    closeSync(descriptor);
  }
}

/** The library's reading of a NetCDF-3 header. @throws FILE_INVALID when it is truncated or damaged */
export function readNetcdf3Layout(descriptor: number, sizeBytes: number): Layout {
  for (let window = Math.min(firstWindowBytes, sizeBytes); ; window = Math.min(window * 8, sizeBytes)) {
    const head = Buffer.alloc(window);
    const got = readSync(descriptor, head, 0, window, 0);
    try {
      return complete(new NetCDFReader(head.subarray(0, got)).header);
    } catch (error) {
      // Past its end the window is read as RangeError; anything else means a damaged header.
      if (!(error instanceof RangeError)) throw damaged(error);
      if (window === sizeBytes) {
        throw new AlmanacError("FILE_INVALID", `truncated: ${sizeBytes} bytes end within the header`, {
          cause: error,
        });
      }
    }
  }
}

/** The library leaves out what a file has none of, against its types. */
function complete(layout: Partial<Layout> & Pick<Layout, "recordDimension" | "version">): Layout {
  return { dimensions: [], globalAttributes: [], variables: [], ...layout };
}

function damaged(error: unknown): AlmanacError {
  const said = error instanceof Error ? error.message : String(error);
  const reason = said.includes("larger than 4GB")
    ? "NetCDF-3 with variables beyond 4 GB, which is not read: convert with nccopy -k nc4"
    : `damaged NetCDF-3 header: ${said}`;
  return new AlmanacError("FILE_INVALID", reason, { cause: error });
}

const unlimitedCount = 0xffffffff;

/** Least size of the whole file; padding after the last value may be absent. */
function expectedBytes({ variables, recordDimension }: Layout): number {
  const { length, recordStep = 0 } = recordDimension;
  const records = variables.filter((variable) => variable.record);
  let expected = 0;
  for (const variable of variables) {
    // A lone record variable of a small type is stored without padding, against its stated size.
    if (variable.size === unlimitedCount || length === unlimitedCount) continue;
    if (variable.record && (length === 0 || records.length === 1)) continue;
    const before = variable.record ? (length - 1) * recordStep : 0;
    expected = Math.max(expected, variable.offset + before + variable.size - 3);
  }
  return expected;
}

interface Source {
  readonly path: string;
  readonly descriptor: number;
}

function headerOf(layout: Layout, source: Source): FileHeader {
  const byName = new Map(layout.variables.map((variable) => [variable.name, variable]));
  const attributes = texts(layout.globalAttributes);
  const variables: Record<string, Readonly<Record<string, string>>> = {};
  const has = (name: string): boolean => byName.has(name);
  const main = byName.get(mainVariable(source.path, { variableId: attributes["variable_id"], has }) ?? "");
  if (main !== undefined) variables[main.name] = texts(main.attributes);
  const coordinate = byName.get("time");
  let time: TimeFacts = {};
  if (coordinate !== undefined) {
    const timeAttributes = texts(coordinate.attributes);
    variables["time"] = timeAttributes;
    time = timeFacts(timeAttributes, timeEnds(layout, { coordinate, descriptor: source.descriptor }));
  }
  return { attributes, variables, verticalLevels: levels(layout, byName), ...time };
}

function texts(attributes: readonly Attribute[]): Record<string, string> {
  const result: Record<string, string> = {};
  for (const { name, type, value } of attributes) {
    const text = attributeText(type, value);
    if (text !== undefined) result[decodeLatin(name)] = text;
  }
  return result;
}

// The library's types forget that attributes may hold several numbers.
function attributeText(type: string, value: number | string | readonly number[]): string | undefined {
  if (typeof value === "string") return decodeLatin(value);
  const numbers = typeof value === "number" ? [value] : value;
  // It reads bytes as unsigned, the format means them signed.
  const signed = type === "byte" ? numbers.map((number) => (number << 24) >> 24) : numbers;
  return numbersText(signed, type === "float");
}

/** The library makes one character of each byte; the bytes are UTF-8 as a rule. */
function decodeLatin(text: string): string {
  return decodeText(Buffer.from(text, "latin1"));
}

function levels(layout: Layout, variables: ReadonlyMap<string, Variable>): number {
  for (const name of verticalNames) {
    const [dimension, ...others] = variables.get(name)?.dimensions ?? [];
    const found = dimension === undefined ? undefined : layout.dimensions[dimension];
    if (found?.name === name && others.length === 0) return sizeOf(layout, dimension ?? -1);
  }
  return 1;
}

function sizeOf({ dimensions, recordDimension }: Layout, dimension: number): number {
  return dimension === recordDimension.id ? recordDimension.length : (dimensions[dimension]?.size ?? 1);
}

const readers = {
  byte: { size: 1, read: (bytes: Buffer) => bytes.readInt8(0) },
  short: { size: 2, read: (bytes: Buffer) => bytes.readInt16BE(0) },
  int: { size: 4, read: (bytes: Buffer) => bytes.readInt32BE(0) },
  float: { size: 4, read: (bytes: Buffer) => bytes.readFloatBE(0) },
  double: { size: 8, read: (bytes: Buffer) => bytes.readDoubleBE(0) },
} as const;

function timeEnds(
  layout: Layout,
  { coordinate, descriptor }: { readonly coordinate: Variable; readonly descriptor: number },
): { readonly first: number; readonly last: number } | undefined {
  const reader = readers[coordinate.type as keyof typeof readers] as (typeof readers)["int"] | undefined;
  const [dimension] = coordinate.dimensions;
  const count = dimension === undefined ? 1 : sizeOf(layout, dimension);
  if (reader === undefined || coordinate.dimensions.length > 1 || count === 0) return undefined;
  if (count === unlimitedCount) return undefined;
  const step = coordinate.record ? (layout.recordDimension.recordStep ?? 0) : reader.size;
  const valueAt = (index: number): number => {
    const bytes = Buffer.alloc(reader.size);
    const got = readSync(descriptor, bytes, 0, reader.size, coordinate.offset + index * step);
    return got === reader.size ? reader.read(bytes) : Number.NaN;
  };
  return { first: valueAt(0), last: valueAt(count - 1) };
}
