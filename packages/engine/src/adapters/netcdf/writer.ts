import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { AlmanacError } from "../../core/errors.ts";
import { type Hdf5, loadHdf5 } from "./hdf5.ts";
import { clearObjectTimes } from "./hdf5-times.ts";
import type { Attributes, AttributeValue } from "./raw-file.ts";

/** What missing values are written as in floating-point variables. */
export const fillValue = 1e20;

/** One variable to be written. */
export interface VariableToWrite {
  readonly name: string;
  /** Names of dimensions, slowest first; none: a single number. */
  readonly dimensions: readonly string[];
  /** Row-major; NaN is written as `fillValue`. @shape product of the dimensions' sizes */
  readonly data: Float64Array | Int32Array;
  /** Storage; default `float64`, for integers `int32`. */
  readonly type?: "float32" | "float64";
  readonly attributes: Attributes;
}

/** A whole file to be written. */
export interface NetcdfContent {
  /** Dimension → size. */
  readonly dimensions: Readonly<Record<string, number>>;
  /** Dimension that may grow. */
  readonly unlimited?: string;
  /** In order. A one-dimensional variable named like its dimension is the coordinate. */
  readonly variables: readonly VariableToWrite[];
  /** Global attributes. `Conventions` is `CF-1.11` unless given. No time stamp is added. */
  readonly attributes: Attributes;
}

type Hdf5Dataset = InstanceType<Hdf5["Dataset"]>;

/**
 * Writes a NetCDF-4 file that netCDF readers open: dimension scales, fixed-length text, `_FillValue`. Equal content gives equal
 * bytes. An existing file is replaced.
 * @throws ARTIFACT_INVALID when a variable's data do not fit its dimensions
 */
export async function writeNetcdf(path: string, content: NetcdfContent): Promise<void> {
  for (const variable of content.variables) requireShape(content, variable);
  const hdf5 = await loadHdf5();
  rmSync(path, { force: true });
  const file = new hdf5.File(path, "w");
  try {
    for (const [name, value] of Object.entries({ Conventions: "CF-1.11", ...content.attributes }))
      writeAttribute(file, { name, value });
    writeVariables(file, content);
  } finally {
    file.close();
  }
  const bytes = readFileSync(path);
  clearObjectTimes(bytes);
  writeFileSync(path, bytes);
}

function requireShape({ dimensions }: NetcdfContent, variable: VariableToWrite): void {
  const expected = variable.dimensions.reduce(
    (product, name) => product * (dimensions[name] ?? Number.NaN),
    1,
  );
  if (expected !== variable.data.length)
    throw new AlmanacError(
      "ARTIFACT_INVALID",
      `${variable.name} has ${variable.data.length} values for (${variable.dimensions.join(", ")})`,
      { facts: { dimensions, variable: variable.name } },
    );
}

function writeVariables(file: InstanceType<Hdf5["File"]>, content: NetcdfContent): void {
  const written = content.variables.map((variable) => ({
    variable,
    dataset: writeData(file, { content, variable }),
  }));
  const coordinates = new Set(content.variables.filter(isCoordinate).map(({ name }) => name));
  for (const [name, size] of Object.entries(content.dimensions)) {
    if (coordinates.has(name)) continue;
    const bare = file.create_dataset({ name, data: new Float32Array(size) });
    bare.make_scale(`This is a netCDF dimension but not a netCDF variable.${String(size).padStart(10)}`);
  }
  for (const { variable, dataset } of written) if (isCoordinate(variable)) dataset.make_scale(variable.name);
  for (const { variable, dataset } of written)
    for (const [axis, dimension] of variable.dimensions.entries())
      if (!isCoordinate(variable)) dataset.attach_scale(axis, `/${dimension}`);
}

function isCoordinate({ name, dimensions }: VariableToWrite): boolean {
  return dimensions.length === 1 && dimensions[0] === name;
}

function writeData(
  file: InstanceType<Hdf5["File"]>,
  { content, variable }: { readonly content: NetcdfContent; readonly variable: VariableToWrite },
): Hdf5Dataset {
  const shape = variable.dimensions.map((name) => content.dimensions[name] ?? 0);
  const unlimited = content.unlimited !== undefined && variable.dimensions.includes(content.unlimited);
  const stored = storedNumbers(variable);
  const dataset = file.create_dataset({
    name: variable.name,
    data: stored,
    shape,
    ...(unlimited
      ? {
          maxshape: variable.dimensions.map((name, axis) =>
            name === content.unlimited ? null : (shape[axis] ?? 0),
          ),
          chunks: shape.map((size) => Math.max(1, size)),
        }
      : {}),
  });
  for (const [name, value] of Object.entries(variable.attributes)) writeAttribute(dataset, { name, value });
  if (!(stored instanceof Int32Array) && !isCoordinate(variable))
    dataset.create_attribute(
      "_FillValue",
      stored instanceof Float32Array ? Float32Array.of(fillValue) : Float64Array.of(fillValue),
    );
  return dataset;
}

function storedNumbers({ data, type }: VariableToWrite): Float32Array | Float64Array | Int32Array {
  if (data instanceof Int32Array) return data;
  const filled = data.map((value) => (Number.isNaN(value) ? fillValue : value));
  return type === "float32" ? Float32Array.from(filled) : filled;
}

function writeAttribute(
  target: Pick<Hdf5Dataset, "create_attribute">,
  { name, value }: { readonly name: string; readonly value: AttributeValue },
): void {
  if (typeof value === "string") return writeText(target, { name, texts: [value], shape: [] });
  if (typeof value === "number") return target.create_attribute(name, numbersOf([value]));
  const texts = value.filter((item) => typeof item === "string");
  if (texts.length > 0) return writeText(target, { name, texts, shape: [texts.length] });
  target.create_attribute(name, numbersOf(value.filter((item) => typeof item === "number")));
}

function writeText(
  target: Pick<Hdf5Dataset, "create_attribute">,
  {
    name,
    texts,
    shape,
  }: { readonly name: string; readonly texts: readonly string[]; readonly shape: number[] },
): void {
  const size = Math.max(1, ...texts.map((text) => Buffer.byteLength(text)));
  const data = shape.length === 0 ? (texts[0] ?? "") : [...texts];
  target.create_attribute(name, data, shape, `S${size}`);
}

function numbersOf(values: readonly number[]): Int32Array | Float64Array {
  const whole = values.every((value) => Number.isInteger(value) && Math.abs(value) < 2 ** 31);
  return whole ? Int32Array.from(values) : Float64Array.from(values);
}
