import type { SnapshotId } from "../identity/snapshot-id.ts";

/** A copy of the catalog as it was at a moment: read-only. */
export interface CatalogSnapshot {
  readonly id: SnapshotId;
  /** Unique among snapshots; absent: none was given. */
  readonly name?: string;
  readonly description: string;
  /** UTC, ISO 8601. */
  readonly createdAt: string;
  readonly sizeBytes: number;
  readonly sha256: string;
  /** Rows of what there was, by what they are. */
  readonly counts: Readonly<Record<string, number>>;
}
