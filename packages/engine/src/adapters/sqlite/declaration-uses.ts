import { AlmanacError } from "../../core/errors.ts";
import type { Column } from "../../core/records/column.ts";
import { featureName } from "../../core/records/feature.ts";
import { builtInVocabularies } from "../../core/records/vocabulary.ts";
import type { RecordUse } from "../../ports/record-removal.ts";
import type { Connection } from "./connection.ts";
import { featureOf } from "./record-declarations.ts";
import { ridText } from "./rids.ts";
import { storedJson } from "./row-values.ts";
import type { FeatureRow, RecordTypeRow, VocabularyRow } from "./schema.ts";

/** A declaration with columns. */
interface Declared {
  /** Such as `feature cmip6/quality`. */
  readonly called: string;
  readonly columns: readonly Column[];
}

/** Holds that a vocabulary is one that a person made. @throws USAGE when every catalog has it */
export function requireOwnVocabulary(name: string): void {
  if (!builtInVocabularies.includes(name)) return;
  throw new AlmanacError("USAGE", `${name} cannot be deleted: Almanac itself uses it`, {
    hint: "almanac vocab list",
    facts: { vocabulary: name },
  });
}

/** What holds terms of a vocabulary: columns, whether they have values yet or not. */
export function usesOfVocabulary(
  connection: Connection,
  { name }: Pick<VocabularyRow, "name">,
): readonly RecordUse[] {
  return declared(connection).flatMap(({ called, columns }) =>
    columns
      .filter((column) => column.holds === "term" && column.vocabulary === name)
      .map((column) => ({ of: name, as: `gives terms to the column ${column.name} of`, by: called })),
  );
}

/** What depends on a record type: its records by the executions that made them, columns of others, features of its records. */
export function usesOfRecordType(
  connection: Connection,
  { id, name }: Pick<RecordTypeRow, "id" | "name">,
): readonly RecordUse[] {
  const records = connection
    .all<{ id: number }>(
      "select distinct execution_id as id from typed_record where type_id = ? order by id",
      id,
    )
    .map((row) => ({ of: name, as: "has records of execution", by: ridText(row.id) }));
  const columns = declared(connection)
    .filter(({ called }) => called !== `record type ${name}`)
    .flatMap(({ called, columns: all }) =>
      all
        .filter((column) => column.holds === "record" && column.recordType === name)
        .map((column) => ({ of: name, as: `is what the column ${column.name} holds, of`, by: called })),
    );
  const features = connection
    .all<FeatureRow>(
      "select * from feature where target_kind = 'record' and target_name = ? order by name",
      name,
    )
    .map((row) => ({ of: name, as: "is the target of", by: `feature ${featureName(featureOf(row))}` }));
  return [...records, ...columns, ...features];
}

function declared(connection: Connection): readonly Declared[] {
  return [
    ...connection.all<FeatureRow>("select * from feature order by target_name, name").map((row) => ({
      called: `feature ${featureName(featureOf(row))}`,
      columns: storedJson<readonly Column[]>(row.columns),
    })),
    ...connection.all<RecordTypeRow>("select * from record_type order by name").map((row) => ({
      called: `record type ${row.name}`,
      columns: storedJson<readonly Column[]>(row.columns),
    })),
  ];
}
