import { AlmanacError, Defect, type ErrorCode } from "../../core/errors.ts";
import { formatRid, parseRid, type Rid } from "../../core/identity/rid.ts";
import type { Connection } from "./connection.ts";

/** What a RID stands for. */
export type RecordKind =
  | "dataset"
  | "execution-group"
  | "execution"
  | "workflow"
  | "asset"
  | "vocabulary"
  | "term";

/** What else has a RID: it follows from the execution that made it. */
export type DerivedKind = "value" | "record";

/**
 * Values have RIDs too, in a range that the counter never reaches: each execution owns the block of 2^20 numbers that
 * begins at 2^52 + execution · 2^20. The RID of a value so is `400-<execution>-<position>`, and the same results give
 * the same RIDs in every catalog.
 */
const valueRange = 2 ** 52;
const numbersPerBlock = 2 ** 20;
const highestExecution = 2 ** 31;

/** So have the datasets that an execution made: 2^19 for each, in blocks that end where those of records begin. */
const datasetRange = 2 ** 50;
const datasetsPerBlock = 2 ** 19;

/** So have the rows of record types that an execution made: their blocks end where those of values begin. */
const recordRange = 2 ** 51;

/** So have the files that an execution made: their blocks begin where those of values end. */
const assetRange = valueRange + highestExecution * numbersPerBlock;

const alphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/** Counter value of a RID. @param rid in canonical form */
export function ridNumber(rid: Rid): number {
  let value = 0;
  for (const digit of rid.replaceAll("-", "")) value = value * 32 + alphabet.indexOf(digit);
  return value;
}

/** Text of a counter value read from the catalog. */
export function ridText(value: number): Rid {
  return formatRid(value);
}

/** Text of an optional counter value. */
export function optionalRid(value: number | null): Rid | undefined {
  return value === null ? undefined : formatRid(value);
}

/** A range of numbers, and what to say of an execution that needs more of it than its block holds. */
interface BlockRange {
  readonly first: number;
  readonly of: string;
  /** Numbers in a block; default: 2^20. */
  readonly size?: number;
  readonly tooMany: { readonly code: ErrorCode; readonly items: string; readonly hint: string };
}

/** Number at a position of the block that an execution owns in a range. */
function numberInBlock(range: BlockRange, { execution, position }: Place): number {
  const { code, items, hint } = range.tooMany;
  const size = range.size ?? numbersPerBlock;
  if (execution >= highestExecution)
    throw new Defect(`execution ${execution} is past the range of ${range.of} RIDs`);
  if (position >= size)
    throw new AlmanacError(code, `execution ${formatRid(execution)} has more than ${size} ${items}`, {
      hint,
    });
  return range.first + execution * size + position;
}

interface Place {
  readonly execution: number;
  readonly position: number;
}

const values: BlockRange = {
  first: valueRange,
  of: "value",
  tooMany: { code: "BUNDLE_INVALID", items: "values", hint: "store large tables as data files" },
};

const assets: BlockRange = {
  first: assetRange,
  of: "asset",
  tooMany: { code: "ARTIFACT_INVALID", items: "files", hint: "pack small files into archives" },
};

const records: BlockRange = {
  first: recordRange,
  of: "record",
  tooMany: {
    code: "FEATURE_INVALID",
    items: "rows in its record tables",
    hint: "store large tables as data files",
  },
};

const datasets: BlockRange = {
  first: datasetRange,
  of: "dataset",
  size: datasetsPerBlock,
  tooMany: { code: "DATASET_REFUSED", items: "datasets", hint: "put the members of small ones into one" },
};

/**
 * Number of one value of an execution.
 * @param position from 0, in the order of the bundles
 * @throws BUNDLE_INVALID when an execution has more values than a block holds
 */
export function valueNumber(execution: number, position: number): number {
  return numberInBlock(values, { execution, position });
}

/**
 * Number of a file that an execution made.
 * @param position from 0, in the order of its manifest
 * @throws ARTIFACT_INVALID when an execution has more files than a block holds
 */
export function assetNumber(execution: number, position: number): number {
  return numberInBlock(assets, { execution, position });
}

/**
 * Number of a file from elsewhere that an execution registered: its block is filled from the end, because a manifest
 * may still grow.
 * @param position from 0, in the order they were registered
 * @throws ARTIFACT_INVALID when an execution has more files than a block holds
 */
export function lastAssetNumber(execution: number, position: number): number {
  return numberInBlock(assets, { execution, position: numbersPerBlock - 1 - requirePosition(position) });
}

function requirePosition(position: number): number {
  if (position < numbersPerBlock / 2) return position;
  const { code, items, hint } = assets.tooMany;
  throw new AlmanacError(code, `an execution has more than ${numbersPerBlock / 2} ${items} from elsewhere`, {
    hint,
  });
}

/**
 * Number of a dataset that an execution made.
 * @param position from 0, in the order it staged them
 * @throws DATASET_REFUSED when an execution has more datasets than a block holds
 */
export function datasetNumber(execution: number, position: number): number {
  return numberInBlock(datasets, { execution, position });
}

/**
 * Number of a row of a record type that an execution made.
 * @param position from 0, over all its record tables
 * @throws FEATURE_INVALID when an execution has more rows than a block holds
 */
export function recordNumber(execution: number, position: number): number {
  return numberInBlock(records, { execution, position });
}

/** True for a RID that follows from the execution that made the record: it is the same in every catalog. */
export function isDerivedNumber(number: number): boolean {
  return number >= datasetRange;
}

/** Numbers of everything that an execution may have made: datasets, rows of record types, values, files. */
export function blocksOf(execution: number): readonly { readonly first: number; readonly last: number }[] {
  return [datasets, records, values, assets].map((range) => {
    const size = range.size ?? numbersPerBlock;
    const first = range.first + execution * size;
    return { first, last: first + size - 1 };
  });
}

/** Place of a dataset in the block of the execution that made it; undefined for one that was given a RID by the counter. */
export function datasetPosition(rid: Rid): number | undefined {
  const number = ridNumber(rid);
  return number >= datasetRange && number < recordRange ? number % datasetsPerBlock : undefined;
}

/** Place of a record in the block of the execution that made it. @param number derived */
export function positionOf(number: number): number {
  return number % numbersPerBlock;
}

/** Takes the next RID for a new record. Call it in the transaction that creates the record. */
export function takeRid(connection: Connection, kind: RecordKind): number {
  const row = connection.get<{ value: number }>(
    "update catalog_meta set value = value + 1 where name = 'rid' returning value",
  );
  if (row === undefined) throw new Defect("the catalog has no RID counter");
  connection.run("insert into record (id, kind) values (?, ?)", row.value, kind);
  return row.value;
}

/** Hands out RIDs for many records of one transaction, in which nothing else may take any. */
export interface RidRun {
  /** What is handed out next. */
  readonly next: number;
  take(kind: RecordKind): number;
  /** Writes where the counter has got to. */
  end(): void;
}

/** Begins a run of RIDs: the counter is read and written once. Call it in the transaction that creates the records. */
export function startRidRun(connection: Connection): RidRun {
  let { value } = connection.get<{ value: number }>("select value from catalog_meta where name = 'rid'") ?? {
    value: Number.NaN,
  };
  if (Number.isNaN(value)) throw new Defect("the catalog has no RID counter");
  return {
    get next() {
      return value + 1;
    },
    take: (kind) => {
      value += 1;
      connection.run("insert into record (id, kind) values (?, ?)", value, kind);
      return value;
    },
    end: () => {
      connection.run("update catalog_meta set value = ? where name = 'rid'", value);
    },
  };
}

/**
 * Numbers from here on are never taken over from other catalogs: the counter moves past what is taken over, and one number
 * near the end of its range would leave none for this catalog.
 */
const highestAdopted = highestExecution / 4;

/**
 * Takes the RID that a record had in another catalog if it is free here; else a new one, with the old as alias.
 * The counter moves past a RID so taken.
 */
export function adoptRid(
  connection: Connection,
  { kind, rid }: { readonly kind: RecordKind; readonly rid: Rid },
): number {
  const number = ridNumber(rid);
  const taken = connection.get("select 1 from record where id = ?", number);
  if (taken !== undefined || number <= 0 || number >= highestAdopted) {
    const id = takeRid(connection, kind);
    if (number > 0) connection.run("insert into rid_alias (alias, id) values (?, ?)", number, id);
    return id;
  }
  connection.run("update catalog_meta set value = max(value, ?) where name = 'rid'", number);
  connection.run("insert into record (id, kind) values (?, ?)", number, kind);
  return number;
}

/** Records of a kind that a RID stands for: the one that has it, then those that had it in another catalog. */
export function resolveRid(
  connection: Connection,
  { kind, rid }: { readonly kind: RecordKind; readonly rid: Rid },
): readonly number[] {
  return connection
    .all<{ id: number }>(
      `select id from record where id = ?1 and kind = ?2
       union all
       select record.id from rid_alias join record on record.id = rid_alias.id
       where rid_alias.alias = ?1 and kind = ?2`,
      ridNumber(rid),
      kind,
    )
    .map(({ id }) => id);
}

/**
 * What a RID stands for.
 * @param text a RID in any spelling
 * @returns undefined when no record has it
 */
export function kindOfRid(connection: Connection, text: string): RecordKind | DerivedKind | undefined {
  const rid = parseRid(text);
  if (rid === undefined) return undefined;
  const number = ridNumber(rid);
  if (number >= assetRange) return findAsset(connection, number) ? "asset" : undefined;
  if (number >= valueRange) {
    const found = connection.get("select 1 from stored_value where id = ?", number);
    return found === undefined ? undefined : "value";
  }
  if (number >= recordRange) {
    const found = connection.get("select 1 from typed_record where id = ?", number);
    return found === undefined ? undefined : "record";
  }
  const row = connection.get<{ kind: RecordKind }>(
    `select kind from record where id = ?1
     union all
     select kind from rid_alias join record on record.id = rid_alias.id where alias = ?1 limit 1`,
    number,
  );
  return row?.kind;
}

function findAsset(connection: Connection, id: number): boolean {
  return connection.get("select 1 from asset where id = ?", id) !== undefined;
}

/**
 * Takes so many RIDs in a row, for records to be made later. Call it in the transaction that promises them.
 * @returns the first
 */
export function reserveRids(connection: Connection, count: number): number {
  const row = connection.get<{ value: number }>(
    "update catalog_meta set value = value + ? where name = 'rid' returning value",
    count,
  );
  if (row === undefined) throw new Defect("the catalog has no RID counter");
  return row.value - count + 1;
}
