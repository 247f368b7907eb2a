import type { TreeRoot, TreeWatch, WatchOptions } from "../../ports/process-tree.ts";
import { type ProcessStat, processMemory, proportionalBytes, ticksPerSecond } from "./proc-fs.ts";
import type { TreeTracker } from "./tracker.ts";

/** Milliseconds between samples once a computation has lasted a little. */
const samplingMs = 50;

/** What one tree has used so far. */
interface Usage {
  peakBytes: number;
  /** Process (pid and start) → CPU ticks when last seen. */
  readonly ticks: Map<string, number>;
  /** The leader's own ticks and those of the children it has waited for. */
  leaderTicks: number;
}

/** Adds one sample. @returns resident bytes now, or the highest of one process if that is more */
function addSample(usage: Usage, stats: readonly ProcessStat[], leader: number): number {
  let resident = 0;
  let highest = 0;
  for (const stat of stats) {
    const memory = processMemory(stat.pid);
    resident += memory.residentBytes;
    highest = Math.max(highest, memory.highestBytes);
    usage.ticks.set(`${stat.pid}:${stat.startTicks}`, stat.ownTicks);
    if (stat.pid === leader) usage.leaderTicks = stat.ownTicks + stat.childTicks;
  }
  return Math.max(resident, highest);
}

/** Resident bytes with pages shared between processes counted once, where the kernel tells. */
function withoutSharing(stats: readonly ProcessStat[], bytes: number): number {
  if (stats.length < 2) return bytes;
  let sum = 0;
  for (const stat of stats) sum += proportionalBytes(stat.pid) ?? processMemory(stat.pid).residentBytes;
  return sum;
}

/** Seconds of CPU: what was seen of each process, or what the leader has inherited, whichever is more. */
function cpuSeconds(usage: Usage): number {
  const seen = usage.ticks.values().reduce((sum, ticks) => sum + ticks, 0);
  return Math.max(seen, usage.leaderTicks) / ticksPerSecond;
}

/**
 * Samples a tree, densely at first and every 50 ms then (less often where looking takes long: at most a tenth of the
 * time is spent on it). The peak is the highest sum of resident bytes seen, or the highest that any single process
 * reached between samples.
 */
export function watchTree(root: TreeRoot, tracker: TreeTracker, options: WatchOptions): TreeWatch {
  const usage: Usage = { peakBytes: 0, ticks: new Map(), leaderTicks: 0 };
  const limit = options.memoryBytes;
  let timer: NodeJS.Timeout | undefined;
  let told = false;
  let stopped = false;
  const sample = (): void => {
    const stats = tracker.scan();
    let bytes = addSample(usage, stats, root.pid);
    if (limit !== undefined && bytes > limit) bytes = withoutSharing(stats, bytes);
    usage.peakBytes = Math.max(usage.peakBytes, bytes);
    if (limit === undefined || told || bytes <= limit) return;
    told = true;
    options.exceeded(bytes);
  };
  const loop = (pause: number): void => {
    const begin = performance.now();
    sample();
    const cost = performance.now() - begin;
    timer = setTimeout(loop, Math.max(pause, cost * 10), Math.min(pause * 2, samplingMs));
    timer.unref();
  };
  loop(2);
  return {
    stop: () => {
      clearTimeout(timer);
      if (!stopped) sample();
      stopped = true;
      return { cpuSeconds: cpuSeconds(usage), peakMemoryBytes: usage.peakBytes, measured: "proc-tree" };
    },
  };
}
