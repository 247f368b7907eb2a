/** An attribute of a NetCDF-3 file: text, or doubles. */
type Attribute = string | readonly number[];

/** What a small NetCDF-3 file holds; each variable has doubles. */
export interface Netcdf3Content {
  /** 1: classic, 2: 64-bit offset, 5: CDF-5 (its first four bytes only). */
  readonly version: 1 | 2 | 5;
  /** Dimension → size, 0 for the record dimension. */
  readonly dimensions: Readonly<Record<string, number>>;
  /** Number of records. */
  readonly records?: number;
  readonly attributes: Readonly<Record<string, Attribute>>;
  readonly variables: readonly {
    readonly name: string;
    readonly dimensions: readonly string[];
    readonly attributes: Readonly<Record<string, Attribute>>;
    readonly values: readonly number[];
  }[];
}

/**
 * Bytes of a NetCDF-3 file, for tests of reading.
 * @source netCDF classic format specification, appendix of the netCDF C documentation
 */
export function netcdf3Bytes(content: Netcdf3Content): Buffer {
  const sizes = content.variables.map((variable) => bytesPerRecord(content, variable.dimensions));
  const headLength = head(
    content,
    sizes.map(() => 0),
  ).length;
  const isRecord = content.variables.map(({ dimensions }) => content.dimensions[dimensions[0] ?? ""] === 0);
  let at = headLength;
  const offsets = sizes.map(() => 0);
  for (const records of [false, true])
    sizes.forEach((size, index) => {
      if (isRecord[index] !== records) return;
      offsets[index] = at;
      at += size;
    });
  const step = sizes.reduce((sum, size, index) => sum + (isRecord[index] === true ? size : 0), 0);
  const total =
    at + step * Math.max(0, (content.records ?? 0) - 1) - ((content.records ?? 0) === 0 ? step : 0);
  const bytes = Buffer.alloc(total);
  head(content, offsets).copy(bytes);
  content.variables.forEach(({ values }, index) => {
    const perRecord = (sizes[index] ?? 8) / 8;
    values.forEach((value, position) => {
      const record = isRecord[index] === true ? Math.floor(position / perRecord) : 0;
      const within = isRecord[index] === true ? position % perRecord : position;
      bytes.writeDoubleBE(value, (offsets[index] ?? 0) + record * step + within * 8);
    });
  });
  return bytes;
}

function bytesPerRecord({ dimensions }: Netcdf3Content, names: readonly string[]): number {
  return names.reduce((product, name) => product * (dimensions[name] || 1), 8);
}

function head(content: Netcdf3Content, offsets: readonly number[]): Buffer {
  const names = Object.keys(content.dimensions);
  const dimensions = Object.entries(content.dimensions).map(([name, size]) => [text(name), int(size)].flat());
  const variables = content.variables.map((variable, index) => [
    text(variable.name),
    int(variable.dimensions.length),
    ...variable.dimensions.map((name) => int(names.indexOf(name))),
    attributeList(variable.attributes),
    int(6),
    int(bytesPerRecord(content, variable.dimensions)),
    ...(content.version === 2 ? [int(0)] : []),
    int(offsets[index] ?? 0),
  ]);
  return Buffer.concat([
    Buffer.from([0x43, 0x44, 0x46, content.version]),
    int(content.records ?? 0),
    list(10, dimensions),
    attributeList(content.attributes),
    list(11, variables),
  ]);
}

function attributeList(attributes: Readonly<Record<string, Attribute>>): Buffer {
  const items = Object.entries(attributes).map(([name, value]) =>
    typeof value === "string" ? [text(name), int(2), text(value)] : [text(name), int(6), doubles(value)],
  );
  return list(12, items);
}

function list(tag: number, items: readonly (readonly Buffer[])[]): Buffer {
  return items.length === 0
    ? Buffer.concat([int(0), int(0)])
    : Buffer.concat([int(tag), int(items.length), ...items.flat()]);
}

function int(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
}

function text(value: string): Buffer {
  const bytes = Buffer.from(value);
  return Buffer.concat([int(bytes.length), bytes, Buffer.alloc((4 - (bytes.length % 4)) % 4)]);
}

function doubles(values: readonly number[]): Buffer {
  const bytes = Buffer.alloc(values.length * 8);
  values.forEach((value, index) => {
    bytes.writeDoubleBE(value, index * 8);
  });
  return Buffer.concat([int(values.length), bytes]);
}
