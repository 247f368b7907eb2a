import type { Column } from "../../core/records/column.ts";
import type { RecordUse } from "../../ports/record-removal.ts";
import type { Connection } from "./connection.ts";
import { blocksOf, ridNumber, ridText } from "./rids.ts";
import { storedJson } from "./row-values.ts";
import type { FeatureRow, RecordTypeRow } from "./schema.ts";

/** Records that are to go: numbers, and blocks of numbers that follow from executions. */
interface Doomed {
  /** RIDs of what is deleted, for messages. */
  readonly of: string;
  readonly number?: number;
  /** The execution that is to go. */
  readonly execution?: number;
  /** All executions that are to go with it. */
  readonly together: readonly number[];
}

interface UserRow {
  readonly id: number;
}

/** What depends on an execution that is to go. */
export function usesOfExecution(
  connection: Connection,
  { execution, together }: { readonly execution: number; readonly together: readonly number[] },
): readonly RecordUse[] {
  const doomed: Doomed = { of: ridText(execution), execution, together };
  const others = JSON.stringify(together);
  const notTogether = "not in (select value from json_each(?2))";
  const rows = (sql: string): readonly UserRow[] => connection.all<UserRow>(sql, execution, others);
  const uses = (as: string, sql: string): readonly RecordUse[] =>
    rows(sql).map(({ id }) => ({ of: doomed.of, as, by: ridText(id) }));
  return [
    ...uses(
      "made an input of execution",
      `select distinct execution_asset.execution_id as id from asset
       join execution_asset on asset_id = asset.id and role = 'Input'
       where made_by = ?1 and execution_asset.execution_id ${notTogether} order by id`,
    ),
    ...uses(
      "is part of execution",
      `select parent_id as id from execution_nesting where child_id = ?1 and parent_id ${notTogether} order by id`,
    ),
    ...uses(
      "has a part, execution",
      `select child_id as id from execution_nesting where parent_id = ?1 and child_id ${notTogether} order by id`,
    ),
    ...uses(
      "made dataset",
      "select id from authored_dataset where made_by = ?1 and ?2 is not null order by id",
    ),
    ...uses(
      "released a version of dataset",
      `select distinct dataset_id as id from dataset_version join authored_dataset on authored_dataset.id = dataset_id
       where dataset_version.made_by = ?1 and authored_dataset.made_by is not ?1 and ?2 is not null order by id`,
    ),
    ...usesOfNumbers(connection, doomed),
  ];
}

/** What depends on a record that is to go, beside executions that have it as input. */
export function usesOfRecord(connection: Connection, number: number): readonly RecordUse[] {
  return usesOfNumbers(connection, { of: ridText(number), number, together: [] });
}

/** Members of datasets, targets of features, and columns that hold one of the records. */
function usesOfNumbers(connection: Connection, doomed: Doomed): readonly RecordUse[] {
  const blocks = doomed.execution === undefined ? [] : blocksOf(doomed.execution);
  const own = doomed.number === undefined ? [] : [{ first: doomed.number, last: doomed.number }];
  const ranges = [...own, ...blocks];
  const others = JSON.stringify(doomed.together);
  const inRange = (column: string): string =>
    ranges.map(({ first, last }) => `${column} between ${first} and ${last}`).join(" or ");
  const found = (as: string, sql: string): readonly RecordUse[] =>
    connection.all<UserRow>(sql, others).map(({ id }) => ({ of: doomed.of, as, by: ridText(id) }));
  return [
    ...found(
      "is, or made, a member of dataset",
      `select distinct dataset_id as id from dataset_member join authored_dataset on authored_dataset.id = dataset_id
       where (${inRange("member_id")}) and (made_by is null or made_by not in (select value from json_each(?1)))
       order by id`,
    ),
    ...found(
      "is, or made, the target of features of execution",
      `select distinct execution_id as id from feature_record
       where (${inRange("target_id")}) and execution_id not in (select value from json_each(?1)) order by id`,
    ),
    ...columnUses(connection, {
      doomed,
      isDoomed: (number) => ranges.some(({ first, last }) => number >= first && number <= last),
    }),
  ];
}

/** Features and records of other executions that hold the RID of one of the records in a column. */
function columnUses(
  connection: Connection,
  { doomed, isDoomed }: { readonly doomed: Doomed; readonly isDoomed: (number: number) => boolean },
): readonly RecordUse[] {
  const others = JSON.stringify(doomed.together);
  const tables = [
    ...connection
      .all<FeatureRow>("select * from feature order by id")
      .map(({ id, columns, name }) => ({ table: "feature_record", key: "feature_id", id, columns, name })),
    ...connection
      .all<RecordTypeRow>("select * from record_type order by id")
      .map(({ id, columns, name }) => ({ table: "typed_record", key: "type_id", id, columns, name })),
  ];
  return tables.flatMap(({ table, key, id, columns, name }) =>
    referring(columns).flatMap((column) =>
      connection
        .all<{ held: string | null; execution: number }>(
          `select distinct json_extract(body, ?) as held, execution_id as execution from ${table}
           where ${key} = ? and execution_id not in (select value from json_each(?))`,
          `$.${JSON.stringify(column)}`,
          id,
          others,
        )
        .filter(({ held }) => held !== null && isDoomed(ridNumber(held as Parameters<typeof ridNumber>[0])))
        .map(({ execution }) => ({
          of: doomed.of,
          as: `is, or made, what the column ${column} of ${name} holds in execution`,
          by: ridText(execution),
        })),
    ),
  );
}

/** Names of columns that hold other records. */
function referring(stored: string): readonly string[] {
  return storedJson<readonly Column[]>(stored).flatMap(({ holds, name }) =>
    holds === "asset" || holds === "record" || holds === "dataset" ? [name] : [],
  );
}
