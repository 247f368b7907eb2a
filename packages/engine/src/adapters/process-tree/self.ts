import { writeFileSync } from "node:fs";
import {
  executionVariable,
  type ProcessTrees,
  type SelfWatch,
  type SelfWatchOptions,
} from "../../ports/process-tree.ts";
import { hasProc, lastProcessId } from "./proc-fs.ts";
import { TreeTracker } from "./tracker.ts";

/**
 * Makes the highest resident size start anew; where the kernel does not, it is that of the process's whole life.
 * @source proc(5), /proc/[pid]/clear_refs: 5 resets the peak resident set size
 */
function resetPeak(): void {
  if (!hasProc()) return;
  try {
    writeFileSync("/proc/self/clear_refs", "5");
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? "";
    if (!["EACCES", "ENOENT", "EINVAL", "EPERM", "EROFS"].includes(code)) throw error;
  }
}

function cpuMicroseconds(): number {
  const { user, system } = process.cpuUsage();
  return user + system;
}

/**
 * True if a process was started since, that is still there and belongs to this one. The last process id given out on
 * the machine tells for the price of one small file that there is none, which is nearly always so.
 */
function hasStarted(tracker: TreeTracker, before: number | undefined): boolean {
  const after = lastProcessId();
  if (before === undefined || after === undefined || after === before) return false;
  const wrapped = after < before;
  return tracker.scan((pid) => pid !== process.pid && (wrapped || (pid > before && pid <= after))).length > 0;
}

/** Measures this process from now on; see the port. */
export function watchSelf(options: SelfWatchOptions, end: ProcessTrees["end"]): SelfWatch {
  const root = { pid: process.pid, marker: options.marker };
  const earlier = process.env[executionVariable];
  const isolated = options.isolated && hasProc();
  const before = isolated ? lastProcessId() : undefined;
  const beginCpu = cpuMicroseconds();
  if (options.isolated) {
    resetPeak();
    process.env[executionVariable] = options.marker;
  }
  return {
    finish: async () => {
      const cpuSeconds = (cpuMicroseconds() - beginCpu) / 1e6;
      const peakMemoryBytes = process.resourceUsage().maxRSS * 1024;
      if (options.isolated && earlier === undefined) delete process.env[executionVariable];
      else if (options.isolated) process.env[executionVariable] = earlier;
      if (isolated && hasStarted(new TreeTracker(root), before)) await end(root, { graceMs: 0 });
      return { cpuSeconds, peakMemoryBytes, measured: "self" };
    },
  };
}
