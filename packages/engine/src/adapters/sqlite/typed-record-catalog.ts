import type { Rid } from "../../core/identity/rid.ts";
import { type RecordType, requireRecordType, type TypedRecord } from "../../core/records/record-type.ts";
import type { TypedRecordCatalog } from "../../ports/typed-record-catalog.ts";
import type { Connection } from "./connection.ts";
import { noLimit } from "./queries.ts";
import {
  declareRecordType,
  recordTypeOf,
  requireNamed,
  requireRecordTypeRow,
} from "./record-declarations.ts";
import { ridNumber, ridText } from "./rids.ts";
import { storedJson } from "./row-values.ts";
import type { RecordTypeRow, TypedRecordRow } from "./schema.ts";

/** Record types and their rows in SQLite. */
export class SqliteTypedRecordCatalog implements TypedRecordCatalog {
  readonly #connection: Connection;

  constructor(connection: Connection) {
    this.#connection = connection;
  }

  async types(): Promise<readonly RecordType[]> {
    return this.#connection.all<RecordTypeRow>("select * from record_type order by name").map(recordTypeOf);
  }

  async define(type: RecordType): Promise<void> {
    requireRecordType(type);
    await this.#connection.write("catalog.record", () => {
      // A record may refer to others of its own type.
      const foreign = type.columns.filter(
        (column) => column.holds !== "record" || column.recordType !== type.name,
      );
      requireNamed(this.#connection, foreign);
      declareRecordType(this.#connection, type);
    });
  }

  async record(rid: Rid): Promise<TypedRecord | undefined> {
    const row = this.#connection.get<TypedRecordRow & { name: string }>(
      `select typed_record.*, name from typed_record join record_type on record_type.id = type_id
       where typed_record.id = ?`,
      ridNumber(rid),
    );
    return row && recordOf(row, row.name);
  }

  async list({
    type,
    offset = 0,
    limit = noLimit,
  }: {
    readonly type: string;
    readonly offset?: number;
    readonly limit?: number;
  }): Promise<{ readonly items: readonly TypedRecord[]; readonly total: number }> {
    return this.#connection.read(() => {
      const { id, name } = requireRecordTypeRow(this.#connection, type);
      const rows = this.#connection.all<TypedRecordRow>(
        "select * from typed_record where type_id = ? order by id limit ? offset ?",
        id,
        limit,
        offset,
      );
      const count = this.#connection.get<{ total: number }>(
        "select count(*) as total from typed_record where type_id = ?",
        id,
      );
      return { items: rows.map((row) => recordOf(row, name)), total: count?.total ?? 0 };
    });
  }
}

function recordOf({ id, execution_id, body }: TypedRecordRow, type: string): TypedRecord {
  return {
    rid: ridText(id),
    type,
    execution: ridText(execution_id),
    values: storedJson<TypedRecord["values"]>(body),
  };
}
