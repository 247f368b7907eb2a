import { AlmanacError } from "../../core/errors.ts";
import type { ExecutionDefinition, RunDefinition } from "../../core/execution/definition.ts";
import type { Outcome } from "../../core/execution/outcome.ts";
import { elsewhereFragment } from "../../core/execution/run-fragment.ts";
import type { ExecutionState } from "../../core/execution/state.ts";
import { digestOf } from "../../core/identity/digest.ts";
import type { Rid } from "../../core/identity/rid.ts";
import type { RunCatalog } from "../../ports/run-catalog.ts";
import type { Connection } from "./connection.ts";
import { insertNesting } from "./nesting.ts";
import { linkUsedDatasets } from "./pinned-inputs.ts";
import { resolveRid, ridText } from "./rids.ts";
import { adoptRun, linkUsedAssets } from "./run-record.ts";

/**
 * The execution of a definition: the same RID, here or in the catalog it came from, and the same folder and time. The
 * folder of one that came with a bag is what its definition says.
 */
export function findRecorded(connection: Connection, definition: ExecutionDefinition): number | undefined {
  return resolveRid(connection, { kind: "execution", rid: definition.rid }).find(
    (id) =>
      connection.get(
        `select 1 from execution where id = ?1 and created_at = ?3 and (fragment = ?2 or (fragment = ?4 and ?2 =
         (select json_extract(body, '$.fragment') from execution_definition where execution_id = ?1)))`,
        ...[id, definition.fragment, definition.createdAt, elsewhereFragment(ridText(id))],
      ) !== undefined,
  );
}

/**
 * Gives the folder of a results tree to the execution that it is of: to one that came with a bag its own. Call it inside a
 * write transaction.
 * @param known see `findRecorded`
 * @throws CONFLICT when another execution has the folder
 */
export function takeFolder(
  connection: Connection,
  {
    rid,
    fragment,
    known,
  }: { readonly rid: Rid; readonly fragment: string; readonly known: number | undefined },
): void {
  const has = "select 1 from execution where id = ? and fragment = ?";
  if (known !== undefined && connection.get(has, known, fragment) !== undefined) return;
  // The last folder is the RID that the execution had where it was made: whoever has the folder had it too.
  const other = resolveRid(connection, { kind: "execution", rid }).find(
    (id) => id !== known && connection.get(has, id, fragment) !== undefined,
  );
  if (other !== undefined)
    throw new AlmanacError(
      "CONFLICT",
      `${fragment} in results is the folder of execution ${ridText(other)}, and another one's results lie in it`,
      {
        hint: `almanac executions verify ${ridText(other)}; ingest results of another catalog in a project of their own`,
        facts: { fragment, rid: ridText(other) },
      },
    );
  if (known !== undefined) connection.run("update execution set fragment = ? where id = ?", fragment, known);
}

/** Times and use of a computation that ran under another catalog, as its outcome tells them. */
export function recordUse(
  connection: Connection,
  execution: number,
  { states, resources }: Pick<Outcome, "states" | "resources">,
): void {
  const at = (...wanted: readonly ExecutionState[]): string | null =>
    states.find(({ state }) => wanted.includes(state))?.at ?? null;
  connection.run(
    `update execution set started_at = ?, finished_at = ?, compute_seconds = ?, resources = ? where id = ?`,
    at("running"),
    at("completed", "failed"),
    resources.wallSeconds,
    JSON.stringify(resources),
    execution,
  );
}

/**
 * Records a run that another catalog recorded and that failed. Call it inside a write transaction.
 * @returns false when it is known already
 */
export function adoptFailedRun(
  connection: Connection,
  { definition, outcome, used = {} }: Parameters<RunCatalog["adopt"]>[0],
): boolean {
  const known = findRecorded(connection, definition);
  takeFolder(connection, { ...definition, known });
  if (known !== undefined) return false;
  const parametersDigest = digestOf(definition.parameters);
  const id = adoptRun(connection, { definition, parametersDigest, state: "failed" });
  linkUsedAssets(connection, { execution: id, inputs: used.inputs ?? [] });
  linkUsedDatasets(connection, { execution: id, datasets: used.inputDatasets ?? [] });
  recordUse(connection, id, outcome);
  const { failure } = outcome;
  connection.run(
    `update execution set failure_class = ?, failure_code = ?, failure_message = ?, failure_signature = ?
     where id = ?`,
    failure?.class ?? null,
    failure?.code ?? null,
    failure?.message ?? null,
    failure?.signature ?? null,
    id,
  );
  return true;
}

/**
 * Makes a run part of what its definition says; a link that is there stays as it is. Call it inside a write transaction.
 * @returns false when the whole is not here
 */
export function rejoin(connection: Connection, definition: RunDefinition): boolean {
  const { parent, createdAt } = definition;
  const child = findRecorded(connection, definition);
  if (parent === undefined || child === undefined) return true;
  const whole = wholeOf(connection, { rid: parent.rid, createdAt });
  if (whole === undefined) return false;
  const linked = "select 1 from execution_nesting where parent_id = ? and child_id = ?";
  if (connection.get(linked, whole, child) === undefined)
    insertNesting(connection, { parent: whole, child, sequence: parent.sequence });
  return true;
}

/** Of several executions that had the RID, each in its own catalog, the last that was recorded before the part was. */
function wholeOf(
  connection: Connection,
  { rid, createdAt }: { readonly rid: Rid; readonly createdAt: string },
): number | undefined {
  const ids = resolveRid(connection, { kind: "execution", rid });
  return connection.get<{ id: number }>(
    `select id from execution where id in (select value from json_each(?)) and created_at <= ?
     order by created_at desc, id desc limit 1`,
    JSON.stringify(ids),
    createdAt,
  )?.id;
}
