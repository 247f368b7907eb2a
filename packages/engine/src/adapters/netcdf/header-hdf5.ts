import type { FileHeader } from "../../core/catalog/source-type.ts";
import type { Hdf5Module } from "./hdf5.ts";
import { numbersOf, readAttributes } from "./header-hdf5-attributes.ts";
import { mainVariable, verticalNames } from "./header-layout.ts";
import { type TimeFacts, timeFacts } from "./header-time.ts";

/**
 * Header of a NetCDF-4 file. Only what facets need is read: the global attributes, those of the main variable and of
 * `time`, two time values and the size of the vertical coordinate; about 1 ms.
 * @throws Error of the C library when the file is damaged
 * @throws CALENDAR_INVALID when its time coordinate is not understood
 */
export function readHdf5Header(module: Hdf5Module, path: string): FileHeader {
  const file = module.open(path, module.H5F_ACC_RDONLY, false, -1, -1);
  try {
    return headerOf(module, { file, path });
  } finally {
    module.close_file(file);
  }
}

interface OpenFile {
  readonly file: bigint;
  /** The path on disk. */
  readonly path: string;
}

function headerOf(module: Hdf5Module, { file, path }: OpenFile): FileHeader {
  const names = new Set(module.get_names(file, "/", false));
  const attributes = readAttributes(module, { file, path: "/" });
  const variables: Record<string, Readonly<Record<string, string>>> = {};
  const main = mainVariable(path, { variableId: attributes["variable_id"], has: (name) => names.has(name) });
  if (main !== undefined) variables[main] = readAttributes(module, { file, path: main });
  let time: TimeFacts = {};
  if (names.has("time")) {
    const timeAttributes = readAttributes(module, { file, path: "time" });
    variables["time"] = timeAttributes;
    time = timeFacts(timeAttributes, timeEnds(module, file));
  }
  return { attributes, variables, verticalLevels: levels(module, { file, names }), ...time };
}

function levels(
  module: Hdf5Module,
  { file, names }: { readonly file: bigint; readonly names: ReadonlySet<string> },
): number {
  for (const name of verticalNames) {
    if (!names.has(name)) continue;
    const size = coordinateSize(module, file, name);
    if (size !== undefined) return size;
  }
  return 1;
}

/** Size of a dimension coordinate; undefined for a scalar, an auxiliary coordinate or a dimension without variable. */
function coordinateSize(module: Hdf5Module, file: bigint, name: string): number | undefined {
  const { shape } = module.get_dataset_metadata(file, name);
  if (shape?.length !== 1) return undefined;
  const attributes = module.get_attribute_names(file, name);
  // A variable that is only a dimension has nothing but the attributes of dimension scales, among them no units.
  const isCoordinate =
    attributes.includes("CLASS") && attributes.some((attribute) => !scaleOnly.has(attribute));
  return isCoordinate ? shape[0] : undefined;
}

const scaleOnly: ReadonlySet<string> = new Set(["CLASS", "NAME", "REFERENCE_LIST", "_Netcdf4Dimid"]);

function timeEnds(
  module: Hdf5Module,
  file: bigint,
): { readonly first: number; readonly last: number } | undefined {
  const metadata = module.get_dataset_metadata(file, "time");
  const count = metadata.total_size;
  if (metadata.shape === null || metadata.shape.length > 1 || count === 0) return undefined;
  const pointer = module._malloc(metadata.size);
  const valueAt = (index: number): number => {
    const isScalar = metadata.shape?.length === 0;
    const window = isScalar ? null : [1n];
    const offset = isScalar ? null : [BigInt(index)];
    module.get_dataset_data(file, "time", window, offset, window, BigInt(pointer));
    const bytes = module.HEAPU8.slice(pointer, pointer + metadata.size).buffer;
    const [value] = numbersOf(metadata, bytes) ?? [];
    return Number(value ?? Number.NaN);
  };
  try {
    const first = valueAt(0);
    return { first, last: count === 1 ? first : valueAt(count - 1) };
  } finally {
    module._free(pointer);
  }
}
