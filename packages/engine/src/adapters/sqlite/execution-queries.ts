import type { Expression, ExpressionBuilder, Kysely, SqlBool, sql } from "kysely";
import { type Condition, parseSelection } from "../../core/catalog/selection.ts";
import { type ExecutionState, executionStates, type FailureClass } from "../../core/execution/state.ts";
import { compareCodeUnits } from "../../core/identity/compare.ts";
import type { Rid } from "../../core/identity/rid.ts";
import type {
  ExecutionQuery,
  GroupQuery,
  ListedExecution,
  StateCount,
} from "../../ports/execution-catalog.ts";
import type { Connection } from "./connection.ts";
import { executionOf } from "./execution-rows.ts";
import { contains, meets } from "./queries.ts";
import { ridNumber } from "./rids.ts";
import { flagOf } from "./row-values.ts";
import type { CatalogSchema, ExecutionRow, GroupRow } from "./schema.ts";

/** What building a query takes: the builder, Kysely's tag for what it has no words for, and RIDs as ids. */
export interface QueryTools {
  readonly db: Kysely<CatalogSchema>;
  readonly sql: typeof sql;
  readonly idsOf: (rids: readonly Rid[]) => readonly number[];
}

/** The provider that recorded runs go by in listings. */
export const runsProvider = "runs";

/** An execution's row with the names of its group. */
export type ListedRow = ExecutionRow & {
  readonly provider: GroupRow["provider"] | null;
  readonly diagnostic: GroupRow["diagnostic"] | null;
  readonly version: GroupRow["version"] | null;
  readonly group_key: GroupRow["group_key"] | null;
  readonly workflow_name: string | null;
};

/** The executions that a query asks for, without columns, order and page. */
export function executionQuery({ db, sql: tag, idsOf }: QueryTools, query: ExecutionQuery) {
  let select = db
    .selectFrom("execution")
    .leftJoin("execution_group", "execution_group.id", "execution.group_id")
    .leftJoin("workflow", "workflow.id", "execution.workflow_id")
    .where((eb) => eb.and(executionConditions(eb, query, tag)));
  if (query.states !== undefined) select = select.where("execution.state", "in", [...query.states]);
  if (query.group !== undefined) select = select.where("execution.group_id", "=", ridNumber(query.group));
  if (query.rids !== undefined) select = select.where("execution.id", "in", [...idsOf(query.rids)]);
  if (query.failureClass !== undefined)
    select = select.where("execution.failure_class", "=", query.failureClass);
  if (query.signature !== undefined)
    select = select.where("execution.failure_signature", "=", query.signature);
  if (query.newest === true)
    select = select.where((eb) =>
      eb.or([eb("execution.group_id", "is", null), eb("execution.id", "=", newestOfGroup(eb))]),
    );
  return select;
}

/** The groups that a query asks for, without columns, order and page. */
export function groupQuery({ db, sql: tag }: Pick<QueryTools, "db" | "sql">, query: GroupQuery) {
  let select = db.selectFrom("execution_group").where((eb) => eb.and(groupConditions(eb, query, tag)));
  if (query.dirty !== undefined) select = select.where("dirty", "=", flagOf(query.dirty));
  return query.orphaned === undefined ? select : select.where("orphaned", "=", flagOf(query.orphaned));
}

/** A listed execution as the port gives it. */
export function listedExecution(row: ListedRow): ListedExecution {
  return {
    ...executionOf(row),
    provider: row.provider ?? runsProvider,
    diagnostic: row.diagnostic ?? row.workflow_name ?? "",
    version: row.version ?? 0,
    key: row.group_key ?? row.description,
  };
}

type CountedRow = ListedRow & { readonly counted: number };

/** Newest executions by state and way of failing; the index of executions by group answers which they are. */
export function readStateCounts(connection: Connection): readonly StateCount[] {
  const rows = connection.all<CountedRow>(
    `select execution.*, provider, diagnostic, execution_group.version, group_key, workflow.name as workflow_name,
       counts.counted
     from (select max(id) as newest, count(*) as counted
           from execution
           where id in (select max(id) from execution where group_id is not null group by group_id)
              or group_id is null
           group by state, failure_class, failure_signature) as counts
     join execution on execution.id = counts.newest
     left join execution_group on execution_group.id = execution.group_id
     left join workflow on workflow.id = execution.workflow_id`,
  );
  const place = (state: ExecutionState): number => executionStates.indexOf(state);
  return rows
    .map(
      (row): StateCount => ({
        state: row.state as ExecutionState,
        count: row.counted,
        failureClass: (row.failure_class ?? undefined) as FailureClass | undefined,
        signature: row.failure_signature ?? undefined,
        newest: listedExecution(row),
      }),
    )
    .sort(
      (a, b) =>
        place(a.state) - place(b.state) ||
        b.count - a.count ||
        compareCodeUnits(a.signature ?? "", b.signature ?? ""),
    );
}

type GroupBuilder = ExpressionBuilder<CatalogSchema, "execution_group">;

// allow-parameters: Kysely's two and what is asked
function groupConditions(
  eb: GroupBuilder,
  query: Pick<GroupQuery, "provider" | "diagnostic" | "exactNames" | "selection">,
  tag: typeof sql,
): readonly Expression<SqlBool>[] {
  const exact = query.exactNames === true;
  return [
    contains(eb, "provider", { texts: query.provider, exact }),
    contains(eb, "diagnostic", { texts: query.diagnostic, exact }),
    ...selectorConditions(eb, query, tag),
  ];
}

/** Recorded runs belong to no group: they go by the provider `runs` and the name of their workflow. */
// allow-parameters: Kysely's two and what is asked
function executionConditions(
  eb: ExpressionBuilder<CatalogSchema, "execution_group" | "workflow">,
  query: Pick<GroupQuery, "provider" | "diagnostic" | "exactNames" | "selection">,
  tag: typeof sql,
): readonly Expression<SqlBool>[] {
  const exact = query.exactNames === true;
  const provider = eb.fn.coalesce("execution_group.provider", eb.val(runsProvider));
  const diagnostic = eb.fn.coalesce("execution_group.diagnostic", "workflow.name");
  return [
    contains(eb, provider, { texts: query.provider, exact }),
    contains(eb, diagnostic, { texts: query.diagnostic, exact }),
    ...selectorConditions(eb as GroupBuilder, query, tag),
  ];
}

// allow-parameters: Kysely's two and what is asked
function selectorConditions(
  eb: GroupBuilder,
  query: Pick<GroupQuery, "selection">,
  tag: typeof sql,
): readonly Expression<SqlBool>[] {
  return [...parseSelection(query.selection ?? []).map((condition) => selectorMeets(eb, condition, tag))];
}

/** Selectors are stored as requirement → list of [facet, value]: one of these pairs fits, or with `!=` none does. */
// allow-parameters: Kysely's two and the condition
function selectorMeets(eb: GroupBuilder, condition: Condition, tag: typeof sql): Expression<SqlBool> {
  const value = tag<string | null>`json_extract(pair.value, '$[1]')`;
  const { facet, sourceType, negated } = condition;
  const ofType = sourceType === undefined ? tag`` : tag`and requirement.key = ${sourceType}`;
  const fits = meets(eb, value, { ...condition, negated: false });
  const found = tag<SqlBool>`exists (
    select 1 from json_each(execution_group.selectors) as requirement, json_each(requirement.value) as pair
    where json_extract(pair.value, '$[0]') = ${facet} ${ofType} and ${fits})`;
  return negated ? eb.not(found) : found;
}

/** Of correlated rows: the newest execution of the same group. */
function newestOfGroup(eb: ExpressionBuilder<CatalogSchema, "execution">) {
  return eb
    .selectFrom("execution as other")
    .select(({ fn }) => fn.max("other.id").as("newest"))
    .whereRef("other.group_id", "=", "execution.group_id");
}
