import { AlmanacError } from "../../core/errors.ts";
import { elsewhereFragment } from "../../core/execution/run-fragment.ts";
import { digestOf } from "../../core/identity/digest.ts";
import type { Rid } from "../../core/identity/rid.ts";
import type { BagContents, BaggedAsset } from "../../core/provenance/bag-contents.ts";
import { isRemoteUrl } from "../../core/records/asset.ts";
import type { AssetKind } from "../../core/records/asset-kind.ts";
import { bagFilesFolderOf } from "../../core/records/bag-files.ts";
import { featureName } from "../../core/records/feature.ts";
import type { TypedRecord } from "../../core/records/record-type.ts";
import type { BagFolder, DatasetImport, ImportedDatasets } from "../../ports/dataset-import.ts";
import { findRecorded } from "./adopted-run.ts";
import { linkAsset } from "./asset-rows.ts";
import { noteRemoval } from "./bag-files.ts";
import type { Connection } from "./connection.ts";
import { importDatasets } from "./import-datasets.ts";
import { ImportNumbers } from "./import-numbers.ts";
import { declareFeature, declareRecordType } from "./record-declarations.ts";
import {
  adoptRid,
  assetNumber,
  isDerivedNumber,
  positionOf,
  recordNumber,
  resolveRid,
  ridNumber,
  ridText,
} from "./rids.ts";
import { orderedJson } from "./row-values.ts";
import { adoptRun } from "./run-record.ts";
import type { AssetKindRow, AssetRow, TypedRecordRow } from "./schema.ts";
import { takeOverVocabulary } from "./staged-publish.ts";

/** Takes over bags of other catalogs into SQLite. */
export class SqliteDatasetImport implements DatasetImport {
  readonly #connection: Connection;

  constructor(connection: Connection) {
    this.#connection = connection;
  }

  async announce(folder: string): Promise<void> {
    await this.#connection.write("catalog.record", () => noteRemoval(this.#connection, folder));
  }

  async take(contents: BagContents, folder?: BagFolder): Promise<ImportedDatasets> {
    return this.#connection.write("catalog.record", () => {
      if (folder !== undefined) requireFiles(this.#connection, contents, folder);
      return takeOver(this.#connection, contents);
    });
  }
}

/** Nothing removes files while this is looked at: the note goes in the same transaction. @throws FILE_MISSING */
// allow-parameters: where, what, and where its files are
function requireFiles(connection: Connection, { assets }: BagContents, { path, isThere }: BagFolder): void {
  const has = "select 1 from asset where sha256 = ? and url = ?";
  const gone = assets.find(({ url, sha256 }) => {
    if (isRemoteUrl(url)) return false;
    return bagFilesFolderOf(url) === path ? !isThere(url) : connection.get(has, sha256, url) === undefined;
  });
  if (gone !== undefined)
    throw new AlmanacError(
      "FILE_MISSING",
      `the file of asset ${gone.rid} was removed meanwhile: ${gone.url}`,
      {
        hint: "import the bag again",
        facts: { rid: gone.rid, url: gone.url },
      },
    );
  connection.run("delete from removal where fragment = ?", path);
}

function takeOver(connection: Connection, contents: BagContents): ImportedDatasets {
  const numbers = new ImportNumbers();
  declare(connection, contents);
  takeRuns(connection, contents, numbers);
  for (const asset of contents.assets) takeAsset(connection, asset, numbers);
  takeRecords(connection, contents, numbers);
  linkInputs(connection, contents, numbers);
  const root = importDatasets(connection, contents, numbers);
  takeFeatures(connection, contents, numbers);
  return { root, ...numbers.report() };
}

function declare(connection: Connection, { declared, kinds }: BagContents): void {
  for (const vocabulary of declared.vocabularies) takeOverVocabulary(connection, vocabulary);
  for (const kind of kinds) declareKind(connection, kind);
  for (const type of declared.recordTypes) declareRecordType(connection, type);
  for (const feature of declared.features) declareFeature(connection, feature);
}

function declareKind(connection: Connection, { name, description, columns }: AssetKind): void {
  const known = connection.get<AssetKindRow>("select * from asset_kind where name = ?", name);
  if (known === undefined)
    connection.run(
      "insert into asset_kind (name, description, columns) values (?, ?, ?)",
      ...[name, description, JSON.stringify(columns)],
    );
  else if (known.columns !== JSON.stringify(columns))
    throw conflict(`the asset kind ${name} is declared otherwise already`, {
      hint: "almanac assets kinds; import into a catalog that does not have it",
    });
}

// allow-parameters: where, what, and where it goes
function takeRuns(connection: Connection, { executions }: BagContents, numbers: ImportNumbers): void {
  for (const definition of executions) {
    const known = findRecorded(connection, definition);
    const number =
      known ??
      adoptRun(connection, {
        ...{ definition, parametersDigest: digestOf(definition.parameters), state: "published" },
        // They are linked once they are here.
        ...{ inputs: [], message: "taken over with a bag" },
      });
    if (known === undefined)
      connection.run(
        "update execution set fragment = ? where id = ?",
        ...[elsewhereFragment(ridText(number)), number],
      );
    numbers.note("executions", { rid: definition.rid, number, isNew: known === undefined });
  }
}

// allow-parameters: where, what, and where it goes
function takeAsset(connection: Connection, asset: BaggedAsset, numbers: ImportNumbers): void {
  const { rid, madeBy } = asset;
  const maker = madeBy === undefined ? undefined : numbers.get("executions", madeBy);
  const derived =
    maker !== undefined && isDerivedNumber(ridNumber(rid))
      ? assetNumber(maker, positionOf(ridNumber(rid)))
      : undefined;
  const known = derived === undefined ? knownAsset(connection, asset) : rowOf(connection, derived);
  if (known !== undefined && known.sha256 !== asset.sha256)
    throw conflict(`the asset ${ridText(known.id)} has another content here than ${rid} in the bag`, {
      hint: `almanac assets show ${ridText(known.id)}`,
    });
  const number = known?.id ?? derived ?? adoptRid(connection, { kind: "asset", rid });
  if (known === undefined) insertAsset(connection, { ...asset, number, maker });
  if (known === undefined && maker !== undefined)
    linkAsset(connection, { execution: maker, asset: number, role: "Output" });
  numbers.note("assets", { rid, number, isNew: known === undefined });
}

function rowOf(connection: Connection, id: number): AssetRow | undefined {
  return connection.get<AssetRow>("select * from asset where id = ?", id);
}

/** An asset that has the RID here or had it elsewhere, with the same content and name. */
function knownAsset(
  connection: Connection,
  { rid, sha256, fileName, kind }: BaggedAsset,
): AssetRow | undefined {
  return [...resolveRid(connection, { kind: "asset", rid }), ridNumber(rid)]
    .map((id) => rowOf(connection, id))
    .find((row) => row?.sha256 === sha256 && row.file_name === fileName && row.kind === kind);
}

function insertAsset(
  connection: Connection,
  asset: BaggedAsset & { readonly number: number; readonly maker: number | undefined },
): void {
  connection.run(
    `insert into asset (id, kind, file_name, size_bytes, sha256, url, types, metadata, description, made_by)
     values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    ...[asset.number, asset.kind, asset.fileName, asset.sizeBytes, asset.sha256, asset.url],
    ...[JSON.stringify(asset.types), orderedJson(asset.metadata), asset.description, asset.maker ?? null],
  );
}

/** Every record has its number before any refers to another. */
// allow-parameters: where, what, and where it goes
function takeRecords(connection: Connection, contents: BagContents, numbers: ImportNumbers): void {
  const found = contents.records.map((record) => {
    const number = recordPlace(record, numbers);
    const known = connection.get<TypedRecordRow>("select * from typed_record where id = ?", number);
    numbers.note("records", { rid: record.rid, number, isNew: known === undefined });
    return { record, number, known };
  });
  for (const { record, number, known } of found) {
    const { id, columns } = typeOf(connection, record.type);
    const body = JSON.stringify(numbers.values(record.values, columns));
    if (known !== undefined) requireSameBody(known.body, { body, what: `record ${ridText(number)}` });
    else
      connection.run(
        "insert into typed_record (id, type_id, execution_id, body) values (?, ?, ?, ?)",
        ...[number, id, numbers.get("executions", record.execution) ?? null, body],
      );
  }
}

function recordPlace({ rid, execution }: TypedRecord, numbers: ImportNumbers): number {
  const maker = numbers.get("executions", execution);
  if (maker !== undefined) return recordNumber(maker, positionOf(ridNumber(rid)));
  throw new AlmanacError(
    "BAG_INVALID",
    `the run ${execution}, which made the record ${rid}, is not in the bag`,
    {
      facts: { rid, execution },
    },
  );
}

function typeOf(connection: Connection, name: string) {
  const row = connection.get<{ id: number; columns: string }>(
    "select id, columns from record_type where name = ?",
    name,
  );
  if (row !== undefined) return { id: row.id, columns: JSON.parse(row.columns) };
  throw new AlmanacError("BAG_INVALID", `the record type ${name} is not in the bag`, { facts: { name } });
}

function requireSameBody(
  known: string,
  { body, what }: { readonly body: string; readonly what: string },
): void {
  if (known === body) return;
  throw conflict(`the ${what} has other values here than in the bag`, {
    hint: "import into another catalog to compare them",
  });
}

/** Inputs that are in the bag, of runs that were not here. */
// allow-parameters: where, what, and where it goes
function linkInputs(connection: Connection, { executions }: BagContents, numbers: ImportNumbers): void {
  for (const { rid, assets } of executions)
    for (const input of assets) {
      const execution = numbers.get("executions", rid);
      const asset = numbers.get("assets", input.rid);
      if (execution !== undefined && asset !== undefined)
        linkAsset(connection, { execution, asset, role: "Input" });
    }
}

// allow-parameters: where, what, and where it goes
function takeFeatures(connection: Connection, contents: BagContents, numbers: ImportNumbers): void {
  const declared = new Map(
    contents.declared.features.map((feature) => [
      featureName(feature),
      { id: declareFeature(connection, feature).id, feature },
    ]),
  );
  for (const { feature: name, target, execution, values } of contents.features) {
    const known = declared.get(name);
    const maker = numbers.get("executions", execution);
    const number = known && numbers.get(`${known.feature.target.kind}s`, target);
    if (known === undefined || maker === undefined || number === undefined) throw notInBag(name, target);
    const body = JSON.stringify(numbers.values(values, known.feature.columns));
    const row = connection.get<{ body: string }>(
      "select body from feature_record where feature_id = ? and target_id = ? and execution_id = ?",
      ...[known.id, number, maker],
    );
    if (row !== undefined) requireSameBody(row.body, { body, what: `feature ${name} of ${target}` });
    else
      connection.run(
        "insert into feature_record (feature_id, target_id, execution_id, body) values (?, ?, ?, ?)",
        ...[known.id, number, maker, body],
      );
    numbers.count("features", row === undefined);
  }
}

function notInBag(feature: string, target: Rid): AlmanacError {
  return new AlmanacError(
    "BAG_INVALID",
    `the feature ${feature}, its target ${target} or the run that made it is not in the bag`,
    { facts: { feature, target } },
  );
}

/** The error of a catalog that has something else. */
export function conflict(message: string, { hint }: { readonly hint: string }): AlmanacError {
  return new AlmanacError("CONFLICT", message, { hint });
}
