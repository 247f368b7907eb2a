import type { Owner } from "../../core/execution/record.ts";
import type { ProcessTrees, TreeRoot, TreeWatch, WatchOptions } from "../../ports/process-tree.ts";
import { endTree, noLeader } from "./end-tree.ts";
import { identify, isAlive, standingOf } from "./owner.ts";
import { hasProc } from "./proc-fs.ts";
import { runCommand } from "./run-command.ts";
import { watchSelf } from "./self.ts";
import { TreeTracker } from "./tracker.ts";
import { watchTree } from "./watch.ts";

/** Where /proc is missing nothing is measured and no memory limit is enforced. */
function unwatched(): TreeWatch {
  return { stop: () => ({ cpuSeconds: 0, peakMemoryBytes: 0, measured: "none" }) };
}

/**
 * Process trees of this machine. On Linux a tree is found in /proc; elsewhere it is the process group alone, and
 * nothing is measured.
 */
export function createProcessTrees(): ProcessTrees {
  const watch = (root: TreeRoot, options: WatchOptions): TreeWatch =>
    hasProc() ? watchTree(root, new TreeTracker(root), options) : unwatched();
  const end: ProcessTrees["end"] = (root, options) => endTree(root, new TreeTracker(root), options);
  return {
    identify,
    isAlive,
    watch,
    end,
    watchSelf: (options) => watchSelf(options, end),
    run: (command) => runCommand({ identify, watch, end }, command),
    endOwned: async (owner: Owner, marker?: string) => {
      const standing = standingOf(owner);
      if (standing === "elsewhere" || standing === "other-boot") return [];
      // A reused pid says that the group is empty; what left it is found by the marker alone.
      const pid = standing === "reused" ? noLeader : owner.pid;
      return end({ pid, ...(marker === undefined ? {} : { marker }) }, { graceMs: 0 });
    },
  };
}
