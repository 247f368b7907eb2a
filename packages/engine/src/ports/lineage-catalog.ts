import type { Rid } from "../core/identity/rid.ts";
import type { Lineage } from "../core/provenance/lineage.ts";

/** What to follow, which way and how far. */
export interface LineageQuery {
  /** A dataset, asset, execution or value. */
  readonly rid: Rid;
  /** Of an authored dataset: this version; absent: all of them. */
  readonly version?: string;
  /** Up: what it was made from. Down: what was made from it. */
  readonly direction: "up" | "down";
  /** Steps from one record to the next; default: to the end. */
  readonly depth?: number;
}

/** Data flow between datasets, assets, executions and values. */
export interface LineageCatalog {
  /** @returns undefined when the RID is of nothing that data flows through */
  lineage(query: LineageQuery): Promise<Lineage | undefined>;
}
