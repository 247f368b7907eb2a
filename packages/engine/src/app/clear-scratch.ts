import type { Owner } from "../core/execution/record.ts";
import { parseRid, type Rid } from "../core/identity/rid.ts";
import type { ExecutionCatalog, ListedExecution } from "../ports/execution-catalog.ts";
import type { FragmentStore } from "../ports/fragment-store.ts";

/** Which scratch folders stay once their execution has ended. */
export type KeepScratch = "never" | "failed" | "always";

/** What clearing scratch needs of the outside. */
export interface ClearScratchPorts {
  readonly executions: Pick<ExecutionCatalog, "list">;
  readonly scratch: Pick<FragmentStore, "remains" | "remove">;
  readonly keepScratch: KeepScratch;
  readonly alive: (owner: Owner) => boolean;
}

/** Executions looked up in one query. */
const lookedUpAtOnce = 500;

/**
 * Removes the scratch folders of executions that have ended, where the settings do not keep them: a process that was
 * killed between publishing and removal has left them. Folders of executions that this catalog does not know, that
 * have not ended, or whose owner lives are left alone.
 * @returns whose folders were removed
 */
export async function clearScratch(ports: ClearScratchPorts): Promise<readonly Rid[]> {
  if (ports.keepScratch === "always") return [];
  const remains = new Map<Rid, string>();
  for await (const fragment of ports.scratch.remains()) {
    const rid = parseRid(fragment.slice(fragment.lastIndexOf("/") + 1));
    if (rid !== undefined) remains.set(rid, fragment);
  }
  const rids = [...remains.keys()];
  const removed: Rid[] = [];
  for (let at = 0; at < rids.length; at += lookedUpAtOnce) {
    const { items } = await ports.executions.list({ rids: rids.slice(at, at + lookedUpAtOnce) });
    for (const execution of items.filter((each) => isOver(each, ports))) {
      if (remains.get(execution.rid) !== execution.fragment) continue;
      await ports.scratch.remove(execution.fragment);
      removed.push(execution.rid);
    }
  }
  return removed;
}

function isOver({ state, owner }: ListedExecution, { keepScratch, alive }: ClearScratchPorts): boolean {
  if (owner !== undefined && alive(owner)) return false;
  return state === "published" || (keepScratch === "never" && (state === "failed" || state === "aborted"));
}
