import type { Rid } from "../identity/rid.ts";

/** What data flows through. */
export type LineageKind = "dataset" | "asset" | "execution" | "value";

/** One record of a lineage. */
export interface LineageNode {
  /** Unique in the lineage: its kind and RID, or, of a dataset that the catalog does not have, type and id. */
  readonly key: string;
  readonly kind: LineageKind;
  readonly rid: Rid | undefined;
  /** Of an authored dataset: the released version that is meant; absent: the dataset as a whole. */
  readonly version?: string;
  /** What it is called: file name, dataset id, name of the diagnostic or workflow. */
  readonly name: string;
  /** State of an execution; kind of an asset; source type of a dataset. */
  readonly detail: string;
  /** Steps from where the lineage starts. */
  readonly depth: number;
}

/** One flow of data, in its direction: from an input to the execution, from the execution to what it made. */
export interface LineageEdge {
  readonly from: string;
  readonly to: string;
}

/** What something was made from (up), or what was made from it (down). */
export interface Lineage {
  readonly start: string;
  readonly direction: "up" | "down";
  /** In order of depth; each once. */
  readonly nodes: readonly LineageNode[];
  readonly edges: readonly LineageEdge[];
  /** True when there is more behind the depth that was asked for. */
  readonly cut: boolean;
}

/** How many of each kind are in a lineage beside its start. */
export function countKinds({ nodes, start }: Lineage): Readonly<Record<LineageKind, number>> {
  const counts = { dataset: 0, asset: 0, execution: 0, value: 0 };
  for (const { key, kind } of nodes) if (key !== start) counts[kind] += 1;
  return counts;
}
