import { AlmanacError } from "../errors.ts";
import type { Rid } from "../identity/rid.ts";
import type { Json } from "../json.ts";
import { type Column, requireColumns } from "./column.ts";

/** A table of a user's own, such as subjects, sites or samples. */
export interface RecordType {
  readonly name: string;
  readonly description: string;
  readonly columns: readonly Column[];
}

/** One row of a record type. */
export interface TypedRecord {
  readonly rid: Rid;
  readonly type: string;
  /** The execution that made it. */
  readonly execution: Rid;
  readonly values: Readonly<Record<string, Json>>;
}

/** A row as an execution stages it: checked, every column there. */
export interface StagedRecord {
  readonly type: string;
  readonly values: Readonly<Record<string, Json>>;
}

/**
 * Checks a record type before it is declared.
 * @throws USAGE when its name or a column is not usable, or it has no column
 */
export function requireRecordType(type: RecordType): RecordType {
  if (!/^[A-Za-z][A-Za-z0-9_.-]*$/.test(type.name))
    throw new AlmanacError("USAGE", `"${type.name}" is no name for a record type`, {
      hint: "a letter first, then letters, digits, _ . or -",
    });
  requireColumns(`the record type ${type.name}`, type.columns);
  if (type.columns.length === 0)
    throw new AlmanacError("USAGE", `the record type ${type.name} has no columns`, {
      hint: "give at least one",
    });
  return type;
}
