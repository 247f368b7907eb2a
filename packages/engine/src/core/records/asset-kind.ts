import { AlmanacError } from "../errors.ts";
import { compareCodeUnits } from "../identity/compare.ts";
import type { Json } from "../json.ts";

/** Type of a metadata column. */
export type ColumnType = "text" | "number" | "boolean" | "json";

/** One metadata column of an asset kind. */
export interface MetadataColumn {
  readonly name: string;
  readonly type: ColumnType;
  readonly required: boolean;
  readonly description?: string;
}

/** A declared family of assets with the columns that describe each of them. */
export interface AssetKind {
  readonly name: string;
  readonly description: string;
  readonly columns: readonly MetadataColumn[];
}

const fits: Readonly<Record<ColumnType, (value: Json) => boolean>> = {
  text: (value) => typeof value === "string",
  number: (value) => typeof value === "number" && Number.isFinite(value),
  boolean: (value) => typeof value === "boolean",
  json: () => true,
};

/** True if a value is of a column type; numbers must be finite. */
export function fitsColumnType(type: ColumnType, value: Json): boolean {
  return fits[type](value);
}

/**
 * What is wrong with the metadata of one asset, all of it: a column that the kind does not have, a value of another
 * type, a required one that is missing. A kind without columns takes any metadata.
 */
export function metadataProblems(
  { name: kind, columns }: AssetKind,
  metadata: Readonly<Record<string, Json>>,
): readonly string[] {
  if (columns.length === 0) return [];
  const known = new Map(columns.map((column) => [column.name, column]));
  const foreign = Object.keys(metadata)
    .filter((name) => !known.has(name))
    .sort(compareCodeUnits)
    .map((name) => `${kind} has no column "${name}": it has ${[...known.keys()].join(", ")}`);
  const wrong = columns.flatMap(({ name, type, required }) => {
    const value = metadata[name];
    if (value === undefined || value === null) return required ? [`"${name}" is required`] : [];
    return fitsColumnType(type, value) ? [] : [`"${name}" is ${JSON.stringify(value)}, not a ${type}`];
  });
  return [...foreign, ...wrong];
}

/**
 * Checks a kind before it is declared.
 * @throws USAGE when it has no usable name, or two columns of one name
 */
export function requireAssetKind(kind: AssetKind): AssetKind {
  const names = kind.columns.map(({ name }) => name);
  const twice = names.find((name, at) => names.indexOf(name) !== at);
  if (!/^[A-Za-z][A-Za-z0-9_.-]*$/.test(kind.name))
    throw new AlmanacError("USAGE", `"${kind.name}" is no name for an asset kind`, {
      hint: "a letter first, then letters, digits, _ . or -",
    });
  if (twice !== undefined)
    throw new AlmanacError("USAGE", `the asset kind ${kind.name} has two columns "${twice}"`);
  return kind;
}
