import { executionVariable, type TreeRoot } from "../../ports/process-tree.ts";
import { hasVariable, isRunning, type ProcessStat, processIds, processStat } from "./proc-fs.ts";

/** Scans between two that look at every process anew, so that a reused pid is noticed. */
const scansPerRecheck = 20;

/**
 * Finds the processes of a tree again and again. What once belonged belongs until it ends, so that a child that
 * outlives its parent, or leaves its session, stays known.
 */
export class TreeTracker {
  readonly #root: TreeRoot;
  readonly #variable: string | undefined;
  /** pid → start ticks of processes that belong. */
  readonly #members = new Map<number, number>();
  readonly #foreign = new Set<number>();
  #scans = 0;
  #leaderStart: number | undefined;

  constructor(root: TreeRoot) {
    this.#root = root;
    this.#variable = root.marker === undefined ? undefined : `${executionVariable}=${root.marker}`;
  }

  /**
   * Running processes of the tree, in no order.
   * @param only limits the search for new members to these process ids
   */
  scan(only?: (pid: number) => boolean): readonly ProcessStat[] {
    if (this.#scans++ % scansPerRecheck === 0) this.#foreign.clear();
    const found: ProcessStat[] = [];
    const before = new Map(this.#members);
    this.#members.clear();
    let unknown: ProcessStat[] = [];
    for (const pid of processIds()) {
      if (this.#foreign.has(pid)) continue;
      const known = before.get(pid);
      if (known === undefined && only !== undefined && !only(pid)) continue;
      const stat = processStat(pid);
      if (!isRunning(stat)) continue;
      if (known === stat.startTicks) this.#adopt(stat, found);
      else unknown.push(stat);
    }
    // A child may be listed before its parent: repeat until a round finds nothing new.
    for (let count = -1; count !== unknown.length; ) {
      count = unknown.length;
      unknown = unknown.filter((stat) => !(this.#belongs(stat) && this.#adopt(stat, found)));
    }
    for (const stat of unknown) this.#foreign.add(stat.pid);
    return found;
  }

  /** Looks at every process anew in the next scan. */
  recheck(): void {
    this.#scans = 0;
  }

  #adopt(stat: ProcessStat, found: ProcessStat[]): boolean {
    this.#members.set(stat.pid, stat.startTicks);
    found.push(stat);
    return true;
  }

  #belongs(stat: ProcessStat): boolean {
    const root = this.#root.pid;
    if (stat.pid === root && stat.startTicks !== (this.#leaderStart ??= stat.startTicks)) return false;
    if (stat.pid === root || stat.group === root || stat.session === root) return true;
    if (stat.parent === root || this.#members.has(stat.parent)) return true;
    return this.#variable !== undefined && hasVariable(stat.pid, this.#variable);
  }
}
