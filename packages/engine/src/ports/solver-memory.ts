import type { PackedTables } from "../core/catalog/packed-snapshot.ts";
import type { SolverMemory } from "../core/solver/memory/solver-memory.ts";

/** The snapshot that a memory was found in. */
export interface KeptSnapshot {
  readonly mark: string;
  readonly revision: number;
  /** What the source types declared, as text. */
  readonly declarations: string;
  readonly tables: PackedTables;
}

/** What a solve leaves for the next one. */
export interface KeptDecisions {
  /** What the source types declared, as text. */
  readonly declarations: string;
  readonly memory: SolverMemory;
}

/**
 * Keeps what a solve found for the next one. A cache: whatever is damaged, of another version or out of reach is absent,
 * and what cannot be written is not kept; nothing here ever fails.
 */
export interface SolverMemoryStore {
  decisions(): Promise<KeptDecisions | undefined>;
  snapshot(): Promise<KeptSnapshot | undefined>;
  keepDecisions(decisions: KeptDecisions): Promise<void>;
  keepSnapshot(snapshot: KeptSnapshot): Promise<void>;
}
