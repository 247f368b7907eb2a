import type { ExecutionDefinition, SolverDefinition } from "../../core/execution/definition.ts";
import type { ExecutionDetail, ExecutionGroup, Owner } from "../../core/execution/record.ts";
import type { Actor, ExecutionState, StateChange } from "../../core/execution/state.ts";
import { parseRid, type Rid } from "../../core/identity/rid.ts";
import type { History } from "../../core/solver/history.ts";
import type { PastName } from "../../core/solver/memory/remembered-ruling.ts";
import type {
  ExecutionCatalog,
  ExecutionQuery,
  GroupChange,
  GroupQuery,
  ListedExecution,
  NewExecution,
  StateCount,
  Transition,
} from "../../ports/execution-catalog.ts";
import type { Connection } from "./connection.ts";
import { readDefinition } from "./definitions.ts";
import { readHistory } from "./execution-history.ts";
import {
  executionQuery,
  groupQuery,
  type ListedRow,
  listedExecution,
  type QueryTools,
  readStateCounts,
} from "./execution-queries.ts";
import { recordExecutions } from "./execution-record.ts";
import { executionOf, groupOf, latestExecution, ownerText } from "./execution-rows.ts";
import { applyTransition, findExecution, requireExecution, setDirty } from "./execution-transition.ts";
import { readHistoryMark } from "./marks.ts";
import { PinnedContents } from "./pinned-inputs.ts";
import { noLimit, queryBuilder, rowsOf } from "./queries.ts";
import { resolveRid } from "./rids.ts";
import { flagOf } from "./row-values.ts";
import type { ExecutionDatasetRow, GroupRow, StateChangeRow } from "./schema.ts";

/** Groups and executions in SQLite. */
export class SqliteExecutionCatalog implements ExecutionCatalog {
  readonly #connection: Connection;

  constructor(connection: Connection) {
    this.#connection = connection;
  }

  async history(alive: (owner: Owner) => boolean, groups?: readonly PastName[]): Promise<History> {
    return readHistory(this.#connection, { alive, names: groups });
  }

  async historyMark(): Promise<string> {
    return this.#connection.read(() => readHistoryMark(this.#connection));
  }

  async record(
    executions: readonly NewExecution[],
    owner: Owner | undefined,
  ): Promise<readonly SolverDefinition[]> {
    return this.#connection.write("catalog.record", () =>
      recordExecutions(this.#connection, { executions, owner }),
    );
  }

  async transition(transitions: readonly Transition[]): Promise<void> {
    if (transitions.length === 0) return;
    await this.#connection.write("catalog.transition", () => {
      for (const transition of transitions) applyTransition(this.#connection, transition);
    });
  }

  // allow-parameters: the port's signature
  async claim(rid: Rid, previous: Owner | undefined, owner: Owner): Promise<boolean> {
    return this.#connection.write("catalog.transition", () => {
      const { id } = requireExecution(this.#connection, rid);
      const claimed = this.#connection.run(
        "update execution set owner = ?, held = 0 where id = ? and live = 1 and owner is not distinct from ?",
        ownerText(owner),
        id,
        ownerText(previous),
      );
      return claimed === 1;
    });
  }

  async definition(rid: Rid): Promise<ExecutionDefinition | undefined> {
    return this.#connection.read(() => {
      const row = findExecution(this.#connection, rid);
      return row === undefined ? undefined : readDefinition(this.#connection, row.id);
    });
  }

  async execution(rid: Rid): Promise<ExecutionDetail | undefined> {
    return this.#connection.read(() => {
      const row = findExecution(this.#connection, rid);
      if (row === undefined) return undefined;
      const datasets = this.#connection.all<ExecutionDatasetRow>(
        "select * from execution_dataset where execution_id = ? order by position",
        row.id,
      );
      const contents = new PinnedContents(this.#connection);
      return {
        ...executionOf(row),
        history: this.#changes(row.id),
        datasets: datasets.map(({ requirement, instance_id, input_id }) => {
          return { requirement, id: instance_id, contentIds: contents.ofInput(input_id) };
        }),
      };
    });
  }

  async list(
    query: ExecutionQuery,
  ): Promise<{ readonly items: readonly ListedExecution[]; readonly total: number }> {
    const tools = await this.#queryTools();
    return this.#connection.read(() => {
      const select = executionQuery(tools, query);
      const page = select
        .selectAll("execution")
        .select(["provider", "diagnostic", "execution_group.version", "group_key"])
        .select("workflow.name as workflow_name")
        .orderBy("execution.id", "desc")
        .limit(query.limit ?? noLimit)
        .offset(query.offset ?? 0);
      const count = select.select(({ fn }) => fn.countAll<number>().as("total"));
      return {
        items: rowsOf<ListedRow>(this.#connection, page).map(listedExecution),
        total: rowsOf(this.#connection, count)[0]?.total ?? 0,
      };
    });
  }

  async stateCounts(): Promise<readonly StateCount[]> {
    return this.#connection.read(() => readStateCounts(this.#connection));
  }

  async group(ridOrName: string): Promise<ExecutionGroup | undefined> {
    const rid = parseRid(ridOrName);
    const row = rid === undefined ? this.#groupByName(ridOrName) : this.#groupByRid(rid);
    return row && groupOf(row);
  }

  async groups(
    query: GroupQuery,
  ): Promise<{ readonly items: readonly ExecutionGroup[]; readonly total: number }> {
    const tools = await this.#queryTools();
    return this.#connection.read(() => {
      const select = groupQuery(tools, query);
      const page = select
        .selectAll()
        .orderBy("provider")
        .orderBy("diagnostic")
        .orderBy("version")
        .orderBy("group_key")
        .orderBy("id")
        .limit(query.limit ?? noLimit)
        .offset(query.offset ?? 0);
      const count = select.select(({ fn }) => fn.countAll<number>().as("total"));
      return {
        items: rowsOf(this.#connection, page).map(groupOf),
        total: rowsOf(this.#connection, count)[0]?.total ?? 0,
      };
    });
  }

  async flag(changes: readonly GroupChange[]): Promise<void> {
    if (changes.length === 0) return;
    await this.#connection.write("catalog.transition", () => {
      for (const change of changes) this.#flagOne(change);
    });
  }

  async #queryTools(): Promise<QueryTools> {
    const [db, { sql }] = await Promise.all([queryBuilder(this.#connection), import("kysely")]);
    return { db, sql, idsOf: (rids) => this.#ids("execution", rids) };
  }

  #flagOne({ group, dirty, current, orphaned, resetFailures }: GroupChange): void {
    for (const id of this.#ids("execution-group", [group])) {
      if (dirty !== undefined) setDirty(this.#connection, id, dirty);
      if (current !== undefined)
        this.#connection.run(
          "update execution_group set current_execution = ? where id = ?",
          requireExecution(this.#connection, current).id,
          id,
        );
      if (orphaned !== undefined)
        this.#connection.run("update execution_group set orphaned = ? where id = ?", flagOf(orphaned), id);
      if (resetFailures === true)
        this.#connection.run(
          "update execution_group set forgiven_execution = ? where id = ?",
          latestExecution(this.#connection, id) ?? 0,
          id,
        );
    }
  }

  #groupByRid(rid: Rid): GroupRow | undefined {
    const [id] = this.#ids("execution-group", [rid]);
    if (id === undefined) return undefined;
    return this.#connection.get<GroupRow>("select * from execution_group where id = ?", id);
  }

  /** Of several versions, or groups with one key, the highest version and the oldest group. */
  #groupByName(name: string): GroupRow | undefined {
    const [, provider, diagnostic, key] = /^([^/]+)\/([^/]+)\/(.*)$/s.exec(name) ?? [];
    if (provider === undefined || diagnostic === undefined || key === undefined) return undefined;
    return this.#connection.get<GroupRow>(
      `select * from execution_group where provider = ? and diagnostic = ? and group_key = ?
       order by version desc, id limit 1`,
      provider,
      diagnostic,
      key,
    );
  }

  #changes(execution: number): readonly StateChange[] {
    const rows = this.#connection.all<StateChangeRow>(
      "select * from state_change where execution_id = ? order by position",
      execution,
    );
    return rows.map((row) => ({
      from: (row.from_state ?? undefined) as ExecutionState | undefined,
      to: row.to_state as ExecutionState,
      at: row.at,
      message: row.message,
      actor: row.actor as Actor,
    }));
  }

  #ids(kind: "execution" | "execution-group", rids: readonly Rid[]): readonly number[] {
    return rids.flatMap((rid) => resolveRid(this.#connection, { kind, rid }).slice(0, 1));
  }
}
