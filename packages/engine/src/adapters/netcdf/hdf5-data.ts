import { AlmanacError } from "../../core/errors.ts";
import { type Hdf5, loadHdf5 } from "./hdf5.ts";
import type {
  Attributes,
  AttributeValue,
  Hyperslab,
  NetcdfVariable,
  RawFile,
  StoredType,
} from "./raw-file.ts";

type Hdf5File = InstanceType<Hdf5["File"]>;
type Hdf5Dataset = InstanceType<Hdf5["Dataset"]>;

// Attributes by which HDF5 keeps dimension scales and netCDF its book; they belong to no variable.
const bookkeeping: ReadonlySet<string> = new Set([
  "CLASS",
  "NAME",
  "DIMENSION_LIST",
  "REFERENCE_LIST",
  "_NCProperties",
  "_Netcdf4Coordinates",
  "_Netcdf4Dimid",
  "_nc3_strict",
]);

/**
 * Opens the root group of a NetCDF-4 file.
 * @throws FILE_INVALID when it is no readable HDF5 file
 */
export async function openHdf5Data(path: string): Promise<RawFile> {
  const hdf5 = await loadHdf5();
  try {
    return await rawFile(hdf5, path);
  } catch (error) {
    throw unreadable(path, error);
  }
}

function unreadable(path: string, error: unknown): AlmanacError {
  const said = error instanceof Error ? error.message : String(error);
  return new AlmanacError("FILE_INVALID", `cannot read ${path} as NetCDF-4: ${said}`, {
    facts: { path },
    cause: error,
  });
}

async function rawFile(hdf5: Hdf5, path: string): Promise<RawFile> {
  const file = new hdf5.File(path, "r");
  let open = true;
  const close = (): void => {
    if (open) file.close();
    open = false;
  };
  try {
    const datasets = readDatasets(hdf5, file);
    return {
      attributes: readAttributes(file.attrs),
      variables: new Map([...datasets].map(([name, { variable }]) => [name, variable])),
      readStored: (variable, slab) => {
        const found = datasets.get(variable.name)?.dataset;
        try {
          return readSlab(found ?? lacks(path, variable.name), slab);
        } catch (error) {
          throw unreadable(path, error);
        }
      },
      close,
    };
  } catch (error) {
    close();
    throw error;
  }
}

function lacks(path: string, name: string): never {
  throw new AlmanacError("FILE_INVALID", `${path} has no variable ${name}`, { facts: { path, name } });
}

interface Opened {
  readonly dataset: Hdf5Dataset;
  readonly variable: NetcdfVariable;
}

function readDatasets(hdf5: Hdf5, file: Hdf5File): ReadonlyMap<string, Opened> {
  const found = new Map<string, Opened>();
  for (const name of file.keys()) {
    const entity = file.get(name);
    if (!(entity instanceof hdf5.Dataset)) continue;
    const all = entity.attrs;
    // A dimension without coordinate is a dataset too; the format marks it by this sentence.
    const scaleName = all["NAME"]?.value;
    if (typeof scaleName === "string" && scaleName.startsWith("This is a netCDF dimension but")) continue;
    const attributes = readAttributes(all);
    const shape = entity.shape ?? [];
    const dimensions = shape.map((_, axis) => dimensionName(entity, { name, axis, isScale: "CLASS" in all }));
    found.set(name, {
      dataset: entity,
      variable: { name, type: storedType(entity), dimensions, shape, attributes },
    });
  }
  return found;
}

function dimensionName(
  dataset: Hdf5Dataset,
  { name, axis, isScale }: { readonly name: string; readonly axis: number; readonly isScale: boolean },
): string {
  if (isScale && axis === 0) return name;
  const [scale] = dataset.get_attached_scales(axis);
  return scale === undefined ? `${name}_${axis}` : scale.slice(scale.lastIndexOf("/") + 1);
}

function storedType(dataset: Hdf5Dataset): StoredType {
  const { type, size } = dataset.metadata;
  if (type === 1) return size === 4 ? "float32" : "float64";
  return type === 0 ? "integer" : "text";
}

function readAttributes(attributes: Hdf5File["attrs"]): Attributes {
  const read: Record<string, AttributeValue> = {};
  for (const [name, attribute] of Object.entries(attributes)) {
    const value = bookkeeping.has(name) ? undefined : attributeValue(attribute.value);
    if (value !== undefined) read[name] = value;
  }
  return read;
}

function attributeValue(value: unknown): AttributeValue | undefined {
  if (typeof value === "string") return value.replace(/\0+$/, "");
  if (typeof value === "number") return value;
  if (typeof value === "bigint") return Number(value);
  if (ArrayBuffer.isView(value) && !(value instanceof DataView)) return single(Array.from(numbers(value)));
  if (Array.isArray(value) && value.every((item) => typeof item === "string")) return single(value);
  // References, compounds and empty attributes have no meaning here.
  return undefined;
}

function single(values: readonly number[]): number | readonly number[];
function single(values: readonly string[]): string | readonly string[];
function single(values: readonly number[] | readonly string[]): AttributeValue {
  return values.length === 1 ? (values[0] ?? []) : values;
}

function numbers(view: ArrayBufferView): Float64Array {
  if (view instanceof BigInt64Array || view instanceof BigUint64Array) return Float64Array.from(view, Number);
  return Float64Array.from(view as unknown as ArrayLike<number>);
}

function readSlab(dataset: Hdf5Dataset, { start, count }: Hyperslab): Float64Array {
  if (count.includes(0)) return new Float64Array(0);
  const ranges = start.map((first, axis): [number, number] => [first, first + (count[axis] ?? 0)]);
  const values: unknown = ranges.length === 0 ? dataset.value : dataset.slice(ranges);
  if (typeof values === "number") return Float64Array.of(values);
  if (typeof values === "bigint") return Float64Array.of(Number(values));
  if (values instanceof Float64Array) return values;
  if (ArrayBuffer.isView(values)) return numbers(values);
  throw new AlmanacError("FILE_INVALID", `the variable ${dataset.path} does not hold numbers`);
}
