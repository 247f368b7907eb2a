import type { KeptDecisions, KeptSnapshot, SolverMemoryStore } from "../../ports/solver-memory.ts";

/** Keeps what a solve found as long as the process lives. */
export function volatileSolverMemory(): SolverMemoryStore {
  let decisions: KeptDecisions | undefined;
  let snapshot: KeptSnapshot | undefined;
  return {
    decisions: async () => decisions,
    snapshot: async () => snapshot,
    keepDecisions: async (kept) => {
      decisions = kept;
    },
    keepSnapshot: async (kept) => {
      snapshot = kept;
    },
  };
}
