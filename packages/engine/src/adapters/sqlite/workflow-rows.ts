import type { WorkflowIdentity } from "../../core/records/workflow.ts";
import type { Connection } from "./connection.ts";
import { takeRid } from "./rids.ts";
import type { WorkflowRow } from "./schema.ts";

/** A registered workflow, and what differs from how it was registered before. */
export interface RegisteredWorkflow {
  readonly id: number;
  readonly remarks: readonly string[];
}

/**
 * Finds a workflow by URL and checksum, or registers it. One that is there is never changed: a differing name or
 * description is a remark. Call it inside a write transaction.
 */
export function registerWorkflow(
  connection: Connection,
  { workflow, at }: { readonly workflow: WorkflowIdentity; readonly at: string },
): RegisteredWorkflow {
  const known = connection.get<WorkflowRow>(
    "select * from workflow where url = ? and checksum = ?",
    workflow.url,
    workflow.checksum,
  );
  if (known !== undefined) return { id: known.id, remarks: differences(known, workflow) };
  const id = takeRid(connection, "workflow");
  insertWorkflow(connection, { id, workflow, at });
  return { id, remarks: [] };
}

/** Inserts a workflow under an id that is taken already, with its types. */
export function insertWorkflow(
  connection: Connection,
  { id, workflow, at }: { readonly id: number; readonly workflow: WorkflowIdentity; readonly at: string },
): void {
  connection.run(
    "insert into workflow (id, name, url, checksum, version, description, created_at) values (?, ?, ?, ?, ?, ?, ?)",
    id,
    workflow.name,
    workflow.url,
    workflow.checksum,
    workflow.version ?? null,
    workflow.description,
    at,
  );
  for (const type of new Set(workflow.types))
    connection.run("insert into workflow_type (workflow_id, type) values (?, ?)", id, type);
}

function differences(known: WorkflowRow, { name, description }: WorkflowIdentity): readonly string[] {
  return [
    ...(known.name === name ? [] : [`the workflow is registered as "${known.name}", not "${name}"`]),
    ...(description === "" || known.description === description
      ? []
      : [`the workflow is registered with another description: ${JSON.stringify(known.description)}`]),
  ];
}
