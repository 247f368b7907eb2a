import type { Rid } from "../core/identity/rid.ts";
import type { RecordType, TypedRecord } from "../core/records/record-type.ts";

/** Record types and their rows. */
export interface TypedRecordCatalog {
  /** In order of names. */
  types(): Promise<readonly RecordType[]>;
  /**
   * Declares a record type; an equal one is kept.
   * @throws CONFLICT when another one of this name is there; UNKNOWN_NAME for a vocabulary, asset kind or record type
   */
  define(type: RecordType): Promise<void>;
  record(rid: Rid): Promise<TypedRecord | undefined>;
  /** In the order they were made in. @throws UNKNOWN_NAME */
  list(query: {
    readonly type: string;
    readonly offset?: number;
    readonly limit?: number;
  }): Promise<{ readonly items: readonly TypedRecord[]; readonly total: number }>;
}
