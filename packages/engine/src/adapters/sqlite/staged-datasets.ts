import { AlmanacError, isAlmanacError } from "../../core/errors.ts";
import type { Rid } from "../../core/identity/rid.ts";
import type { AllowedRecords } from "../../core/records/allowed-records.ts";
import type { StagedRecord } from "../../core/records/record-type.ts";
import { datasetTypeVocabulary } from "../../core/records/stage-datasets.ts";
import type {
  StagedDataset,
  StagedDatasets,
  StagedFile,
  StagedMember,
} from "../../core/records/staged-dataset.ts";
import type { NewMember } from "../../ports/dataset-authoring.ts";
import { linkAsset } from "./asset-rows.ts";
import type { Connection } from "./connection.ts";
import { createDatasets } from "./dataset-create.ts";
import { datasetNumber, lastAssetNumber, recordNumber, ridText } from "./rids.ts";
import { takeOverVocabulary } from "./staged-publish.ts";

/** The datasets that an execution staged, as its results folder says. */
export interface StagedDatasetRows {
  readonly execution: number;
  readonly staged: StagedDatasets;
  /** Rows of its record tables, in their order. */
  readonly records: readonly StagedRecord[];
  readonly allowed: AllowedRecords | undefined;
  /** Number of the asset that a file of the execution became. */
  readonly assetOf: (path: string) => number | undefined;
  /** When the datasets were made: the same at every publication. */
  readonly at: string;
  readonly isReplay: boolean;
}

/**
 * Makes the datasets that an execution staged and releases those that are no drafts. Their RIDs follow from the
 * execution's; one that is there already stays as it is, with what was changed and released since. Call it inside the
 * transaction that publishes, after assets and records are stored.
 * @throws DATASET_REFUSED naming what the datasets name and the catalog does not have
 */
export function publishDatasets(connection: Connection, rows: StagedDatasetRows): void {
  const { execution, staged, allowed } = rows;
  if (staged.datasets.length === 0) return;
  const types = allowed?.vocabularies.find(({ name }) => name === datasetTypeVocabulary);
  if (types !== undefined && rows.isReplay) takeOverVocabulary(connection, types);
  staged.files.forEach((file, position) => {
    insertFile(connection, file, { execution, id: lastAssetNumber(execution, position) });
  });
  const context: MemberContext = { ...rows, recordAt: recordPositions(rows.records) };
  staged.datasets.forEach((dataset, position) => {
    const id = datasetNumber(execution, position);
    if (connection.get("select 1 from dataset where id = ?", id) !== undefined) return;
    connection.run("insert into record (id, kind) values (?, 'dataset') on conflict do nothing", id);
    refusing(dataset, context, () => createStaged(connection, { dataset, id, context }));
  });
}

interface MemberContext extends StagedDatasetRows {
  /** Position among all rows of the execution of a row of one table. */
  readonly recordAt: (type: string, row: number) => number | undefined;
}

function createStaged(
  connection: Connection,
  {
    dataset: { draft, members, version, notes, ...dataset },
    id,
    context,
  }: { readonly dataset: StagedDataset; readonly id: number; readonly context: MemberContext },
): void {
  const release = {
    ...(version === undefined ? {} : { version }),
    ...(notes === undefined ? {} : { notes }),
  };
  createDatasets(
    connection,
    [
      {
        ...dataset,
        members: members.map((member) => memberOf(member, context)),
        madeBy: ridText(context.execution),
        at: context.at,
        ...(draft ? {} : { release }),
      },
    ],
    () => id,
  );
}

function memberOf(member: StagedMember, context: MemberContext): NewMember {
  const place = member.path === undefined ? {} : { path: member.path };
  if ("rid" in member)
    return {
      rid: member.rid as Rid,
      ...(member.version === undefined ? {} : { version: member.version }),
      ...place,
    };
  return { rid: ridText(numberOf(member, context)), ...place };
}

function numberOf(member: Exclude<StagedMember, { rid: string }>, context: MemberContext): number {
  const { execution, staged, assetOf, recordAt } = context;
  if ("dataset" in member) return datasetNumber(execution, member.dataset);
  if ("file" in member) return assetOf(member.file) ?? missing(`the file ${member.file} was not registered`);
  if ("added" in member)
    return member.added < staged.files.length
      ? lastAssetNumber(execution, member.added)
      : missing(`there is no file ${member.added + 1} from elsewhere`);
  const position = recordAt(member.recordType, member.row);
  if (position === undefined)
    return missing(`the table of ${member.recordType} has no row ${member.row}, counted from 0`);
  return recordNumber(execution, position);
}

function missing(why: string): never {
  throw new AlmanacError("UNKNOWN_NAME", why);
}

function recordPositions(records: readonly StagedRecord[]): MemberContext["recordAt"] {
  const tables = new Map<string, number[]>();
  records.forEach(({ type }, position) => {
    const rows = tables.get(type);
    if (rows === undefined) tables.set(type, [position]);
    else rows.push(position);
  });
  return (type, row) => tables.get(type)?.[row];
}

/** A dataset that the catalog refuses is wrong about the results, not about a command. */
// allow-parameters: what is made, for whom, and how
function refusing(dataset: StagedDataset, { execution, isReplay }: MemberContext, make: () => void): void {
  try {
    make();
  } catch (error) {
    if (!isAlmanacError(error, "UNKNOWN_NAME", "USAGE", "RELEASE_REFUSED", "NESTING_INVALID")) throw error;
    const rid = ridText(execution);
    throw new AlmanacError(
      "DATASET_REFUSED",
      `execution ${rid} has staged a dataset${dataset.name === undefined ? "" : ` ${dataset.name}`} that cannot be stored: ${error.message}`,
      {
        hint: `almanac executions ${isReplay ? "ingest" : `reingest ${rid}`}, once what is missing is there`,
        facts: { execution: rid, ...error.facts },
        cause: error,
      },
    );
  }
}

const upsert = `insert into asset
  (id, kind, file_name, size_bytes, sha256, md5, url, types, metadata, description, made_by)
  values (?, 'file', ?, ?, ?, ?, ?, '["file"]', '{}', '', ?)
  on conflict (id) do update set file_name = excluded.file_name, size_bytes = excluded.size_bytes,
  sha256 = excluded.sha256, md5 = excluded.md5, url = excluded.url`;

/** Makes an asset of a file from elsewhere; its RID counts from the end of the execution's block. */
// allow-parameters: where, what and as what
function insertFile(
  connection: Connection,
  { fileName, sizeBytes, sha256 = "", md5, url }: StagedFile,
  { execution, id }: { readonly execution: number; readonly id: number },
): void {
  connection.run(upsert, id, fileName, sizeBytes, sha256, md5 ?? null, url, execution);
  linkAsset(connection, { execution, asset: id, role: "Output" });
}
