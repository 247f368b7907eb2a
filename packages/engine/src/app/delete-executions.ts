import type { Rid } from "../core/identity/rid.ts";
import { isBagFiles } from "../core/records/bag-files.ts";
import type { FragmentStore } from "../ports/fragment-store.ts";
import type { RecordRemoval } from "../ports/record-removal.ts";
import type { RunCatalog } from "../ports/run-catalog.ts";

/** What finishing deletions needs of the outside. */
export interface RemovalPorts {
  readonly removal: Pick<RecordRemoval, "executions" | "pending" | "done" | "finishBagFiles">;
  readonly results: Pick<FragmentStore, "remove" | "discard">;
  readonly scratch: Pick<FragmentStore, "remove">;
}

/**
 * Deletes executions: first from the catalog, in one transaction that notes their folders, then their files. A kill in
 * between leaves folders that the next command that writes removes.
 * @returns those deleted, in order
 * @throws UNKNOWN_NAME, IN_USE naming what depends on them, TRANSITION_REFUSED when one has not ended; nothing is deleted
 * then
 */
export async function deleteExecutions(
  { rids, recursive }: { readonly rids: readonly Rid[]; readonly recursive: boolean },
  ports: RemovalPorts & { readonly runs: Pick<RunCatalog, "children"> },
): Promise<readonly Rid[]> {
  const all = new Set(rids);
  if (recursive)
    for (const rid of rids) for (const part of await ports.runs.children(rid, true)) all.add(part.rid);
  await ports.removal.executions([...all]);
  await finishRemovals(ports);
  return [...all];
}

/** Removes the files of executions that were deleted, and of bags that nothing has any more. @throws STORE_UNAVAILABLE; what is left is removed the next time */
export async function finishRemovals({ removal, results, scratch }: RemovalPorts): Promise<void> {
  for (const fragment of await removal.pending()) {
    if (isBagFiles(fragment)) {
      await removal.finishBagFiles(fragment, () => results.discard(fragment));
      continue;
    }
    await results.remove(fragment);
    await scratch.remove(fragment);
    await removal.done(fragment);
  }
}
