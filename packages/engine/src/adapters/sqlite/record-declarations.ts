import { AlmanacError } from "../../core/errors.ts";
import { compareCodeUnits } from "../../core/identity/compare.ts";
import type { Column } from "../../core/records/column.ts";
import { type FeatureDefinition, featureName, parseFeatureName } from "../../core/records/feature.ts";
import type { RecordType } from "../../core/records/record-type.ts";
import type { Connection } from "./connection.ts";
import { storedJson } from "./row-values.ts";
import type { FeatureRow, RecordTypeRow } from "./schema.ts";
import { meant, requireVocabulary } from "./term-rows.ts";

/** A feature as the core knows it. */
export function featureOf(row: FeatureRow): FeatureDefinition {
  return {
    target: { kind: row.target_kind as FeatureDefinition["target"]["kind"], name: row.target_name },
    ...{ name: row.name, description: row.description },
    columns: storedJson<readonly Column[]>(row.columns),
  };
}

/** A record type as the core knows it. */
export function recordTypeOf({ name, description, columns }: RecordTypeRow): RecordType {
  return { name, description, columns: storedJson<readonly Column[]>(columns) };
}

/** A feature by its name. */
export function findFeature(connection: Connection, text: string): FeatureRow | undefined {
  const { target, name } = parseFeatureName(text);
  return connection.get<FeatureRow>("select * from feature where target_name = ? and name = ?", target, name);
}

/**
 * A feature that must be there.
 * @throws UNKNOWN_NAME with the nearest names
 */
export function requireFeatureRow(connection: Connection, text: string): FeatureRow {
  const row = findFeature(connection, text);
  if (row !== undefined) return row;
  const known = connection
    .all<FeatureRow>("select * from feature")
    .map((each) => featureName(featureOf(each)));
  throw new AlmanacError("UNKNOWN_NAME", `there is no feature "${text}"${meant(text, known)}`, {
    hint: "almanac features list",
    facts: { feature: text },
  });
}

/** A record type by its name. */
export function findRecordType(connection: Connection, name: string): RecordTypeRow | undefined {
  return connection.get<RecordTypeRow>("select * from record_type where name = ?", name);
}

/**
 * A record type that must be there.
 * @throws UNKNOWN_NAME with the nearest names
 */
export function requireRecordTypeRow(connection: Connection, name: string): RecordTypeRow {
  const row = findRecordType(connection, name);
  if (row !== undefined) return row;
  const known = connection.all<{ name: string }>("select name from record_type").map((each) => each.name);
  throw new AlmanacError("UNKNOWN_NAME", `there is no record type "${name}"${meant(name, known)}`, {
    hint: "almanac records types",
    facts: { type: name },
  });
}

/**
 * Declares a feature; an equal one is kept. Call it inside a write transaction.
 * @throws CONFLICT when there is another one of this name
 */
export function declareFeature(connection: Connection, feature: FeatureDefinition): FeatureRow {
  const name = featureName(feature);
  const known = findFeature(connection, name);
  if (known !== undefined) {
    if (!sameText(featureOf(known), feature))
      throw declaredOtherwise(`feature ${name}`, `almanac features show ${name}`);
    return known;
  }
  connection.run(
    "insert into feature (target_kind, target_name, name, description, columns) values (?, ?, ?, ?, ?)",
    feature.target.kind,
    feature.target.name,
    feature.name,
    feature.description,
    JSON.stringify(feature.columns),
  );
  return requireFeatureRow(connection, name);
}

/**
 * Declares a record type; an equal one is kept. Call it inside a write transaction.
 * @throws CONFLICT when there is another one of this name
 */
export function declareRecordType(connection: Connection, type: RecordType): RecordTypeRow {
  const known = findRecordType(connection, type.name);
  if (known !== undefined) {
    if (!sameText(recordTypeOf(known), type))
      throw declaredOtherwise(`record type ${type.name}`, "almanac records types");
    return known;
  }
  connection.run(
    "insert into record_type (name, description, columns) values (?, ?, ?)",
    type.name,
    type.description,
    JSON.stringify(type.columns),
  );
  return requireRecordTypeRow(connection, type.name);
}

function sameText(a: FeatureDefinition | RecordType, b: FeatureDefinition | RecordType): boolean {
  const text = ({ name, description, columns }: FeatureDefinition | RecordType) =>
    JSON.stringify([
      name,
      description,
      columns.map((column) => Object.entries(column).sort(([a], [b]) => compareCodeUnits(a, b))),
    ]);
  return text(a) === text(b);
}

function declaredOtherwise(what: string, hint: string): AlmanacError {
  return new AlmanacError("CONFLICT", `the ${what} is declared otherwise already`, {
    hint: `${hint}; declare the new one under another name`,
    facts: { what },
  });
}

/**
 * Holds columns to what is declared before they are declared themselves.
 * @throws UNKNOWN_NAME when a column names a vocabulary, an asset kind or a record type that is not there
 */
export function requireNamed(connection: Connection, columns: readonly Column[]): void {
  for (const column of columns) {
    if (column.holds === "term") requireVocabulary(connection, column.vocabulary);
    if (column.holds === "record") requireRecordTypeRow(connection, column.recordType);
    if (column.holds === "asset" && column.assetKind !== undefined)
      requireAssetKindRow(connection, column.assetKind);
  }
}

function requireAssetKindRow(connection: Connection, name: string): void {
  if (connection.get("select 1 from asset_kind where name = ?", name) !== undefined) return;
  const known = connection.all<{ name: string }>("select name from asset_kind").map((each) => each.name);
  throw new AlmanacError("UNKNOWN_NAME", `there is no asset kind "${name}"${meant(name, known)}`, {
    hint: "almanac assets kinds",
    facts: { kind: name },
  });
}
