import { hostname } from "node:os";
import type { Owner } from "../../core/execution/record.ts";
import { bootId, hasProc, isRunning, processStat } from "./proc-fs.ts";

/** True if a signal could be sent to the process (or group, when negative). */
export function exists(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    if (code === "ESRCH") return false;
    if (code === "EPERM") return true;
    throw error;
  }
}

/** Identity of a process of this machine; undefined when there is none. */
export function identify(pid: number): Owner | undefined {
  if (!hasProc()) return exists(pid) ? { host: hostname(), bootId: "", pid, startTicks: 0 } : undefined;
  const stat = processStat(pid);
  if (!isRunning(stat)) return undefined;
  return { host: hostname(), bootId: bootId(), pid, startTicks: stat.startTicks };
}

/** Identity of this very process. */
export function ownIdentity(): Owner {
  return identify(process.pid) ?? { host: hostname(), bootId: bootId(), pid: process.pid, startTicks: 0 };
}

/** Where an owner stands, as far as this machine can tell. */
export type OwnerStanding = "alive" | "gone" | "reused" | "elsewhere" | "other-boot";

/**
 * Where an owner stands. `gone`: no such process. `reused`: its pid now belongs to another process, which also says
 * that its process group is empty. `elsewhere`: another host, nothing can be said.
 */
export function standingOf(owner: Owner): OwnerStanding {
  if (owner.host !== hostname()) return "elsewhere";
  if (owner.bootId !== bootId()) return "other-boot";
  if (!hasProc()) return exists(owner.pid) ? "alive" : "gone";
  const stat = processStat(owner.pid);
  if (stat === undefined) return "gone";
  if (stat.startTicks !== owner.startTicks) return "reused";
  return isRunning(stat) ? "alive" : "gone";
}

/** False only if the process is known to be gone; an owner on another host counts as alive. */
export function isAlive(owner: Owner): boolean {
  const standing = standingOf(owner);
  return standing === "alive" || standing === "elsewhere";
}
