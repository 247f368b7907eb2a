import type { SQLInputValue } from "node:sqlite";
import type { Compilable, Expression, ExpressionBuilder, Kysely, ReferenceExpression, SqlBool } from "kysely";
import { type Condition, isGlob } from "../../core/catalog/selection.ts";
import type { Connection } from "./connection.ts";
import type { CatalogSchema } from "./schema.ts";

/** Rows from `offset` on, at most `limit`; all when absent. */
export interface Page {
  readonly offset?: number;
  readonly limit?: number;
}

/**
 * A query builder that knows the catalog's tables. Kysely is loaded when the first listing asks for it, so that
 * commands which list nothing start without it.
 */
export async function queryBuilder(connection: Connection): Promise<Kysely<CatalogSchema>> {
  const [{ Kysely: Builder }, { nodeSqliteDialect }] = await Promise.all([
    import("kysely"),
    import("./kysely-dialect.ts"),
  ]);
  return new Builder<CatalogSchema>({ dialect: nodeSqliteDialect({ database: connection.database }) });
}

/** Runs a built query at once, in the transaction there is. */
export function rowsOf<Row>(connection: Connection, query: Compilable<Row>): readonly Row[] {
  const { sql, parameters } = query.compile();
  return connection.all<Row>(sql, ...(parameters as readonly SQLInputValue[]));
}

/** Condition that a column contains one of these texts, whatever their case, or is one of them; no text is no condition. */
export function contains<DB, Table extends keyof DB>(
  eb: ExpressionBuilder<DB, Table>,
  column: ReferenceExpression<DB, Table>,
  { texts, exact = false }: { readonly texts: readonly string[] | undefined; readonly exact?: boolean },
): Expression<SqlBool> {
  if (texts === undefined || texts.length === 0) return eb.and([]);
  if (exact) return eb.or(texts.map((text) => eb(column, "=", eb.val(text))));
  return eb.or(
    texts.map((text) =>
      eb(eb.fn<number>("instr", [eb.fn("lower", [column]), eb.val(text.toLowerCase())]), ">", eb.lit(0)),
    ),
  );
}

/** Condition that a text meets one of a selection; a missing text meets an exclusion only. */
export function meets<DB, Table extends keyof DB>(
  eb: ExpressionBuilder<DB, Table>,
  text: Expression<string | null>,
  { values, negated }: Condition,
): Expression<SqlBool> {
  const fits = eb.or(
    values.map((value) =>
      isGlob(value)
        ? eb(eb.fn<number>("glob", [eb.val(value.replaceAll("[", "[[]")), text]), "=", eb.lit(1))
        : eb(text, "=", eb.val(value)),
    ),
  );
  return negated ? eb.or([eb(text, "is", null), eb.not(fits)]) : fits;
}

/** Text of one member of a JSON object in a column; null when it is not there. */
// allow-parameters: the builder, where and what, as Kysely's own functions
export function member<DB, Table extends keyof DB>(
  eb: ExpressionBuilder<DB, Table>,
  column: ReferenceExpression<DB, Table>,
  name: string,
): Expression<string | null> {
  return eb.fn<string | null>("json_extract", [column, eb.val(`$.${JSON.stringify(name)}`)]);
}

/** Limit that is none, in SQLite. */
export const noLimit = -1;

/** The page of rows already in order. */
export function pageOf<T>(rows: readonly T[], { offset = 0, limit }: Page): readonly T[] {
  return rows.slice(offset, limit === undefined ? undefined : offset + limit);
}
