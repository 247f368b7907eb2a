import type { Failure, ResourceUse } from "../../core/execution/outcome.ts";
import type { ExecutionGroup, ExecutionRecord, Owner } from "../../core/execution/record.ts";
import type { ExecutionState, FailureClass } from "../../core/execution/state.ts";
import type { Connection } from "./connection.ts";
import { optionalRid, ridText } from "./rids.ts";
import { storedJson, withoutNulls } from "./row-values.ts";
import type { ExecutionRow, GroupRow } from "./schema.ts";

/** A group as the core knows it. */
export function groupOf(row: GroupRow): ExecutionGroup {
  return {
    rid: ridText(row.id),
    provider: row.provider,
    diagnostic: row.diagnostic,
    version: row.version,
    key: row.group_key,
    selectorDigest: row.selector_digest,
    selectors: storedJson<ExecutionGroup["selectors"]>(row.selectors),
    dirty: row.dirty === 1,
    dirtyReason: row.dirty_reason ?? undefined,
    current: optionalRid(row.current_execution),
    orphaned: row.orphaned === 1,
  };
}

/** An execution as the core knows it. */
export function executionOf(row: ExecutionRow): ExecutionRecord {
  return {
    rid: ridText(row.id),
    origin: row.origin as ExecutionRecord["origin"],
    group: optionalRid(row.group_id),
    workflow: optionalRid(row.workflow_id),
    state: row.state as ExecutionState,
    fingerprint: row.fingerprint,
    compatHash: row.compat_hash,
    fragment: row.fragment,
    providerVersion: row.provider_version,
    description: row.description,
    failure: failureOf(row),
    abortReason: abortReasonOf(row.abort_reason),
    held: row.held === 1,
    attempt: row.attempt,
    owner: ownerOf(row.owner),
    worker: ownerOf(row.worker),
    createdAt: row.created_at,
    startedAt: row.started_at ?? undefined,
    finishedAt: row.finished_at ?? undefined,
    durations: withoutNulls<{ download: number; compute: number; publish: number }>({
      download: row.download_seconds,
      compute: row.compute_seconds,
      publish: row.publish_seconds,
    }),
    resources: row.resources === null ? undefined : storedJson<ResourceUse>(row.resources),
  };
}

/** Text of an owner; equal owners have equal text. */
export function ownerText(owner: Owner | undefined): string | null {
  if (owner === undefined) return null;
  const { host, bootId, pid, startTicks } = owner;
  return JSON.stringify({ host, bootId, pid, startTicks });
}

/** The owner of a stored text. */
export function ownerOf(text: string | null): Owner | undefined {
  return text === null ? undefined : storedJson<Owner>(text);
}

/** Why an execution was aborted, as stored. */
export function abortReasonOf(text: string | null): ExecutionRecord["abortReason"] {
  return (text ?? undefined) as ExecutionRecord["abortReason"];
}

/** True for a state in which a group has no room for another execution. */
export function isLive(state: ExecutionState): boolean {
  return state !== "published" && state !== "failed" && state !== "aborted";
}

/** Id of the newest execution of a group. */
export function latestExecution(connection: Connection, group: number): number | undefined {
  const row = connection.get<{ id: number | null }>(
    "select max(id) as id from execution where group_id = ?",
    group,
  );
  return row?.id ?? undefined;
}

/** What counting failures looks at, per execution. */
export type CountedExecution = Pick<ExecutionRow, "id" | "state" | "fingerprint" | "failure_class" | "live">;

/**
 * Consecutive system failures with one fingerprint at the end of a group's life. Aborted and live executions neither
 * count nor end the row.
 * @param executions oldest first
 * @param options.forgiven failures up to this execution are forgotten
 */
export function countSystemFailures(
  executions: readonly CountedExecution[],
  { fingerprint, forgiven }: { readonly fingerprint: string; readonly forgiven: number },
): number {
  let count = 0;
  for (const execution of executions.toReversed()) {
    if (execution.id <= forgiven || execution.fingerprint !== fingerprint) break;
    if (execution.state === "failed" && execution.failure_class === "system") count += 1;
    else if (execution.state !== "aborted" && execution.live === 0) break;
  }
  return count;
}

function failureOf(row: ExecutionRow): Failure | undefined {
  if (row.failure_class === null) return undefined;
  return {
    class: row.failure_class as FailureClass,
    code: row.failure_code ?? "",
    message: row.failure_message ?? "",
    signature: row.failure_signature ?? "",
  };
}
