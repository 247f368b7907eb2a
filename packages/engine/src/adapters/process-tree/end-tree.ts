import { setTimeout as sleep } from "node:timers/promises";
import type { EndOptions, TreeRoot } from "../../ports/process-tree.ts";
import { exists } from "./owner.ts";
import { hasProc } from "./proc-fs.ts";
import type { TreeTracker } from "./tracker.ts";

/** After so long a process that does not go after SIGKILL is reported instead (it hangs in the kernel). */
const giveUpMs = 10_000;

/** Stands for the leader where there is none any more: no process has this id. */
export const noLeader = -1;

/** Sends a signal; a process that is gone already is no error. @returns false if there was none */
function send(pid: number, signal: NodeJS.Signals): boolean {
  try {
    process.kill(pid, signal);
    return true;
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    if (code === "ESRCH" || code === "EPERM") return false;
    throw error;
  }
}

/** Process ids of the tree that still run, this process excepted. */
function remaining(root: TreeRoot, tracker: TreeTracker): readonly number[] {
  if (!hasProc())
    return root.pid !== process.pid && root.pid !== noLeader && exists(-root.pid) ? [root.pid] : [];
  tracker.recheck();
  return tracker
    .scan()
    .map((stat) => stat.pid)
    .filter((pid) => pid !== process.pid);
}

/** Signals the group at once, then each process that left it. */
function signalAll(root: TreeRoot, pids: readonly number[], signal: NodeJS.Signals): void {
  if (root.pid !== process.pid && root.pid !== noLeader) send(-root.pid, signal);
  for (const pid of pids) send(pid, signal);
}

/** Waits until nothing of the tree is left or the time is over. @returns what is left */
async function untilGone(root: TreeRoot, tracker: TreeTracker, ms: number): Promise<readonly number[]> {
  const end = performance.now() + ms;
  for (let pause = 2; ; pause = Math.min(pause * 2, 50)) {
    const pids = remaining(root, tracker);
    if (pids.length === 0 || performance.now() >= end) return pids;
    await sleep(pause);
  }
}

/**
 * Ends every process of a tree, this process excepted: SIGTERM and a grace first, if one is given, then SIGKILL until
 * nothing is left, children born meanwhile included.
 * @returns processes that hang in the kernel and could not be ended (normally none)
 */
export async function endTree(
  root: TreeRoot,
  tracker: TreeTracker,
  options: EndOptions,
): Promise<readonly number[]> {
  let pids = remaining(root, tracker);
  if (pids.length === 0) return pids;
  if (options.graceMs > 0) {
    signalAll(root, pids, "SIGTERM");
    pids = await untilGone(root, tracker, options.graceMs);
  }
  const end = performance.now() + giveUpMs;
  while (pids.length > 0 && performance.now() < end) {
    signalAll(root, pids, "SIGKILL");
    pids = await untilGone(root, tracker, 20);
  }
  return pids;
}
