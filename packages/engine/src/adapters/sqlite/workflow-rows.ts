import { AlmanacError } from "../../core/errors.ts";
import { spellingsOf } from "../../core/records/vocabulary.ts";
import { type WorkflowIdentity, workflowDifferences } from "../../core/records/workflow.ts";
import type { Connection } from "./connection.ts";
import { takeRid } from "./rids.ts";
import type { WorkflowRow } from "./schema.ts";
import { meant, requireVocabulary, termsOf } from "./term-rows.ts";

/** A registered workflow, and what differs from how it was registered before. */
export interface RegisteredWorkflow {
  readonly id: number;
  readonly remarks: readonly string[];
}

/**
 * Finds a workflow by URL and checksum, or registers it. One that is there is never changed: a differing name,
 * description or list of types is a remark. Call it inside a write transaction.
 * @throws UNKNOWN_NAME when a type is no term of the vocabulary
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
  const types = workflowTypes(connection, workflow.types);
  if (known !== undefined)
    return { id: known.id, remarks: remarksOn(connection, { known, given: { ...workflow, types } }) };
  const id = takeRid(connection, "workflow");
  insertWorkflow(connection, { id, workflow: { ...workflow, types }, at });
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

/** How a workflow is registered, where that differs from how it comes again. */
function remarksOn(
  connection: Connection,
  { known, given }: { readonly known: WorkflowRow; readonly given: WorkflowIdentity },
): readonly string[] {
  const before = { ...known, types: typesOfWorkflow(connection, known.id) };
  return workflowDifferences(before, given).map(({ property, registered, given: now }) =>
    property === "name"
      ? `the workflow is registered as "${registered}", not "${now}"`
      : `the workflow is registered with another ${property === "types" ? "list of types" : "description"}: ${JSON.stringify(registered)}`,
  );
}

/** Types of a workflow in order of names. */
export function typesOfWorkflow(connection: Connection, id: number): readonly string[] {
  return connection
    .all<{ type: string }>("select type from workflow_type where workflow_id = ? order by type", id)
    .map(({ type }) => type);
}

/** The vocabulary of workflow types. */
const typeVocabulary = "Workflow_Type";

/** Names of the workflow types that spellings stand for. @throws UNKNOWN_NAME for the first that is none */
export function workflowTypes(connection: Connection, spellings: readonly string[]): readonly string[] {
  if (spellings.length === 0) return [];
  const vocabulary = requireVocabulary(connection, typeVocabulary);
  const names = spellingsOf(typeVocabulary, termsOf(connection, vocabulary));
  return spellings.map((spelling) => {
    const name = names.get(spelling);
    if (name !== undefined) return name;
    const near = meant(spelling, names.keys());
    throw new AlmanacError("UNKNOWN_NAME", `there is no workflow type "${spelling}"${near}`, {
      hint: `almanac vocab show ${typeVocabulary}`,
      facts: { vocabulary: typeVocabulary, spelling },
    });
  });
}
