import { AlmanacError } from "../errors.ts";
import type { Json } from "../json.ts";
import { parseUnits } from "../units/parse-units.ts";
import { type ColumnType, fitsColumnType } from "./asset-kind.ts";

interface ColumnFrame {
  readonly name: string;
  /** False: the value may be null. */
  readonly required: boolean;
  readonly description?: string;
}

/** A column that holds a plain value, a number with its units. */
export interface ValueColumn extends ColumnFrame {
  readonly holds: "value";
  readonly type: ColumnType;
  readonly units?: string;
}

/** A column that holds the name of a term. */
export interface TermColumn extends ColumnFrame {
  readonly holds: "term";
  readonly vocabulary: string;
}

/** A column that holds the RID of an asset, of one kind if it says so. */
export interface AssetColumn extends ColumnFrame {
  readonly holds: "asset";
  readonly assetKind?: string;
}

/** A column that holds the RID of a record of a record type; record types only. */
export interface RecordColumn extends ColumnFrame {
  readonly holds: "record";
  readonly recordType: string;
}

/** A column that holds the RID of a dataset; record types only. */
export interface DatasetColumn extends ColumnFrame {
  readonly holds: "dataset";
}

/** A column of a feature or of a record type. */
export type Column = ValueColumn | TermColumn | AssetColumn | RecordColumn | DatasetColumn;

/** A value of a column before it is published: an asset may still be a file of the execution, by its path. */
export type StagedValue = Json;

/** Names that listings use for what is not a column. */
const takenNames: readonly string[] = ["rid", "execution", "target", "feature", "workflow", "at"];

/**
 * Checks columns before they are declared.
 * @param owner what has them, for messages
 * @throws USAGE when a name is no name, is taken or comes twice, or units do not parse or have no number
 */
export function requireColumns(owner: string, columns: readonly Column[]): void {
  const seen = new Set<string>();
  for (const column of columns) {
    const { name } = column;
    const refuse = (why: string): never => {
      throw new AlmanacError("USAGE", `the column "${name}" of ${owner} ${why}`, { facts: { owner, name } });
    };
    if (!/^[A-Za-z][A-Za-z0-9_.-]*$/.test(name))
      refuse("has no usable name: a letter first, then letters, digits, _ . or -");
    if (takenNames.includes(name)) refuse(`has a name that listings use: ${takenNames.join(", ")}`);
    if (seen.has(name)) refuse("comes twice");
    seen.add(name);
    if (column.holds !== "value" || column.units === undefined) continue;
    if (column.type !== "number") refuse(`has units but holds ${column.type}`);
    parseUnits(column.units);
  }
}

/** What a staged value is checked against beside its column. */
export interface ColumnFacts {
  /** Spelling → name of every vocabulary that may be used. */
  readonly spellings: (vocabulary: string) => ReadonlyMap<string, string> | undefined;
  /** What a given text names as an asset: a file registered by this execution, or a RID; undefined if neither. */
  readonly asset: (given: Json) => StagedValue | undefined;
  /** A RID in its canonical spelling; undefined if the text is none. */
  readonly rid: (given: string) => string | undefined;
}

/** A value as it is staged, or what is wrong with it. */
export type CheckedValue = { readonly value: StagedValue } | { readonly problem: string };

/** Checks one value: a term becomes its name, an asset a path or a RID, nothing becomes null and stays so. */
export function checkColumnValue(
  column: Column,
  { given, facts }: { readonly given: Json | undefined; readonly facts: ColumnFacts },
): CheckedValue {
  if (given === undefined || given === null)
    return column.required ? { problem: `"${column.name}" is required` } : { value: null };
  switch (column.holds) {
    case "value":
      return fitsColumnType(column.type, given)
        ? { value: given }
        : wrong(column, given, `not a ${column.type}`);
    case "term":
      return checkTerm(column, given, facts);
    case "asset":
      return found(facts.asset(given), {
        ...{ column, given },
        why: "neither a registered file nor a RID",
      });
    case "record":
    case "dataset":
      return found(typeof given === "string" ? facts.rid(given) : undefined, {
        ...{ column, given },
        why: "not a RID",
      });
  }
}

function found(
  value: StagedValue | undefined,
  { column, given, why }: { readonly column: Column; readonly given: Json; readonly why: string },
): CheckedValue {
  return value === undefined ? wrong(column, given, why) : { value };
}

function checkTerm(column: TermColumn, given: Json, { spellings }: ColumnFacts): CheckedValue {
  const known = spellings(column.vocabulary);
  const name = typeof given === "string" ? known?.get(given) : undefined;
  return name === undefined ? wrong(column, given, `not a term of ${column.vocabulary}`) : { value: name };
}

function wrong({ name }: Column, given: Json, why: string): { readonly problem: string } {
  const shown = typeof given === "number" ? String(given) : JSON.stringify(given);
  return { problem: `"${name}" is ${shown}, ${why}` };
}
