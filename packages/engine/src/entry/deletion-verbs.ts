import { deleteExecutions, finishRemovals } from "../app/delete-executions.ts";
import type { Rid } from "../core/identity/rid.ts";
import type { RecordRemoval, RecordUse } from "../ports/record-removal.ts";
import type { RunCatalog } from "../ports/run-catalog.ts";
import type { Stores } from "./stores.ts";

/** Which executions to delete. */
export interface DeletionRequest {
  readonly rids: readonly Rid[];
  /** Their parts too. */
  readonly recursive?: boolean;
}

/** Deleting executions, and what would come of it. */
export interface DeletionVerbs {
  /**
   * Deletes executions with everything that is of them alone: rows in the catalog, files in results and scratch.
   * @returns those deleted
   * @throws UNKNOWN_NAME, IN_USE naming what depends on them, TRANSITION_REFUSED when one has not ended
   */
  deleteExecutions(request: DeletionRequest): Promise<readonly Rid[]>;
  /** Deletes a file from elsewhere; of one that came with a bag, the copy too. @throws UNKNOWN_NAME, IN_USE */
  deleteAsset(rid: Rid): Promise<void>;
  /** What deleting would delete, and what depends on it: then it would be refused. Writes nothing. */
  deletion(
    request: DeletionRequest,
  ): Promise<{ readonly rids: readonly Rid[]; readonly uses: readonly RecordUse[] }>;
}

/** Uses that are told. */
const told = 100;

/** What of a catalog deleting needs. */
interface DeletingCatalog {
  readonly removal: RecordRemoval;
  readonly runs: Pick<RunCatalog, "children">;
}

/** Wires deleting. */
export function deletionVerbs({
  catalog,
  results,
  scratch,
}: Stores & { readonly catalog: DeletingCatalog }): DeletionVerbs {
  return {
    deleteExecutions: async ({ rids, recursive = false }) =>
      deleteExecutions(
        { rids, recursive },
        { removal: catalog.removal, runs: catalog.runs, results, scratch },
      ),
    deleteAsset: async (rid) => {
      await catalog.removal.asset(rid);
      await finishRemovals({ removal: catalog.removal, results, scratch });
    },
    deletion: async ({ rids, recursive = false }) => {
      const parts = recursive ? await Promise.all(rids.map((rid) => catalog.runs.children(rid, true))) : [];
      const all = [...new Set([...rids, ...parts.flat().map(({ rid }) => rid)])];
      return { rids: all, uses: await catalog.removal.usesOfExecutions(all, told) };
    },
  };
}
