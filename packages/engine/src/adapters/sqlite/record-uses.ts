import type { Rid } from "../../core/identity/rid.ts";
import type { Column } from "../../core/records/column.ts";
import type { RecordUse } from "../../ports/record-removal.ts";
import type { Connection } from "./connection.ts";
import { blocksOf, ridNumber, ridText } from "./rids.ts";
import { storedJson } from "./row-values.ts";
import type { FeatureRow, RecordTypeRow } from "./schema.ts";

/** A record that is to go, with the numbers of everything that goes with it. */
interface Doomed {
  /** Its RID, for messages. */
  readonly of: string;
  readonly ranges: readonly NumberRange[];
}

interface NumberRange {
  readonly first: number;
  readonly last: number;
}

interface UserRow {
  readonly id: number;
}

/** What depends on executions that are to go together. */
export function usesOfExecutions(connection: Connection, together: readonly number[]): readonly RecordUse[] {
  const doomed = together.map((execution) => ({
    execution,
    of: ridText(execution),
    ranges: blocksOf(execution),
  }));
  const others = JSON.stringify(together);
  return [
    ...doomed.flatMap((each) => [
      ...usesOfExecution(connection, { ...each, others }),
      ...usesOfNumbers(connection, { doomed: each, others }),
    ]),
    ...columnUses(connection, { doomed, others }),
  ];
}

function usesOfExecution(
  connection: Connection,
  { execution, of, others }: { readonly execution: number; readonly of: string; readonly others: string },
): readonly RecordUse[] {
  const notTogether = "not in (select value from json_each(?2))";
  const uses = (as: string, sql: string): readonly RecordUse[] =>
    connection.all<UserRow>(sql, execution, others).map(({ id }) => ({ of, as, by: ridText(id) }));
  return [
    ...uses(
      "made an input of execution",
      `select distinct execution_asset.execution_id as id from asset
       join execution_asset on asset_id = asset.id and role = 'Input'
       where made_by = ?1 and execution_asset.execution_id ${notTogether} order by id`,
    ),
    ...uses(
      "holds the file of asset",
      `select distinct other.id from asset as own join asset as other on other.sha256 = own.sha256
       where own.made_by = ?1 and own.sha256 <> '' and own.url like 'results:%' and other.url = own.url
       and (other.made_by is null or other.made_by ${notTogether}) order by other.id`,
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
  ];
}

/** What depends on a record that is to go, beside executions that have it as input. */
export function usesOfRecord(connection: Connection, number: number): readonly RecordUse[] {
  const doomed = { of: ridText(number), ranges: [{ first: number, last: number }] };
  const others = "[]";
  return [
    ...usesOfNumbers(connection, { doomed, others }),
    ...columnUses(connection, { doomed: [doomed], others }),
  ];
}

/** Members of datasets and targets of features. */
function usesOfNumbers(
  connection: Connection,
  { doomed: { of, ranges }, others }: { readonly doomed: Doomed; readonly others: string },
): readonly RecordUse[] {
  const inRange = (column: string): string =>
    ranges.map(({ first, last }) => `${column} between ${first} and ${last}`).join(" or ");
  const found = (as: string, sql: string): readonly RecordUse[] =>
    connection.all<UserRow>(sql, others).map(({ id }) => ({ of, as, by: ridText(id) }));
  // Each feature's targets are in order: one search for each feature and range, and not a look at every value.
  const targets = ranges
    .map(
      ({ first, last }) =>
        `select execution_id as id from feature cross join feature_record
         on feature_id = feature.id and target_id between ${first} and ${last}`,
    )
    .join(" union ");
  return [
    ...found(
      "is, or made, a member of dataset",
      `select distinct dataset_id as id from dataset_member join authored_dataset on authored_dataset.id = dataset_id
       where (${inRange("member_id")}) and (made_by is null or made_by not in (select value from json_each(?1)))
       order by id`,
    ),
    ...found(
      "is, or made, the target of features of execution",
      `select id from (${targets}) where id not in (select value from json_each(?1)) order by id`,
    ),
  ];
}

/** Features and records of other executions that hold the RID of one of the records in a column: each table is read once. */
function columnUses(
  connection: Connection,
  { doomed, others }: { readonly doomed: readonly Doomed[]; readonly others: string },
): readonly RecordUse[] {
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
        .all<{ held: Rid | null; execution: number }>(
          `select distinct json_extract(body, ?) as held, execution_id as execution from ${table}
           where ${key} = ? and execution_id not in (select value from json_each(?))`,
          `$.${JSON.stringify(column)}`,
          id,
          others,
        )
        .flatMap(({ held, execution }) => {
          const one = held === null ? undefined : holding(doomed, ridNumber(held));
          const as = `is, or made, what the column ${column} of ${name} holds in execution`;
          return one === undefined ? [] : [{ of: one.of, as, by: ridText(execution) }];
        }),
    ),
  );
}

function holding(doomed: readonly Doomed[], number: number): Doomed | undefined {
  return doomed.find(({ ranges }) => ranges.some(({ first, last }) => number >= first && number <= last));
}

/** Names of columns that hold other records. */
function referring(stored: string): readonly string[] {
  return storedJson<readonly Column[]>(stored).flatMap(({ holds, name }) =>
    holds === "asset" || holds === "record" || holds === "dataset" ? [name] : [],
  );
}
