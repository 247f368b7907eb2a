/** Value of an attribute: text, number, or several of them. */
export type AttributeValue = string | number | readonly number[] | readonly string[];

/** Attribute name → value. */
export type Attributes = Readonly<Record<string, AttributeValue>>;

/** How numbers are stored: decides the default fill value and how a fill value is compared. */
export type StoredType = "float32" | "float64" | "integer" | "text";

/** A variable as the file describes it. */
export interface NetcdfVariable {
  readonly name: string;
  readonly type: StoredType;
  /** Dimension names, slowest first. */
  readonly dimensions: readonly string[];
  /** @shape [nDimension] */
  readonly shape: readonly number[];
  readonly attributes: Attributes;
}

/** A part of a variable: first index and number of indices along each dimension. */
export interface Hyperslab {
  readonly start: readonly number[];
  readonly count: readonly number[];
}

/** An open file of one of the two formats; numbers come as they are stored. */
export interface RawFile {
  readonly attributes: Attributes;
  readonly variables: ReadonlyMap<string, NetcdfVariable>;
  /** Stored numbers of a part of a numeric variable, in row-major order. */
  readStored(variable: NetcdfVariable, slab: Hyperslab): Float64Array;
  /** Idempotent. */
  close(): void;
}

/** Text of an attribute, or undefined when it is absent or a number. */
export function textAttribute(attributes: Attributes, name: string): string | undefined {
  const value = attributes[name];
  return typeof value === "string" ? value : undefined;
}

/** Number of an attribute; the first of several; undefined when it is absent or text. */
export function numberAttribute(attributes: Attributes, name: string): number | undefined {
  const value = attributes[name];
  const first = typeof value === "object" ? value[0] : value;
  return typeof first === "number" ? first : undefined;
}
