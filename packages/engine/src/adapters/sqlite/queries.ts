import type { SQLInputValue } from "node:sqlite";
import type { Compilable, Expression, ExpressionBuilder, Kysely, ReferenceExpression, SqlBool } from "kysely";
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

/** Condition that a column contains one of these texts, whatever their case; no text is no condition. */
export function contains<DB, Table extends keyof DB>(
  eb: ExpressionBuilder<DB, Table>,
  column: ReferenceExpression<DB, Table>,
  { texts }: { readonly texts: readonly string[] | undefined },
): Expression<SqlBool> {
  if (texts === undefined || texts.length === 0) return eb.and([]);
  return eb.or(
    texts.map((text) =>
      eb(eb.fn<number>("instr", [eb.fn("lower", [column]), eb.val(text.toLowerCase())]), ">", eb.lit(0)),
    ),
  );
}

/** Limit that is none, in SQLite. */
export const noLimit = -1;

/** The page of rows already in order. */
export function pageOf<T>(rows: readonly T[], { offset = 0, limit }: Page): readonly T[] {
  return rows.slice(offset, limit === undefined ? undefined : offset + limit);
}
