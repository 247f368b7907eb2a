import { AlmanacError } from "../../core/errors.ts";
import { type ExecutionState, requireTransition, type StateChange } from "../../core/execution/state.ts";
import type { Rid } from "../../core/identity/rid.ts";
import type { Transition } from "../../ports/execution-catalog.ts";
import type { Connection } from "./connection.ts";
import { isLive, latestExecution, ownerText } from "./execution-rows.ts";
import { resolveRid } from "./rids.ts";
import { flagOf } from "./row-values.ts";
import type { ExecutionRow, GroupRow } from "./schema.ts";

/** Finds an execution by its RID, or by the one it had in the catalog it came from. */
export function findExecution(connection: Connection, rid: Rid): ExecutionRow | undefined {
  const [id] = resolveRid(connection, { kind: "execution", rid });
  return id === undefined
    ? undefined
    : connection.get<ExecutionRow>("select * from execution where id = ?", id);
}

/**
 * Finds an execution that must be there.
 * @throws UNKNOWN_NAME when no execution has the RID
 */
export function requireExecution(connection: Connection, rid: Rid): ExecutionRow {
  const row = findExecution(connection, rid);
  if (row !== undefined) return row;
  throw new AlmanacError("UNKNOWN_NAME", `there is no execution ${rid}`, {
    hint: "almanac executions list",
    facts: { rid },
  });
}

/**
 * Applies one transition. Call it inside a write transaction.
 * @throws CONFLICT when the execution is in another state by now, or its group has another live one
 * @throws TRANSITION_REFUSED when the table does not allow the change
 */
export function applyTransition(connection: Connection, transition: Transition): void {
  const row = requireExecution(connection, transition.rid);
  if (row.state !== transition.from) throw movedOn(transition, row.state);
  requireTransition(transition.rid, transition.from, transition.to);
  requireRoom(connection, row, transition);
  updateExecution(connection, row, transition);
  appendChange(connection, { ...transition, execution: row.id });
  updateGroup(connection, row, transition);
}

/** Appends one entry to an execution's history. */
export function appendChange(
  connection: Connection,
  { execution, ...change }: StateChange & { readonly execution: number },
): void {
  connection.run(
    `insert into state_change (execution_id, position, from_state, to_state, at, message, actor)
     select ?1, count(*), ?2, ?3, ?4, ?5, ?6 from state_change where execution_id = ?1`,
    execution,
    change.from ?? null,
    change.to,
    change.at,
    change.message,
    change.actor,
  );
}

function movedOn({ rid, from, to }: Transition, state: string): AlmanacError {
  return new AlmanacError(
    "CONFLICT",
    `execution ${rid} was to go from ${from} to ${to}, but is ${state} by now`,
    {
      hint: `almanac executions show ${rid}`,
      facts: { rid, from, to, state },
    },
  );
}

/** A failed execution that is published again is live again, and a group has room for one. */
function requireRoom(connection: Connection, row: ExecutionRow, { rid, to }: Transition): void {
  if (row.live === 1 || !isLive(to) || row.group_id === null) return;
  const other = connection.get("select 1 from execution where group_id = ? and live = 1", row.group_id);
  if (other === undefined) return;
  throw new AlmanacError(
    "CONFLICT",
    `execution ${rid} cannot become ${to}: its group has another live execution`,
    {
      hint: "wait for it to end, then try again",
      facts: { rid, to },
    },
  );
}

const ended: readonly ExecutionState[] = ["completed", "failed", "aborted"];

const updated = [
  ...["state", "live", "held", "failure_class", "failure_code", "failure_message", "failure_signature"],
  ...["abort_reason", "owner", "worker", "started_at", "finished_at", "download_seconds", "compute_seconds"],
  ...["publish_seconds", "resources"],
] as readonly (keyof ExecutionRow)[];

const updateSql = `update execution set ${updated.map((column) => `${column} = ?`).join(", ")} where id = ?`;

function updateExecution(connection: Connection, row: ExecutionRow, change: Transition): void {
  const next: ExecutionRow = {
    ...row,
    ...{ state: change.to, live: flagOf(isLive(change.to)), held: 0 },
    ...failureColumns(change),
    ...processColumns(change),
    ...timeColumns(row, change),
    ...(change.resources === undefined ? {} : { resources: JSON.stringify(change.resources) }),
  };
  connection.run(updateSql, ...updated.map((column) => next[column]), row.id);
}

/** Publishing forgets why an earlier attempt to publish failed; the history keeps it. */
function failureColumns({ to, failure, abortReason }: Transition): Partial<ExecutionRow> {
  const told = to === "published" ? null : failure;
  return {
    ...(told === undefined
      ? {}
      : {
          failure_class: told?.class ?? null,
          failure_code: told?.code ?? null,
          failure_message: told?.message ?? null,
          failure_signature: told?.signature ?? null,
        }),
    ...(abortReason === undefined ? {} : { abort_reason: abortReason }),
  };
}

function processColumns({ owner, worker }: Transition): Partial<ExecutionRow> {
  return {
    ...(owner === undefined ? {} : { owner: ownerText(owner ?? undefined) }),
    ...(worker === undefined ? {} : { worker: ownerText(worker ?? undefined) }),
  };
}

function timeColumns(row: ExecutionRow, { to, at, durations = {} }: Transition): Partial<ExecutionRow> {
  return {
    ...(to === "running" ? { started_at: row.started_at ?? at } : {}),
    ...(ended.includes(to) ? { finished_at: row.finished_at ?? at } : {}),
    download_seconds: durations.download ?? row.download_seconds,
    compute_seconds: durations.compute ?? row.compute_seconds,
    publish_seconds: durations.publish ?? row.publish_seconds,
  };
}

/** Only the latest execution of a group speaks for it; publishing it makes it current and clears the flag. */
function updateGroup(connection: Connection, row: ExecutionRow, { to, dirty }: Transition): void {
  const published = to === "published";
  if (row.group_id === null || (dirty === undefined && !published)) return;
  if (latestExecution(connection, row.group_id) !== row.id) return;
  setDirty(connection, row.group_id, dirty ?? { value: false });
  if (published)
    connection.run("update execution_group set current_execution = ? where id = ?", row.id, row.group_id);
}

/** Sets or clears the dirty flag of a group with its reason. */
export function setDirty(
  connection: Connection,
  group: GroupRow["id"],
  dirty: { readonly value: boolean; readonly reason?: string },
): void {
  connection.run(
    "update execution_group set dirty = ?, dirty_reason = ? where id = ?",
    flagOf(dirty.value),
    dirty.value ? (dirty.reason ?? null) : null,
    group,
  );
}
