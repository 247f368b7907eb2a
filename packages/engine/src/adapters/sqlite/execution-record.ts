import type { ExecutionDefinition, SolverDefinition } from "../../core/execution/definition.ts";
import type { Owner } from "../../core/execution/record.ts";
import type { ExecutionState } from "../../core/execution/state.ts";
import type { Decision } from "../../core/solver/plan.ts";
import type { NewExecution } from "../../ports/execution-catalog.ts";
import type { Connection } from "./connection.ts";
import { DefinitionStore } from "./definitions.ts";
import { type CountedExecution, countSystemFailures, latestExecution, ownerText } from "./execution-rows.ts";
import { appendChange, applyTransition } from "./execution-transition.ts";
import { readDatasetMark } from "./marks.ts";
import { type RidRun, ridNumber, ridText, startRidRun } from "./rids.ts";
import { flagOf } from "./row-values.ts";
import type { ExecutionRow, GroupRow } from "./schema.ts";

/** What a group is found by and made from. */
export type GroupIdentity = Pick<
  Decision,
  "provider" | "diagnostic" | "version" | "key" | "selectorDigest" | "selectors"
>;

/** A new execution: its definition and the columns that do not follow from it. */
export interface NewRow {
  readonly definition: ExecutionDefinition;
  readonly id: number;
  readonly group: number | null;
  readonly workflow?: number;
  readonly state: ExecutionState;
  readonly live: boolean;
  readonly parametersDigest: string;
  readonly held: boolean;
  readonly attempt: number;
  readonly owner: Owner | undefined;
}

/**
 * Records executions and the groups they need. Call it inside a write transaction.
 * @returns definitions of those recorded; decisions that the catalog has outrun are left out
 */
export function recordExecutions(
  connection: Connection,
  { executions, owner }: { readonly executions: readonly NewExecution[]; readonly owner: Owner | undefined },
): readonly SolverDefinition[] {
  const store = new DefinitionStore(connection);
  const rids = startRidRun(connection);
  const mark = readDatasetMark(connection);
  const recorded = executions.flatMap((execution) => {
    const definition = recordOne(connection, { execution, owner, rids, store, mark });
    return definition ?? [];
  });
  rids.end();
  return recorded;
}

function recordOne(
  connection: Connection,
  {
    execution,
    owner,
    rids,
    store,
    mark,
  }: {
    readonly execution: NewExecution;
    readonly owner: Owner | undefined;
    readonly rids: RidRun;
    readonly store: DefinitionStore;
    /** Of the datasets as they are now. */
    readonly mark: string;
  },
): SolverDefinition | undefined {
  const { decision } = execution;
  const found = findGroup(connection, decision);
  const live = found && liveExecution(connection, found.id);
  if (found !== undefined && isOutrun(connection, { decision, group: found.id, live })) return undefined;
  const group = found?.id ?? rids.next;
  const id = found === undefined ? group + 1 : rids.next;
  const definition = execution.define({ group: ridText(group), execution: ridText(id) });
  if (definition === undefined) return undefined;
  if (found === undefined) rids.take("execution-group");
  rids.take("execution");
  const attempt = found === undefined ? 0 : earlierFailures(connection, found, decision.fingerprint);
  const dirtyReason = `execution ${ridText(id)} is not published`;
  if (found === undefined) insertGroup(connection, { ...decision, id: group, dirtyReason });
  if (live !== undefined) supersede(connection, live, definition);
  insertExecution(connection, {
    definition,
    ...{ id, group, state: "created", live: true, attempt, owner },
    parametersDigest: execution.parametersDigest,
    held: execution.held,
  });
  const inputs = { current: execution.mark === mark };
  // An older group may have been made for a definition with other texts.
  if (found === undefined) store.storeRest(id, definition, inputs);
  else store.store(id, definition, inputs);
  appendChange(connection, {
    execution: id,
    from: undefined,
    to: "created",
    at: definition.createdAt,
    message: decision.reasons[0].message,
    actor: "controller",
  });
  if (found !== undefined)
    connection.run(
      "update execution_group set dirty = 1, dirty_reason = ?, orphaned = 0 where id = ?",
      dirtyReason,
      group,
    );
  return definition;
}

/** Finds the group of a decision or definition. */
export function findGroup(connection: Connection, group: GroupIdentity): GroupRow | undefined {
  return connection.get<GroupRow>(
    `select * from execution_group
     where provider = ? and diagnostic = ? and version = ? and selector_digest = ?`,
    group.provider,
    group.diagnostic,
    group.version,
    group.selectorDigest,
  );
}

/** Inserts a group that has no execution yet. @param group.dirtyReason absent: it is clean; @returns its id */
export function insertGroup(
  connection: Connection,
  group: GroupIdentity & { readonly id: number; readonly dirtyReason?: string },
): number {
  connection.run(
    `insert into execution_group
     (id, provider, diagnostic, version, group_key, selector_digest, selectors, dirty, dirty_reason)
     values (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    group.id,
    group.provider,
    group.diagnostic,
    group.version,
    group.key,
    group.selectorDigest,
    JSON.stringify(group.selectors),
    flagOf(group.dirtyReason !== undefined),
    group.dirtyReason ?? null,
  );
  return group.id;
}

/** Inserts the row of an execution. */
export function insertExecution(connection: Connection, { definition, ...row }: NewRow): void {
  connection.run(
    `insert into execution (id, group_id, state, live, fingerprint, compat_hash, parameters_digest, fragment,
     provider_version, description, held, attempt, owner, created_at, origin, workflow_id)
     values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    row.id,
    row.group,
    row.state,
    flagOf(row.live),
    definition.fingerprint,
    definition.origin === undefined ? definition.compatHash : "",
    row.parametersDigest,
    definition.fragment,
    definition.origin === undefined ? definition.provider.version : (definition.workflow.version ?? ""),
    definition.origin === undefined ? "" : definition.description,
    flagOf(row.held),
    row.attempt,
    ownerText(row.owner),
    definition.createdAt,
    definition.origin ?? "solver",
    row.workflow ?? null,
  );
}

function liveExecution(connection: Connection, group: number): ExecutionRow | undefined {
  return connection.get<ExecutionRow>("select * from execution where group_id = ? and live = 1", group);
}

/**
 * True if another process has been here since the decision was made: the group has executions that the decision does
 * not know, or a live one with the same inputs. One that is being published can no longer be superseded either.
 */
function isOutrun(
  connection: Connection,
  {
    decision,
    group,
    live,
  }: {
    readonly decision: Decision;
    readonly group: number;
    readonly live: ExecutionRow | undefined;
  },
): boolean {
  if (live?.fingerprint === decision.fingerprint || live?.state === "publishing") return true;
  const latest = latestExecution(connection, group);
  const [reason] = decision.reasons;
  if (reason.code === "new") return latest !== undefined;
  return reason.execution !== undefined && latest !== ridNumber(reason.execution);
}

function earlierFailures(connection: Connection, group: GroupRow, fingerprint: string): number {
  const executions = connection.all<CountedExecution>(
    "select id, state, live, fingerprint, failure_class from execution where group_id = ? order by id",
    group.id,
  );
  return countSystemFailures(executions, { fingerprint, forgiven: group.forgiven_execution });
}

function supersede(connection: Connection, live: ExecutionRow, by: SolverDefinition): void {
  applyTransition(connection, {
    rid: ridText(live.id),
    from: live.state as ExecutionState,
    to: "aborted",
    at: by.createdAt,
    message: `superseded by execution ${by.rid}`,
    actor: "controller",
    abortReason: "superseded",
  });
}
