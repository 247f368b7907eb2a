import type { SQLInputValue } from "node:sqlite";
import type { Column } from "../../core/records/column.ts";
import type { TermUse } from "../../core/records/vocabulary.ts";
import type { Connection } from "./connection.ts";
import { ridText } from "./rids.ts";
import { storedJson } from "./row-values.ts";
import type { FeatureRow, RecordTypeRow } from "./schema.ts";

/** Rows that may use a term. */
interface Source {
  readonly by: string;
  /** From and where of rows with an `id`. */
  readonly from: string;
  readonly parameters: readonly SQLInputValue[];
}

/** What uses a term by its name, in order: at most `limit` of `total`. */
export function usesOfTerm(
  connection: Connection,
  { vocabulary, term, limit }: { readonly vocabulary: string; readonly term: string; readonly limit: number },
): { readonly items: readonly TermUse[]; readonly total: number } {
  const sources = [
    ...typeSources(vocabulary, term),
    ...featureSources(connection, { vocabulary, term }),
    ...recordSources(connection, { vocabulary, term }),
  ];
  const items: TermUse[] = [];
  let total = 0;
  for (const { by, from, parameters } of sources) {
    total += connection.get<{ n: number }>(`select count(*) as n from ${from}`, ...parameters)?.n ?? 0;
    const rows = connection.all<{ id: number }>(
      `select id from ${from} order by id limit ?`,
      ...parameters,
      Math.max(0, limit - items.length),
    );
    items.push(...rows.map(({ id }) => ({ by, rid: ridText(id) })));
  }
  return { items, total };
}

/** What has types of the vocabularies that every catalog has. */
function typeSources(vocabulary: string, term: string): readonly Source[] {
  const parameters = [term];
  switch (vocabulary) {
    case "Workflow_Type":
      return [
        { by: "workflow", from: "(select workflow_id as id from workflow_type where type = ?)", parameters },
      ];
    case "Asset_Type":
      return [
        {
          by: "asset",
          from: "asset where exists (select 1 from json_each(asset.types) where value = ?)",
          parameters,
        },
      ];
    case "Dataset_Type":
      return [
        {
          by: "dataset",
          from: "authored_dataset where exists (select 1 from json_each(types) where value = ?)",
          parameters,
        },
      ];
    default:
      return [];
  }
}

interface Wanted {
  readonly vocabulary: string;
  readonly term: string;
}

function featureSources(connection: Connection, wanted: Wanted): readonly Source[] {
  return connection.all<FeatureRow>("select * from feature order by target_name, name").flatMap((feature) =>
    columnsOf(feature.columns, wanted.vocabulary).map((column) => ({
      by: `feature ${feature.target_name}/${feature.name}, column ${column}, of execution`,
      from: `(select distinct execution_id as id from feature_record
               where feature_id = ? and json_extract(body, ?) = ?)`,
      parameters: [feature.id, memberPath(column), wanted.term],
    })),
  );
}

function recordSources(connection: Connection, wanted: Wanted): readonly Source[] {
  return connection.all<RecordTypeRow>("select * from record_type order by name").flatMap((type) =>
    columnsOf(type.columns, wanted.vocabulary).map((column) => ({
      by: `${type.name}, column ${column}`,
      from: "(select id from typed_record where type_id = ? and json_extract(body, ?) = ?)",
      parameters: [type.id, memberPath(column), wanted.term],
    })),
  );
}

function columnsOf(stored: string, vocabulary: string): readonly string[] {
  return storedJson<readonly Column[]>(stored).flatMap((column) =>
    column.holds === "term" && column.vocabulary === vocabulary ? [column.name] : [],
  );
}

function memberPath(name: string): string {
  return `$.${JSON.stringify(name)}`;
}
