import type { Rid } from "../core/identity/rid.ts";
import type { WorkflowIdentity } from "../core/records/workflow.ts";

/** A workflow that is in the catalog. */
export interface Workflow extends WorkflowIdentity {
  readonly rid: Rid;
  /** When it was registered, ISO 8601 in UTC. */
  readonly createdAt: string;
  /** How many executions are of it. */
  readonly executions: number;
}

/** What workflows to list. */
export interface WorkflowQuery {
  /** Contained in the name, whatever the case. */
  readonly name?: readonly string[];
  /** Has one of these types. */
  readonly type?: readonly string[];
  readonly url?: string;
  readonly checksum?: string;
  readonly offset?: number;
  readonly limit?: number;
}

/** How the types of a workflow change; names or synonyms of terms. */
export type TypesChange =
  | { readonly add: readonly string[] }
  /** One that it does not have is no error. */
  | { readonly remove: readonly string[] }
  /** These and no others. */
  | { readonly set: readonly string[] };

/** Registered workflows. There is one for each URL and checksum. */
export interface WorkflowCatalog {
  workflow(rid: Rid): Promise<Workflow | undefined>;
  /** Newest first. */
  list(query: WorkflowQuery): Promise<{ readonly items: readonly Workflow[]; readonly total: number }>;
  /**
   * Registers a workflow, or finds the one with its URL and checksum, of which nothing changes.
   * @returns it, and in what the one that was there differs
   * @throws UNKNOWN_NAME when a type is no term of the vocabulary
   */
  register(
    workflow: WorkflowIdentity,
    at: string,
  ): Promise<{ readonly workflow: Workflow; readonly remarks: readonly string[] }>;
  /** Gives a workflow another description. @throws UNKNOWN_NAME, CATALOG_READ_ONLY */
  describe(rid: Rid, description: string): Promise<void>;
  /**
   * Changes the types of a workflow, all or none.
   * @returns the types it has then, in order of names
   * @throws UNKNOWN_NAME when there is no such workflow or a type is no term; CATALOG_READ_ONLY
   */
  changeTypes(rid: Rid, change: TypesChange): Promise<readonly string[]>;
}
