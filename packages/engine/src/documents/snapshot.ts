import { z } from "zod";
import type { SnapshotId } from "../core/identity/snapshot-id.ts";
import type { CatalogSnapshot } from "../core/records/catalog-snapshot.ts";
import { parseDocument } from "./document.ts";

const text = z.string();

const schema = z.object({
  formatVersion: z.literal(1),
  id: text.transform((id) => id as SnapshotId),
  name: z.exactOptional(text),
  description: text,
  createdAt: text,
  sizeBytes: z.number(),
  sha256: text,
  counts: z.record(text, z.number()),
});

/** Text of `snapshot.json`, newline at the end. */
export function writeSnapshot(snapshot: CatalogSnapshot): string {
  return `${JSON.stringify({ formatVersion: 1, ...snapshot }, null, 1)}\n`;
}

/** Reads `snapshot.json`. @throws DOCUMENT_INVALID */
export function parseSnapshot(document: string): CatalogSnapshot {
  const { formatVersion: _, ...snapshot } = parseDocument(document, { name: "snapshot.json", schema });
  return snapshot;
}
